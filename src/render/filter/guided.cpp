#include "render/filter/guided.h"

#include "base/parallel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace platefall::render {
namespace {

constexpr float kFar_m = 1e9f;
constexpr int kChannels = 6;
constexpr std::array<float, 3> kTent{0.25f, 0.5f, 0.25f};

/// 1 for the same surface, less the more a neighbour is turned or lies `off` it, in slopes of about a pixel's width a pixel.
float likeness(const float* n, const float* m, float off)
{
    const float cosine = std::max(0.0f, n[0] * m[0] + n[1] * m[1] + n[2] * m[2]);
    const float c2 = cosine * cosine, c4 = c2 * c2, c8 = c4 * c4;
    return c8 * c8 / (1 + off * off);
}

/// One pass over neighbours that are `step` apart.
class Smoother {
public:
    Smoother(const Image& from, const Guide& guide, int step) : from_(from), guide_(guide), step_(step) {}

    void pixel(int x, int y, float* out) const
    {
        const Window window = from_.data_window();
        const float* const in = from_.pixel(x, y);
        const float* const normal = guide_.normal.pixel(x, y);
        const float* const depth = guide_.depth.pixel(x, y);
        const float slope = 1 / (0.02f * *depth * static_cast<float>(step_));
        std::array<float, kChannels> sums{};
        float sum = 0;
        for (int j = -1; j <= 1; ++j) {
            if (y + j * step_ < window.y0 || y + j * step_ >= window.y1)
                continue;
            for (int i = -1; i <= 1; ++i) {
                if (x + i * step_ < window.x0 || x + i * step_ >= window.x1)
                    continue;
                const std::ptrdiff_t there = (static_cast<std::ptrdiff_t>(j) * window.width() + i) * step_;
                if (depth[there] > kFar_m)
                    continue;
                const float weight = kTent[static_cast<std::size_t>(i + 1)] * kTent[static_cast<std::size_t>(j + 1)]
                                     * likeness(normal, normal + 3 * there, (depth[there] - *depth) * slope);
                const float* const other = in + kChannels * there;
                for (int c = 0; c < kChannels; ++c)
                    sums[static_cast<std::size_t>(c)] += weight * other[c];
                sum += weight;
            }
        }
        for (int c = 0; c < kChannels; ++c)
            out[c] = sums[static_cast<std::size_t>(c)] / sum;
    }

private:
    const Image& from_;
    const Guide& guide_;
    int step_;
};

void smooth_rows(const Image& from, const Guide& guide, int step, Image& values)
{
    const Window window = values.data_window();
    const Smoother smoother(from, guide, step);
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = window.x0; x < window.x1; ++x)
                if (*guide.depth.pixel(x, y) < kFar_m)
                    smoother.pixel(x, y, values.pixel(x, y));
    });
}

// ------------------------------------------------------------------------------------------ spreading

struct Level {
    int width, height;
    std::vector<float> value, weight;   ///< value times weight, and weight

    std::size_t at(int x, int y) const
    {
        return static_cast<std::size_t>(std::clamp(y, 0, height - 1)) * static_cast<std::size_t>(width)
               + static_cast<std::size_t>(std::clamp(x, 0, width - 1));
    }
};

Level level_of(const Image& image)
{
    const Window window = image.data_window();
    Level level{window.width(), window.height(), {}, {}};
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            const float* pixel = image.pixel(x, y);
            level.value.push_back(pixel[0] * pixel[1]);
            level.weight.push_back(pixel[1]);
        }
    return level;
}

/// Half as large; a weight above 1 is as good as 1.
Level pulled(const Level& from)
{
    Level to{(from.width + 1) / 2, (from.height + 1) / 2, {}, {}};
    for (int y = 0; y < to.height; ++y)
        for (int x = 0; x < to.width; ++x) {
            float value = 0, weight = 0;
            for (int j = 0; j < 2; ++j)
                for (int i = 0; i < 2; ++i)
                    if (2 * x + i < from.width && 2 * y + j < from.height) {
                        value += from.value[from.at(2 * x + i, 2 * y + j)];
                        weight += from.weight[from.at(2 * x + i, 2 * y + j)];
                    }
            const float scale = weight > 1 ? 1 / weight : 1.0f;
            to.value.push_back(value * scale);
            to.weight.push_back(weight * scale);
        }
    return to;
}

/// What is missing comes from the coarser level, which misses nothing.
void push(const Level& coarse, Level& fine)
{
    for (int y = 0; y < fine.height; ++y)
        for (int x = 0; x < fine.width; ++x) {
            const std::size_t here = fine.at(x, y);
            if (fine.weight[here] >= 1)
                continue;
            const float cx = (static_cast<float>(x) - 0.5f) / 2, cy = (static_cast<float>(y) - 0.5f) / 2;
            const int x0 = static_cast<int>(std::floor(cx)), y0 = static_cast<int>(std::floor(cy));
            const float fx = cx - static_cast<float>(x0), fy = cy - static_cast<float>(y0);
            const auto at = [&](int i, int j) { return coarse.value[coarse.at(x0 + i, y0 + j)]; };
            const float filled = (at(0, 0) * (1 - fx) + at(1, 0) * fx) * (1 - fy)
                                 + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy;
            fine.value[here] += (1 - fine.weight[here]) * filled;
            fine.weight[here] = 1;
        }
}

}  // namespace

void smooth_guided(Image& values, const Guide& guide, int passes)
{
    if (values.channel_count() != kChannels)
        throw std::logic_error("smooth_guided: takes two colours, six channels");
    if (guide.normal.data_window() != values.data_window() || guide.depth.data_window() != values.data_window())
        throw std::logic_error("smooth_guided: the guide has another data window");
    for (int pass = 0, step = 1; pass < passes; ++pass, step *= 2) {
        const Image from = values;
        smooth_rows(from, guide, step, values);
    }
}

Image spread(const Image& value_and_weight)
{
    std::vector<Level> levels{level_of(value_and_weight)};
    while (levels.back().width > 1 || levels.back().height > 1)
        levels.push_back(pulled(levels.back()));
    if (levels.back().weight[0] > 0 && levels.back().weight[0] < 1) {
        levels.back().value[0] /= levels.back().weight[0];
        levels.back().weight[0] = 1;
    }
    for (std::size_t i = levels.size() - 1; i > 0; --i)
        push(levels[i], levels[i - 1]);
    const Window window = value_and_weight.data_window();
    Image result = Image::unset(window, value_and_weight.display_window(), {{"A"}});
    std::ranges::copy(levels[0].value, result.data());
    return result;
}

}  // namespace platefall::render
