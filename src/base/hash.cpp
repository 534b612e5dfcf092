#include "base/hash.h"

#include <platefall/error.h>

#include <fmt/format.h>
#include <xxhash.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <vector>

namespace platefall {

struct Hasher::State {
    State() : xxh(XXH3_createState())
    {
        if (xxh == nullptr || XXH3_128bits_reset(xxh) == XXH_ERROR)
            throw std::bad_alloc();
    }
    ~State() { XXH3_freeState(xxh); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    XXH3_state_t* xxh;
};

std::string Digest::hex() const
{
    return fmt::format("{:016x}{:016x}", high, low);
}

Hasher::Hasher() : state_(std::make_unique<State>()) {}
Hasher::~Hasher() = default;

Hasher& Hasher::bytes(const void* data, std::size_t size)
{
    XXH3_128bits_update(state_->xxh, data, size);
    return *this;
}

Hasher& Hasher::text(std::string_view text)
{
    number(static_cast<std::int64_t>(text.size()));
    return bytes(text.data(), text.size());
}

Hasher& Hasher::number(std::int64_t number)
{
    // Little-endian whatever the machine is.
    std::array<unsigned char, 8> bytes_of;
    for (std::size_t i = 0; i < bytes_of.size(); ++i)
        bytes_of[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> (8 * i));
    return bytes(bytes_of.data(), bytes_of.size());
}

Hasher& Hasher::digest(const Digest& digest)
{
    number(static_cast<std::int64_t>(digest.high));
    return number(static_cast<std::int64_t>(digest.low));
}

Digest Hasher::result() const
{
    const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh);
    return {.high = hash.high64, .low = hash.low64};
}

Digest hash_file(const std::filesystem::path& path)
{
    const auto fail = [&] {
        return Error(fmt::format("cannot read '{}': {}", path.string(), std::strerror(errno)));
    };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
    if (!file)
        throw fail();

    Hasher hasher;
    std::vector<char> block(1 << 20);
    while (const std::size_t size = std::fread(block.data(), 1, block.size(), file.get()))
        hasher.bytes(block.data(), size);
    if (std::ferror(file.get()) != 0)
        throw fail();
    return hasher.result();
}

}  // namespace platefall
