#include "compare/comparison_views.h"

#include "compare/layers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace platefall::compare {
namespace {

constexpr float kMagnified = 16.0f;

/// Which three channels to look at.
struct Subject {
    std::array<std::string, 3> names;
    std::string shown;
    bool is_picture = true;
};

std::optional<Subject> subject_of(const PictureComparison& comparison, const Parts& parts)
{
    const auto flip = std::max_element(comparison.flips.begin(), comparison.flips.end(),
                                       [](const auto& x, const auto& y) { return x.mean < y.mean; });
    const ChannelComparison* worst = worst_channel(comparison);
    const std::string layer = flip != comparison.flips.end() ? flip->layer : worst != nullptr ? layer_of(worst->name) : "";
    if (flip == comparison.flips.end() && worst == nullptr)
        return std::nullopt;
    if (const auto names = picture_channels(full_channels(parts), layer))
        return Subject{*names, layer.empty() ? "RGB" : "layer '" + layer + "'"};
    if (worst == nullptr)
        return std::nullopt;
    return Subject{{worst->name, worst->name, worst->name}, "channel '" + worst->name + "'", false};
}

/// Data as grey: what lies between the least and the most of the reference becomes 0 to 1.
std::pair<float, float> range_of(const Image& image)
{
    const auto [least, most] = std::minmax_element(image.data(), image.data() + image.sample_count());
    return {*least, std::max(*most, std::nextafter(*least, std::numeric_limits<float>::infinity()))};
}

void map_samples(Image& image, float offset, float gain)
{
    std::transform(image.data(), image.data() + image.sample_count(), image.data(), [=](float v) { return (v - offset) * gain; });
}

Image magnified_difference(const Image& a, const Image& b)
{
    Image result = a;
    std::transform(a.data(), a.data() + a.sample_count(), b.data(), result.data(),
                   [](float x, float y) { return std::abs(y - x) * kMagnified; });
    return result;
}

}  // namespace

DisplayPicture heat_map(const Plane& plane)
{
    constexpr std::array<std::array<float, 3>, 5> kSteps{
        {{0, 0, 4}, {80, 18, 123}, {182, 54, 121}, {251, 136, 97}, {252, 253, 191}}};
    DisplayPicture picture(plane.width, plane.height);
    for (std::size_t i = 0; i < plane.samples.size(); ++i) {
        const float at = std::clamp(plane.samples[i], 0.0f, 1.0f) * (kSteps.size() - 1);
        const auto step = std::min(static_cast<std::size_t>(at), kSteps.size() - 2);
        for (std::size_t c = 0; c < 3; ++c)
            picture.rgb[3 * i + c] = static_cast<std::uint8_t>(
                std::lround(std::lerp(kSteps[step][c], kSteps[step + 1][c], at - static_cast<float>(step))));
    }
    return picture;
}

std::optional<ComparisonViews> comparison_views(const PictureComparison& comparison, const Rules& rules,
                                                const ColourSpaces& colours)
{
    const Parts parts_a = read_parts(comparison.pair.a), parts_b = read_parts(comparison.pair.b);
    const std::optional<Subject> subject = subject_of(comparison, parts_a);
    if (!subject)
        return std::nullopt;

    const Window& window = parts_a.front().image.display_window();
    Image a = rgb_picture(parts_a, subject->names, window), b = rgb_picture(parts_b, subject->names, window);
    const bool as_is = !subject->is_picture || (parts_a.front().encoded && parts_b.front().encoded);
    if (!subject->is_picture) {
        const auto [least, most] = range_of(a);
        map_samples(a, least, 1 / (most - least));
        map_samples(b, least, 1 / (most - least));
    }
    const auto displayed = [&](const Image& image) {
        return display_picture(as_is ? image : colours.for_display(image, rules.colorspace), window);
    };
    ComparisonViews views{.shown = subject->shown,
                          .a = displayed(a),
                          .b = displayed(b),
                          .difference = displayed(magnified_difference(a, b)),
                          .flip = {},
                          .x = {},
                          .y = {}};
    if (subject->is_picture && rules.flip)
        views.flip = heat_map(flip_map(parts_a, parts_b, subject->names, rules, colours));
    if (const ChannelComparison* worst = worst_channel(comparison))
        if (window.contains(worst->largest.x, worst->largest.y)) {
            views.x = worst->largest.x - window.x0;
            views.y = worst->largest.y - window.y0;
        }
    return views;
}

}  // namespace platefall::compare
