#include "image/sample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace platefall {
namespace {

constexpr int kTaps = 6, kLobes = kTaps / 2;
constexpr int kPhases = 512;

using Weights = std::array<float, kTaps>;

double lanczos(double x)
{
    if (x == 0)
        return 1;
    const double a = std::numbers::pi * x;
    return std::abs(x) >= kLobes ? 0 : kLobes * std::sin(a) * std::sin(a / kLobes) / (a * a);
}

/// Weights of the pixels -2 .. 3 for a position between pixels 0 and 1; they add up to 1.
std::array<Weights, kPhases + 1> make_table()
{
    std::array<Weights, kPhases + 1> table{};
    for (int phase = 0; phase <= kPhases; ++phase) {
        std::array<double, kTaps> weights{};
        double sum = 0;
        for (int tap = 0; tap < kTaps; ++tap)
            sum += weights[static_cast<std::size_t>(tap)]
                = lanczos(tap - (kLobes - 1) - static_cast<double>(phase) / kPhases);
        for (std::size_t tap = 0; tap < kTaps; ++tap)
            table[static_cast<std::size_t>(phase)][tap] = static_cast<float>(weights[tap] / sum);
    }
    // On a pixel sin(pi n) leaves dust where there should be nothing.
    table.front() = {0, 0, 1, 0, 0, 0};
    table.back() = {0, 0, 0, 1, 0, 0};
    return table;
}

struct Position {
    int pixel;          ///< whose centre lies at or before it
    double rest;        ///< 0 <= rest < 1
};

Position split(double coordinate)
{
    const double centred = coordinate - 0.5, whole = std::floor(centred);
    return {static_cast<int>(whole), centred - whole};
}

const Weights& weights_of(double rest)
{
    static const auto table = make_table();
    return table[static_cast<std::size_t>(rest * kPhases + 0.5)];
}

}  // namespace

float sample(const Image& image, const Vec2& at, int channels, float* to)
{
    const Window& window = image.data_window();
    const Position x = split(at[0]), y = split(at[1]);
    if (x.rest == 0 && y.rest == 0 && window.contains(x.pixel, y.pixel)) {
        std::copy_n(image.pixel(x.pixel, y.pixel), channels, to);
        return 1;
    }
    const Weights& across = weights_of(x.rest);
    const Weights& down = weights_of(y.rest);

    std::array<std::size_t, kTaps> columns{};
    const auto step = static_cast<std::size_t>(image.channel_count());
    for (int tap = 0; tap < kTaps; ++tap)
        columns[static_cast<std::size_t>(tap)]
            = static_cast<std::size_t>(std::clamp(x.pixel + tap - 2, window.x0, window.x1 - 1) - window.x0) * step;

    std::array<float, 4> sum{}, low{}, high{};
    low.fill(std::numeric_limits<float>::infinity());
    high.fill(-std::numeric_limits<float>::infinity());
    float squares_down = 0;
    for (int tap = 0; tap < kTaps; ++tap) {
        const float* row = image.row(std::clamp(y.pixel + tap - 2, window.y0, window.y1 - 1));
        const float weight = down[static_cast<std::size_t>(tap)];
        const bool near = tap >= 1 && tap <= 4;
        squares_down += weight * weight;
        for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
            float across_sum = 0;
            for (std::size_t i = 0; i < kTaps; ++i) {
                const float value = row[columns[i] + c];
                across_sum += across[i] * value;
                if (near && i >= 1 && i <= 4) {
                    low[c] = std::min(low[c], value);
                    high[c] = std::max(high[c], value);
                }
            }
            sum[c] += weight * across_sum;
        }
    }
    for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c)
        to[c] = std::clamp(sum[c], low[c], high[c]);

    float squares_across = 0;
    for (const float weight : across)
        squares_across += weight * weight;
    return std::min(squares_across * squares_down, 1.0f);
}

void sample_linear(const Image& image, const Vec2& at, int channels, float* to)
{
    const Window& window = image.data_window();
    const Position x = split(at[0]), y = split(at[1]);
    const auto column = [&](int pixel) { return std::clamp(pixel, window.x0, window.x1 - 1); };
    const auto line = [&](int pixel) { return std::clamp(pixel, window.y0, window.y1 - 1); };
    const auto right = static_cast<float>(x.rest), lower = static_cast<float>(y.rest);
    const float* a = image.pixel(column(x.pixel), line(y.pixel));
    const float* b = image.pixel(column(x.pixel + 1), line(y.pixel));
    const float* c = image.pixel(column(x.pixel), line(y.pixel + 1));
    const float* d = image.pixel(column(x.pixel + 1), line(y.pixel + 1));
    for (int i = 0; i < channels; ++i)
        to[i] = (a[i] * (1 - right) + b[i] * right) * (1 - lower) + (c[i] * (1 - right) + d[i] * right) * lower;
}

}  // namespace platefall
