/// Binary files of the cache: numbers in the machine's own order, compressed, with a digest that a damaged file fails.
#pragma once

#include <platefall/error.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace platefall {

/// Collects values and writes them as one file.
class PackedWriter {
public:
    template <class T>
    void put(const T& value) requires std::is_trivially_copyable_v<T>
    {
        bytes(&value, sizeof value);
    }

    /// With its length in front.
    template <class T> void put(const std::vector<T>& values) requires std::is_trivially_copyable_v<T>
    {
        put(static_cast<std::uint64_t>(values.size()));
        bytes(values.data(), values.size() * sizeof(T));
    }
    void put(std::string_view text);

    /// `kind` says what it is, "platefall debris 1"; the reader asks for the same. Throws Error when the disk
    /// does not take it.
    void save(const std::filesystem::path& path, std::string_view kind) const;

private:
    void bytes(const void* data, std::size_t size);

    std::vector<std::byte> content_;
};

/// Gives back in the same order what was put in.
class PackedReader {
public:
    /// Throws Error when the file cannot be read, is of another kind, or does not hold what was written.
    PackedReader(const std::filesystem::path& path, std::string_view kind);

    template <class T> T get() requires std::is_trivially_copyable_v<T>
    {
        T value;
        std::memcpy(&value, take(sizeof value), sizeof value);
        return value;
    }
    template <class T> std::vector<T> get_all() requires std::is_trivially_copyable_v<T>
    {
        const auto count = get<std::uint64_t>();
        const std::byte* from = take_many(count, sizeof(T));
        std::vector<T> values(count);
        if (count > 0)
            std::memcpy(values.data(), from, count * sizeof(T));
        return values;
    }
    std::string text();

private:
    const std::byte* take(std::size_t size);
    const std::byte* take_many(std::uint64_t count, std::size_t size);

    std::string path_;
    std::vector<std::byte> content_;
    std::size_t at_ = 0;
};

}  // namespace platefall
