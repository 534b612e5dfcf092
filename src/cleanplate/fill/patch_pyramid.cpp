#include "cleanplate/fill/patch_pyramid.h"

#include "base/parallel.h"
#include "cleanplate/fill/chessboard_distance.h"
#include "cleanplate/log_encoding.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace platefall::cleanplate {
namespace {

constexpr float kStepsPerStop = 256.0f;
constexpr float kLargestCode = 4095.0f;  // 16 stops above eps; 49 x 5 squared differences fit into 32 bits
constexpr float kTextureWeight = 3.0f;
constexpr int kBehindForeground_px = 32;  // how far behind it the background is continued
constexpr int kLeastMargin_px = 256;
constexpr int kThickestAtTheTop_px = 5;  // of the hole on the coarsest level, from its border to its middle
constexpr int kSmallestSide_px = 20;
constexpr std::size_t kFewestSources = 64;

/// Area averages. Colour and texture are of the source part of the area and multiplied with it.
struct Average {
    std::array<float, 3> colour{};
    std::array<float, 2> texture{};
    float source = 0, hole = 0;  // shares of the area

    void add(const Average& other, float share)
    {
        for (int c = 0; c < 3; ++c)
            colour[c] += share * other.colour[c];
        for (int c = 0; c < 2; ++c)
            texture[c] += share * other.texture[c];
        source += share * other.source;
        hole += share * other.hole;
    }
};

bool is_set(const Image* mask, int x, int y)
{
    return mask && *mask->pixel(x, y) > 0.5f;
}

bool is_finite(const float* rgb)
{
    return std::isfinite(rgb[0]) && std::isfinite(rgb[1]) && std::isfinite(rgb[2]);
}

Raster<Kind> classify(const FillRequest& request, const Window& part)
{
    const auto to_hole =
        chessboard_distance(part.width(), part.height(), kBehindForeground_px + 1,
                            [&](int x, int y) { return is_set(&request.unknown, part.x0 + x, part.y0 + y); });
    Raster<Kind> kinds(part.width(), part.height(), 1, Kind::ignored);
    for (int y = 0; y < part.height(); ++y)
        for (int x = 0; x < part.width(); ++x) {
            const bool blocked = is_set(request.not_a_source, part.x0 + x, part.y0 + y);
            const bool usable = is_finite(request.picture.pixel(part.x0 + x, part.y0 + y));
            if (to_hole(x, y) == 0 || (blocked && to_hole(x, y) <= kBehindForeground_px))
                kinds(x, y) = Kind::hole;
            else if (!blocked && usable)
                kinds(x, y) = Kind::source;
        }
    return kinds;
}

float log_luminance(const float* rgb)
{
    return (log_encode(rgb[0]) + log_encode(rgb[1]) + log_encode(rgb[2])) / 3.0f;
}

Raster<Average> read_part(const FillRequest& request, const Window& part)
{
    const int w = part.width(), h = part.height();
    const Raster<Kind> kinds = classify(request, part);
    Raster<float> luminance(w, h, 1, 0.0f);
    Raster<Average> result(w, h, 0, Average{});
    parallel_rows(0, h, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < w; ++x) {
                if (kinds(x, y) != Kind::source) {
                    result(x, y).hole = kinds(x, y) == Kind::hole ? 1.0f : 0.0f;
                    continue;
                }
                const float* rgb = request.picture.pixel(part.x0 + x, part.y0 + y);
                luminance(x, y) = log_luminance(rgb);
                result(x, y) = {.colour = {rgb[0], rgb[1], rgb[2]}, .source = 1.0f};
            }
    });
    parallel_rows(0, h, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < w; ++x) {
                if (kinds(x, y) != Kind::source)
                    continue;
                if (kinds(x + 1, y) == Kind::source)
                    result(x, y).texture[0] = std::abs(luminance(x + 1, y) - luminance(x, y));
                if (kinds(x, y + 1) == Kind::source)
                    result(x, y).texture[1] = std::abs(luminance(x, y + 1) - luminance(x, y));
            }
    });
    return result;
}

Raster<Average> halve(const Raster<Average>& from)
{
    Raster<Average> half((from.width() + 1) / 2, (from.height() + 1) / 2, 0, Average{});
    parallel_rows(0, half.height(), [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < half.width(); ++x)
                for (int i = 0; i < 4; ++i)
                    if (const int fx = 2 * x + i % 2, fy = 2 * y + i / 2; from.contains(fx, fy))
                        half(x, y).add(from(fx, fy), 0.25f);
    });
    return half;
}

Kind kind_of(const Average& average)
{
    const float ignored = 1.0f - average.source - average.hole;
    if (average.source >= 0.5f)
        return Kind::source;
    return average.hole >= ignored ? Kind::hole : Kind::ignored;
}

std::int16_t code(float stops)
{
    return static_cast<std::int16_t>(std::lround(std::clamp(stops * kStepsPerStop, 0.0f, kLargestCode)));
}

/// The texture features are means over a neighbourhood, so that they tell busy from smooth and not where an
/// edge is.
std::array<float, 2> texture_around(const Raster<Average>& averages, int x, int y)
{
    Average sum;
    for (int dy = -2; dy <= 2; ++dy)
        for (int dx = -2; dx <= 2; ++dx)
            if (averages.contains(x + dx, y + dy))
                sum.add(averages(x + dx, y + dy), 1.0f);
    if (sum.source <= 0)
        return {};
    return {sum.texture[0] / sum.source, sum.texture[1] / sum.source};
}

Feature feature_at(const Raster<Average>& averages, int x, int y)
{
    const Average& here = averages(x, y);
    const auto texture = texture_around(averages, x, y);
    Feature feature;
    for (int c = 0; c < 3; ++c)
        feature.lane[c] = code(log_encode(here.colour[c] / here.source));
    for (int c = 0; c < 2; ++c)
        feature.lane[3 + c] = code(kTextureWeight * texture[c]);
    return feature;
}

Level encode(const Raster<Average>& averages)
{
    const int w = averages.width(), h = averages.height();
    Raster<Feature> features(w, h, kPatchRadius, Feature{});
    Raster<Kind> kinds(w, h, kPatchRadius, Kind::ignored);
    parallel_rows(0, h, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < w; ++x) {
                kinds(x, y) = kind_of(averages(x, y));
                if (kinds(x, y) == Kind::source)
                    features(x, y) = feature_at(averages, x, y);
            }
    });
    return make_level(std::move(features), std::move(kinds));
}

int thickness_of_hole(const Level& level)
{
    int thickest = 0;
    for (const Pixel& p : level.hole)
        thickest = std::max(thickest, level.depth(p.x, p.y));
    return thickest;
}

bool is_coarse_enough(const Level& level)
{
    return std::min(level.width, level.height) < 2 * kSmallestSide_px
           || thickness_of_hole(level) <= kThickestAtTheTop_px;
}

}  // namespace

Window part_to_solve(const FillRequest& request)
{
    const Window all = request.picture.data_window();
    Window hole{all.x1, all.y1, all.x0, all.y0};
    for (int y = all.y0; y < all.y1; ++y)
        for (int x = all.x0; x < all.x1; ++x)
            if (is_set(&request.unknown, x, y))
                hole = {std::min(hole.x0, x), std::min(hole.y0, y), std::max(hole.x1, x + 1),
                        std::max(hole.y1, y + 1)};
    if (hole.empty())
        return {};
    const int dx = std::max(kLeastMargin_px, hole.width() * 3 / 2);
    const int dy = std::max(kLeastMargin_px, hole.height() * 3 / 2);
    return intersect(all, {hole.x0 - dx, hole.y0 - dy, hole.x1 + dx, hole.y1 + dy});
}

std::vector<Level> make_pyramid(const FillRequest& request, const Window& part)
{
    Raster<Average> averages = read_part(request, part);
    std::vector<Level> levels;
    levels.push_back(encode(averages));
    while (!is_coarse_enough(levels.back())) {
        averages = halve(averages);
        Level next = encode(averages);
        if (next.hole.empty() || next.sources.size() < kFewestSources)
            break;
        levels.push_back(std::move(next));
    }
    return levels;
}

void guess_from(const Image& prior, const Window& part, int halvings, Level& level)
{
    Raster<Average> averages(part.width(), part.height(), 0, Average{});
    for (int y = 0; y < part.height(); ++y)
        for (int x = 0; x < part.width(); ++x) {
            const float* rgb = prior.pixel(part.x0 + x, part.y0 + y);
            if (is_finite(rgb))
                averages(x, y) = {.colour = {rgb[0], rgb[1], rgb[2]}, .source = 1.0f};
        }
    for (int y = 0; y < part.height(); ++y)
        for (int x = 0; x < part.width(); ++x) {
            const float here = log_luminance(averages(x, y).colour.data());
            if (x + 1 < part.width())
                averages(x, y).texture[0] = std::abs(log_luminance(averages(x + 1, y).colour.data()) - here);
            if (y + 1 < part.height())
                averages(x, y).texture[1] = std::abs(log_luminance(averages(x, y + 1).colour.data()) - here);
        }
    for (int i = 0; i < halvings; ++i)
        averages = halve(averages);
    for (const Pixel& p : level.hole)
        if (averages(p.x, p.y).source > 0)
            level.features(p.x, p.y) = feature_at(averages, p.x, p.y);
}

}  // namespace platefall::cleanplate
