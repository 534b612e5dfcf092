#include "grain/frame_difference.h"

#include "image/sample.h"
#include "image/windows.h"

#include <algorithm>
#include <cmath>

namespace platefall::grain {
namespace {

constexpr float kMostGain = 1.25f;   // between neighbours; what differs more shows something else
constexpr int kReachPx = 3;          // of sample()
constexpr int kShiftTerms = 2;

float mean_of(const Residual& samples)
{
    float sum = 0;
    for (const float sample : samples)
        sum += sample;
    return sum / kBlockPixels;
}

double dot(const Residual& a, const Residual& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * b[i];
    return sum;
}

/// Half the step between the pixels on both sides, with the surface taken out as it is out of the difference.
Residual slope_of(const Image& plate, const Block& block, int channel, int dx, int dy)
{
    const Window& data = plate.data_window();
    const auto value = [&](int x, int y) {
        return plate.pixel(std::clamp(x, data.x0, data.x1 - 1), std::clamp(y, data.y0, data.y1 - 1))[channel];
    };
    Residual slope;
    for (int y = 0; y < kBlock; ++y)
        for (int x = 0; x < kBlock; ++x)
            slope[y * kBlock + x] = (value(block.x + x + dx, block.y + y + dy) - value(block.x + x - dx, block.y + y - dy)) / 2;
    flatten(slope);
    return slope;
}

/// Noise has nothing in common with its own slope at a pixel, so that only texture goes.
void take_out_shift(const Residual& across, const Residual& down, Residual& difference)
{
    const double xx = dot(across, across), yy = dot(down, down), xy = dot(across, down);
    const double determinant = xx * yy - xy * xy;
    if (!(determinant > 1e-6 * xx * yy))
        return;
    const double x = dot(across, difference), y = dot(down, difference);
    const auto u = static_cast<float>((yy * x - xy * y) / determinant), v = static_cast<float>((xx * y - xy * x) / determinant);
    for (std::size_t i = 0; i < difference.size(); ++i)
        difference[i] -= u * across[i] + v * down[i];
}

}  // namespace

struct FrameDifference::Seen {
    std::array<Residual, 3> colours;
    float energy = 0;   ///< mean part of the noise's variance that reading between pixels leaves
};

FrameDifference::FrameDifference(const Image& plate, const Neighbour& other)
    : plate_(plate), other_(other), channels_(colour_channels(plate))
{
}

std::optional<FrameDifference::Seen> FrameDifference::other_under(const Block& block) const
{
    const double depth = other_.depth ? other_.depth({block.x + kBlock / 2.0, block.y + kBlock / 2.0}) : 0.0;
    const auto window = window_under(block, depth);
    if (!window || intersect(*window, other_.plate.data_window()) != *window
        || !is_open(other_.blocked, grown(*window, -kReachPx)))
        return std::nullopt;

    Seen seen;
    std::array<float, 4> colours{};
    const int channels = std::min(other_.plate.channel_count(), 4);
    for (int i = 0; i < kBlockPixels; ++i) {
        const Vec2 at = other_.map({block.x + i % kBlock + 0.5, block.y + i / kBlock + 0.5}, depth).at;
        seen.energy += sample(other_.plate, at, channels, colours.data()) / kBlockPixels;
        for (std::size_t c = 0; c < 3; ++c)
            seen.colours[c][i] = colours[static_cast<std::size_t>(channels_[c])];
    }
    return seen;
}

/// What is read of the other frame.
std::optional<Window> FrameDifference::window_under(const Block& block, double depth) const
{
    const Window square = square_of(block);
    Vec2 low{1e9, 1e9}, high{-1e9, -1e9};
    for (const double x : {square.x0, square.x1})
        for (const double y : {square.y0, square.y1}) {
            const auto [at, in_front] = other_.map({x, y}, depth);
            if (!in_front || !(std::abs(at[0]) < 1e6) || !(std::abs(at[1]) < 1e6))
                return std::nullopt;
            for (std::size_t axis = 0; axis < 2; ++axis) {
                low[axis] = std::min(low[axis], at[axis]);
                high[axis] = std::max(high[axis], at[axis]);
            }
        }
    return grown({static_cast<int>(std::floor(low[0])), static_cast<int>(std::floor(low[1])),
                  static_cast<int>(std::ceil(high[0])), static_cast<int>(std::ceil(high[1]))},
                 kReachPx);
}

Residual FrameDifference::residual(const Block& block, std::size_t channel, const Residual& other, float energy) const
{
    const float mean = mean_of(other);
    const float gain = mean > 0 && block.signal[channel] > 0
                           ? std::clamp(block.signal[channel] / mean, 1 / kMostGain, kMostGain)
                           : 1.0f;
    // Half of the noise is the other frame's: smoothed where it was read between pixels, and as photons have it.
    const float scale = 1 / std::sqrt(1 + gain * energy);
    Residual difference;
    for (int i = 0; i < kBlockPixels; ++i)
        difference[i] = scale
                        * (plate_.pixel(block.x + i % kBlock, block.y + i / kBlock)[channels_[channel]] - gain * other[i]);
    flatten(difference);
    take_out_shift(slope_of(plate_, block, channels_[channel], 1, 0), slope_of(plate_, block, channels_[channel], 0, 1),
                   difference);
    return difference;
}

std::optional<std::array<Residual, 3>> FrameDifference::residuals(const Block& block) const
{
    const auto seen = other_under(block);
    if (!seen)
        return std::nullopt;
    std::array<Residual, 3> all;
    for (std::size_t c = 0; c < 3; ++c) {
        all[c] = residual(block, c, seen->colours[c], seen->energy);
        if (!std::isfinite(dot(all[c], all[c])))
            return std::nullopt;
    }
    return all;
}

float variance_of(const Residual& residual)
{
    return static_cast<float>(dot(residual, residual) / (kBlockPixels - kSurfaceTerms - kShiftTerms));
}

}  // namespace platefall::grain
