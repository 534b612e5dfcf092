/// Content hashes: the same bytes give the same digest on every machine.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace platefall {

/// 128 bits of XXH3. Not cryptographic: it guards against accidents, not against forgery.
struct Digest {
    std::uint64_t high = 0, low = 0;
    auto operator<=>(const Digest&) const = default;
    std::string hex() const;   ///< 32 lower-case digits
};

/// Takes values in one after the other. Text is taken in with its length, so that ("ab", "c") and
/// ("a", "bc") differ.
class Hasher {
public:
    Hasher();
    ~Hasher();
    Hasher(const Hasher&) = delete;
    Hasher& operator=(const Hasher&) = delete;

    Hasher& bytes(const void* data, std::size_t size);
    Hasher& text(std::string_view text);
    Hasher& number(std::int64_t number);
    Hasher& digest(const Digest& digest);
    Digest result() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Of a file's content. Throws Error when it cannot be read.
Digest hash_file(const std::filesystem::path& path);

}  // namespace platefall
