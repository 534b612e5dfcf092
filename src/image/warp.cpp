#include "image/warp.h"

#include <platefall/error.h>

#include "base/parallel.h"
#include "image/windows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace platefall {
namespace {

struct Point {
    double x, y;
};

Point apply(const Affine& m, double x, double y)
{
    return {m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]};
}

Affine inverse(const Affine& m)
{
    const double determinant = m[0] * m[4] - m[1] * m[3];
    if (!(std::abs(determinant) > 1e-12) || !std::isfinite(determinant))
        throw Error("a transform squeezes the picture to nothing; its scale must not be 0");
    const double a = m[4] / determinant, b = -m[1] / determinant;
    const double c = -m[3] / determinant, d = m[0] / determinant;
    return {a, b, -(a * m[2] + b * m[5]), c, d, -(c * m[2] + d * m[5])};
}

constexpr double kLargestMargin = 2.0;   // pixels: no filter sees the picture from further away

/// What lies outside the data window: nothing, or more of the border.
enum class Outside { zero, border };

/// Weights of the neighbours of a position along one axis; `first` is the leftmost.
struct Taps {
    int first = 0, count = 0;
    std::array<float, 4> weights{};
};

Taps taps_at(double position, Reconstruction filter)
{
    const double shifted = filter == Reconstruction::nearest ? position : position - 0.5;
    const double cell = std::floor(shifted);
    const int left = static_cast<int>(cell);
    const auto t = static_cast<float>(shifted - cell);
    switch (filter) {
    case Reconstruction::nearest: return {left, 1, {1.0f}};
    case Reconstruction::linear: return {left, 2, {1.0f - t, t}};
    case Reconstruction::cubic:
        return {left - 1,
                4,
                {((-0.5f * t + 1.0f) * t - 0.5f) * t, (1.5f * t - 2.5f) * t * t + 1.0f,
                 ((-1.5f * t + 2.0f) * t + 0.5f) * t, (0.5f * t - 0.5f) * t * t}};
    }
    throw std::logic_error("unknown reconstruction filter");
}

/// False for NaN.
bool is_inside(const Window& window, Point position, double margin = 0.0)
{
    return position.x >= window.x0 - margin && position.x < window.x1 + margin
           && position.y >= window.y0 - margin && position.y < window.y1 + margin;
}

template <int kChannels>
void add_weighted(const float* pixel, float weight, int channels, float* sums)
{
    for (int c = 0; c < (kChannels > 0 ? kChannels : channels); ++c)
        sums[c] += weight * pixel[c];
}

/// Adds the picture at `position` to `sums`. `kChannels` is the number of channels, or 0 for any.
template <int kChannels>
void add_sample(const Image& image, Point position, Reconstruction filter, Outside outside, float* sums)
{
    const Window& data = image.data_window();
    if (!is_inside(data, position, kLargestMargin))
        return;
    const int channels = image.channel_count();
    const Taps across = taps_at(position.x, filter), down = taps_at(position.y, filter);
    const Window seen{across.first, down.first, across.first + across.count, down.first + down.count};
    if (data.contains(seen)) {
        for (int j = 0; j < down.count; ++j) {
            const float* pixel = image.pixel(seen.x0, seen.y0 + j);
            for (int i = 0; i < across.count; ++i, pixel += channels)
                add_weighted<kChannels>(pixel, down.weights[j] * across.weights[i], channels, sums);
        }
        return;
    }
    for (int y = seen.y0; y < seen.y1; ++y)
        for (int x = seen.x0; x < seen.x1; ++x)
            if (outside == Outside::border || data.contains(x, y))
                add_weighted<kChannels>(
                    image.pixel(std::clamp(x, data.x0, data.x1 - 1), std::clamp(y, data.y0, data.y1 - 1)),
                    down.weights[y - seen.y0] * across.weights[x - seen.x0], channels, sums);
}

using SampleAdder = void (*)(const Image&, Point, Reconstruction, Outside, float*);

/// The usual pictures have loops of known length, which are faster.
SampleAdder sample_adder(const Image& image)
{
    switch (image.channel_count()) {
    case 1: return add_sample<1>;
    case 3: return add_sample<3>;
    case 4: return add_sample<4>;
    default: return add_sample<0>;
    }
}

/// How far outside the data window a position still sees it.
double margin_of(Reconstruction filter)
{
    switch (filter) {
    case Reconstruction::nearest: return 0.0;
    case Reconstruction::linear: return 0.5;
    case Reconstruction::cubic: return 1.5;
    }
    throw std::logic_error("unknown reconstruction filter");
}

/// Everything that the moved picture touches. Clipped before it becomes integer: a wild transform must not
/// overflow.
Window moved_window(const Window& data, const Affine& target_from_source, double margin, const Window& limit)
{
    if (data.empty() || limit.empty())
        return {};
    double x0 = std::numeric_limits<double>::infinity(), y0 = x0, x1 = -x0, y1 = -x0;
    for (const double x : {data.x0 - margin, data.x1 + margin})
        for (const double y : {data.y0 - margin, data.y1 + margin}) {
            const Point corner = apply(target_from_source, x, y);
            x0 = std::min(x0, corner.x);
            y0 = std::min(y0, corner.y);
            x1 = std::max(x1, corner.x);
            y1 = std::max(y1, corner.y);
        }
    // A corner that is a whole number but for rounding does not touch the next pixel.
    constexpr double kSlack = 1e-6;
    const auto clip = [](double value, int low, int high) {
        return static_cast<int>(std::clamp(value, static_cast<double>(low), static_cast<double>(high)));
    };
    const Window moved{clip(std::floor(x0 + kSlack), limit.x0, limit.x1),
                       clip(std::floor(y0 + kSlack), limit.y0, limit.y1),
                       clip(std::ceil(x1 - kSlack), limit.x0, limit.x1),
                       clip(std::ceil(y1 - kSlack), limit.y0, limit.y1)};
    return moved.empty() ? Window{} : moved;
}

bool is_whole(double value) { return value == std::floor(value) && std::abs(value) < 1e9; }

bool moves_whole_pixels(const Affine& m)
{
    return m[0] == 1.0 && m[1] == 0.0 && m[3] == 0.0 && m[4] == 1.0 && is_whole(m[2]) && is_whole(m[5]);
}

Image shifted(const Image& image, int dx, int dy, const Window& limit)
{
    const Window& data = image.data_window();
    const Window moved{data.x0 + dx, data.y0 + dy, data.x1 + dx, data.y1 + dy};
    Image result(intersect(moved, limit), image.display_window(), image.channels());
    const Window& target = result.data_window();
    parallel_rows(target.y0, target.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            std::copy_n(image.pixel(target.x0 - dx, y - dy), target.width() * image.channel_count(),
                        result.row(y));
    });
    return result;
}

/// How many samples across and down a target pixel see every source pixel under it.
struct Grid {
    int across = 1, down = 1;
};

Grid grid_for(const Affine& source_from_target, Reconstruction filter, const Window& data)
{
    if (filter == Reconstruction::nearest)   // ids must not be averaged
        return {};
    const double most = data.width() + data.height();
    const auto samples = [&](double x, double y) {
        return static_cast<int>(std::clamp(std::ceil(std::hypot(x, y) - 1e-9), 1.0, most));
    };
    return {samples(source_from_target[0], source_from_target[3]),
            samples(source_from_target[1], source_from_target[4])};
}

int channel_or(const Image& stmap, const char* name, const char* other)
{
    for (const char* candidate : {name, other})
        if (const auto index = stmap.channel_index(candidate))
            return *index;
    throw Error(std::string("an STMap needs the channels R and G, or S and T (has ")
                + describe(stmap.channels()) + ")");
}

}  // namespace

Image transform(const Image& image, const Affine& target_from_source, Reconstruction filter,
                const Window& limit)
{
    const Affine source_from_target = inverse(target_from_source);
    const Window& data = image.data_window();
    if (moves_whole_pixels(target_from_source))
        return shifted(image, static_cast<int>(target_from_source[2]),
                       static_cast<int>(target_from_source[5]), limit);

    const Window target = moved_window(data, target_from_source, margin_of(filter), limit);
    const Grid grid = grid_for(source_from_target, filter, data);
    const float samples = static_cast<float>(grid.across) * static_cast<float>(grid.down);
    const SampleAdder add = sample_adder(image);
    Image result(target, image.display_window(), image.channels());
    parallel_rows(target.y0, target.y1, [&](int first, int last) {
        std::vector<float> sums(image.channels().size());
        for (int y = first; y < last; ++y) {
            float* out = result.row(y);
            for (int x = target.x0; x < target.x1; ++x) {
                std::fill(sums.begin(), sums.end(), 0.0f);
                for (int j = 0; j < grid.down; ++j)
                    for (int i = 0; i < grid.across; ++i)
                        add(image,
                            apply(source_from_target, x + (i + 0.5) / grid.across, y + (j + 0.5) / grid.down),
                            filter, Outside::zero, sums.data());
                for (const float sum : sums)
                    *out++ = sum / samples;
            }
        }
    });
    return result;
}

Image apply_stmap(const Image& image, const Image& stmap, Reconstruction filter)
{
    const int s = channel_or(stmap, "R", "S"), t = channel_or(stmap, "G", "T");
    const Window& display = image.display_window();
    const Window& target = stmap.data_window();
    Image result(target, stmap.display_window(), image.channels());
    const SampleAdder add = sample_adder(image);
    parallel_rows(target.y0, target.y1, [&](int first, int last) {
        std::vector<float> sums(image.channels().size());
        for (int y = first; y < last; ++y) {
            const float* map = stmap.row(y);
            float* out = result.row(y);
            for (int x = target.x0; x < target.x1; ++x, map += stmap.channel_count()) {
                const Point position{display.x0 + static_cast<double>(map[s]) * display.width(),
                                     display.y0 + (1.0 - static_cast<double>(map[t])) * display.height()};
                std::fill(sums.begin(), sums.end(), 0.0f);
                if (is_inside(image.data_window(), position))
                    add(image, position, filter, Outside::border, sums.data());
                out = std::copy(sums.begin(), sums.end(), out);
            }
        }
    });
    return result;
}

}  // namespace platefall
