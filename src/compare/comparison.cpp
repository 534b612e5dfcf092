#include "compare/comparison.h"

#include "compare/layers.h"
#include "compare/metadata.h"
#include "compare/pixels.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace platefall::compare {
namespace {

/// The two files and what of them belongs together.
struct Sides {
    Parts a, b;
    std::vector<FullChannel> channels_a = full_channels(a), channels_b = full_channels(b);
};

/// The same channel on both sides.
struct Shared {
    FullChannel a, b;
    Tolerance tolerance;

    std::pair<std::size_t, std::size_t> parts() const { return {a.part, b.part}; }
};

const Channel& channel_of(const Parts& parts, const FullChannel& channel)
{
    return parts[channel.part].image.channels()[static_cast<std::size_t>(channel.index)];
}

std::string describe(ChannelType type)
{
    switch (type) {
    case ChannelType::half_float: return "half";
    case ChannelType::full_float: return "float";
    case ChannelType::unsigned_int: return "uint";
    }
    return {};
}

/// What both have and no rule ignores; what only one has is noted as a difference.
std::vector<Shared> match_channels(const Sides& sides, const Rules& rules, PictureComparison& result)
{
    std::vector<Shared> shared;
    for (const FullChannel& a : sides.channels_a) {
        const FullChannel* b = find_channel(sides.channels_b, a.name);
        const auto tolerance = rules.tolerance_of(a.name, a.is_id || (b != nullptr && b->is_id));
        if (!tolerance)
            continue;
        if (b == nullptr)
            result.differences.push_back(fmt::format("channel '{}' is gone", a.name));
        else
            shared.push_back({a, *b, *tolerance});
    }
    for (const FullChannel& b : sides.channels_b)
        if (find_channel(sides.channels_a, b.name) == nullptr && rules.tolerance_of(b.name, b.is_id))
            result.differences.push_back(fmt::format("channel '{}' is new", b.name));
    return shared;
}

void compare_headers(const ImagePart& a, const ImagePart& b, const std::string& where, const Rules& rules,
                     PictureComparison& result)
{
    const auto compare_windows = [&](const char* what, const Window& was, const Window& is) {
        if (was != is)
            result.differences.push_back(
                fmt::format("{}{} window was {}, is {}", where, what, platefall::describe(was), platefall::describe(is)));
    };
    compare_windows("data", a.image.data_window(), b.image.data_window());
    compare_windows("display", a.image.display_window(), b.image.display_window());
    for (const std::string& difference : metadata_differences(a.attributes, b.attributes, rules))
        result.differences.push_back(where + difference);
}

/// One sentence for all channels whose type changed in the same way.
void note_types(const Sides& sides, const std::vector<Shared>& shared, PictureComparison& result)
{
    std::map<std::string, std::string> changes;
    for (const Shared& channel : shared) {
        const ChannelType was = channel_of(sides.a, channel.a).type, is = channel_of(sides.b, channel.b).type;
        if (was == is)
            continue;
        std::string& names = changes[fmt::format("was {}, is {}", describe(was), describe(is))];
        names += (names.empty() ? "'" : ", '") + channel.a.name + "'";
    }
    for (const auto& [change, names] : changes)
        result.notes.push_back(fmt::format("{} {}", names, change));
}

void compare_samples(const Sides& sides, const std::vector<Shared>& shared, PictureComparison& result)
{
    std::map<std::pair<std::size_t, std::size_t>, std::vector<bool>> equal;
    for (const Shared& channel : shared) {
        const Image &a = sides.a[channel.a.part].image, &b = sides.b[channel.b.part].image;
        if (!equal.contains(channel.parts()))
            equal[channel.parts()] = equal_rows(a, b);
        result.channels.push_back(
            compare_channel(a, channel.a.index, b, channel.b.index, channel.tolerance, equal[channel.parts()]));
        result.channels.back().name = channel.a.name;
    }
}

bool has_unequal_pixel(const PictureComparison& result, const std::string& name)
{
    return std::any_of(result.channels.begin(), result.channels.end(),
                       [&](const ChannelComparison& channel) { return channel.name == name && channel.unequal > 0; });
}

void compare_flip(const Sides& sides, const Rules& rules, const ColourSpaces& colours, PictureComparison& result)
{
    std::vector<std::string> layers;
    for (const ChannelComparison& channel : result.channels)
        if (const std::string layer = layer_of(channel.name); std::find(layers.begin(), layers.end(), layer) == layers.end())
            layers.push_back(layer);
    for (const std::string& layer : layers) {
        const auto names = picture_channels(sides.channels_a, layer);
        if (!names || names != picture_channels(sides.channels_b, layer)
            || std::none_of(names->begin(), names->end(), [&](const std::string& n) { return has_unequal_pixel(result, n); }))
            continue;
        const Plane map = flip_map(sides.a, sides.b, *names, rules, colours);
        FlipComparison& flip = result.flips.emplace_back(FlipComparison{.layer = layer, .mean = mean(map)});
        flip.largest = *std::max_element(map.samples.begin(), map.samples.end());
        flip.is_different = flip.mean > rules.most_flip;
    }
}

bool is_different(const PictureComparison& result)
{
    return !result.differences.empty() || worst_channel(result) != nullptr
           || std::any_of(result.flips.begin(), result.flips.end(), [](const auto& flip) { return flip.is_different; });
}

void compare_sides(const Sides& sides, const Rules& rules, const ColourSpaces& colours, PictureComparison& result)
{
    const std::vector<Shared> shared = match_channels(sides, rules, result);
    std::vector<std::pair<std::size_t, std::size_t>> parts{{0, 0}};
    for (const Shared& channel : shared)
        if (std::find(parts.begin(), parts.end(), channel.parts()) == parts.end())
            parts.push_back(channel.parts());
    for (const auto& [a, b] : parts) {
        const std::string& name = sides.a[a].name;
        compare_headers(sides.a[a], sides.b[b], a == 0 || name.empty() ? "" : fmt::format("part '{}': ", name), rules, result);
    }
    note_types(sides, shared, result);
    compare_samples(sides, shared, result);
    if (rules.flip)
        compare_flip(sides, rules, colours, result);
    result.outcome = is_different(result) ? Outcome::different : Outcome::same;
}

}  // namespace

std::size_t Comparison::count(Outcome outcome) const
{
    return static_cast<std::size_t>(std::count_if(pictures.begin(), pictures.end(),
                                                  [&](const PictureComparison& picture) { return picture.outcome == outcome; }));
}

const ChannelComparison* worst_channel(const PictureComparison& comparison)
{
    const ChannelComparison* worst = nullptr;
    for (const ChannelComparison& channel : comparison.channels)
        if (channel.is_different() && (worst == nullptr || channel.failing > worst->failing))
            worst = &channel;
    return worst;
}

double worst_flip(const PictureComparison& comparison)
{
    double worst = 0;
    for (const FlipComparison& flip : comparison.flips)
        worst = std::max(worst, flip.mean);
    return worst;
}

PictureComparison compare_pictures(const PicturePair& pair, const Rules& rules, const ColourSpaces& colours)
{
    PictureComparison result;
    result.pair = pair;
    try {
        // One that has no other is read as well: that it is damaged must not wait for the day on which it is needed.
        Parts b = pair.has_b ? read_parts(pair.b) : Parts();
        result.b_is_good = pair.has_b;
        Parts a = pair.has_a ? read_parts(pair.a) : Parts();
        if (pair.has_a && pair.has_b)
            compare_sides({.a = std::move(a), .b = std::move(b)}, rules, colours, result);
        else
            result.outcome = pair.has_a ? Outcome::missing_in_b : Outcome::missing_in_a;
    } catch (const Error& error) {
        result.outcome = Outcome::unusable;
        result.error = error.what();
    }
    return result;
}

}  // namespace platefall::compare
