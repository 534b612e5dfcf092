#include "render/aov/cryptomatte.h"

#include "base/parallel.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <stdexcept>
#include <utility>

namespace platefall::render {
namespace {

constexpr std::uint32_t kExponentBit = 1u << 23;
constexpr int kRanksALayer = 2;
constexpr std::array<const char*, 2 * kRanksALayer> kSuffixes{"r", "g", "b", "a"};

std::uint32_t scrambled(std::uint32_t block)
{
    return std::rotl(block * 0xcc9e2d51u, 15) * 0x1b873593u;
}

/// MurmurHash3_x86_32 with seed 0 (Austin Appleby, public domain).
std::uint32_t murmur3(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    std::uint32_t hash = 0;
    std::size_t i = 0;
    for (; i + 4 <= text.size(); i += 4) {
        hash ^= scrambled(byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24);
        hash = std::rotl(hash, 13) * 5 + 0xe6546b64u;
    }
    std::uint32_t rest = 0;
    for (std::size_t end = text.size(); end > i; --end)
        rest = rest << 8 | byte(end - 1);
    hash ^= scrambled(rest);

    hash ^= static_cast<std::uint32_t>(text.size());
    hash = (hash ^ hash >> 16) * 0x85ebca6bu;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
    return hash ^ hash >> 16;
}

/// As the manifest writes an id.
std::string hex(float id)
{
    return fmt::format("{:08x}", std::bit_cast<std::uint32_t>(id));
}

/// NAME00.r to NAME02.a, for six ranks.
std::vector<Channel> channels_of(const std::string& name, int ranks)
{
    std::vector<Channel> channels;
    for (int layer = 0; layer < ranks / kRanksALayer; ++layer)
        for (const char* suffix : kSuffixes)
            channels.push_back({fmt::format("{}{:02}.{}", name, layer, suffix), ChannelType::full_float, true});
    return channels;
}

}  // namespace

float matte_id(std::string_view name)
{
    const std::uint32_t hash = murmur3(name);
    const std::uint32_t exponent = hash >> 23 & 255u;
    return std::bit_cast<float>(exponent == 0 || exponent == 255 ? hash ^ kExponentBit : hash);
}

MatteNames::MatteNames(const std::vector<std::string>& names)
{
    std::set<std::string_view> listed;
    std::string entries;
    for (const std::string& name : names) {
        ids_.push_back(matte_id(name));
        if (listed.insert(name).second)
            entries += fmt::format("{}{}:\"{}\"", entries.empty() ? "" : ",", nlohmann::json(name).dump(), hex(ids_.back()));
    }
    manifest_ = "{" + entries + "}";
}

Cryptomatte::Cryptomatte(std::string name, const Window& data, const Window& display, int ranks)
    : data_(data), display_(display), name_(std::move(name)), ranks_(ranks),
      rows_(static_cast<std::size_t>(data.height()))
{
    if (ranks < kRanksALayer || ranks % kRanksALayer != 0)
        throw std::logic_error(fmt::format("cryptomatte '{}': {} ranks do not fill its layers", name_, ranks));
}

void Cryptomatte::add(int x, int y, float id, float coverage)
{
    // Written as !(x > 0) so that NaN is left out too.
    if (!data_.contains(x, y) || id == 0.0f || !(coverage > 0.0f))
        return;
    std::vector<Part>& row = rows_[static_cast<std::size_t>(y - data_.y0)];
    for (auto part = row.rbegin(); part != row.rend() && part->x == x; ++part)
        if (part->id == id) {
            part->coverage += coverage;
            return;
        }
    row.push_back({x, id, coverage});
}

std::vector<Cryptomatte::Part> Cryptomatte::ranked(int y) const
{
    std::vector<Part> parts = rows_[static_cast<std::size_t>(y - data_.y0)];

    // Those of one object together, where pixels were visited more than once; the order of the sum is that of add().
    std::ranges::stable_sort(parts, [](const Part& a, const Part& b) { return std::pair(a.x, a.id) < std::pair(b.x, b.id); });
    std::size_t kept = 0;
    for (const Part& part : parts)
        if (kept > 0 && parts[kept - 1].x == part.x && parts[kept - 1].id == part.id)
            parts[kept - 1].coverage += part.coverage;
        else
            parts[kept++] = part;
    parts.resize(kept);

    // Equal coverages stay in the order of their ids.
    std::ranges::stable_sort(
        parts, [](const Part& a, const Part& b) { return a.x != b.x ? a.x < b.x : a.coverage > b.coverage; });
    return parts;
}

Image Cryptomatte::image() const
{
    Image image(data_, display_, channels_of(name_, ranks_));
    parallel_rows(data_.y0, data_.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            int x = data_.x0 - 1, rank = 0;
            for (const Part& part : ranked(y)) {
                rank = part.x == x ? rank + 1 : 0;
                x = part.x;
                if (rank >= ranks_)
                    continue;
                float* pair = image.pixel(x, y) + 2 * static_cast<std::ptrdiff_t>(rank);
                pair[0] = part.id;
                pair[1] = std::min(part.coverage, 1.0f);
            }
        }
    });
    return image;
}

void Cryptomatte::describe_in(Attributes& attributes, const MatteNames& names) const
{
    const std::string prefix = "cryptomatte/" + hex(matte_id(name_)).substr(0, 7) + "/";
    attributes.set(prefix + "name", name_);
    attributes.set(prefix + "hash", std::string("MurmurHash3_32"));
    attributes.set(prefix + "conversion", std::string("uint32_to_float32"));
    attributes.set(prefix + "manifest", names.manifest());
}

}  // namespace platefall::render
