#include "grain/noise_fit.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace platefall::grain {
namespace {

constexpr double kHalfStep = 1.0 / 1024;  // between neighbouring halves, relative, at most
constexpr double kFurthest = 0.7;   // logarithm of the ratio to the line beyond which a block never counts
constexpr double kTiniest = 1e-14;  // a variance far below that of the smallest half
constexpr double kQuiet = 0.2;      // quantile of the blocks of one range of signal
constexpr int kRangeBlocks = 32;    // at least, for a quantile to mean something
constexpr int kRanges = 32;
constexpr int kRounds = 20;  // of reweighting; it settles in fewer

struct Point {
    double signal, variance, weight;
};

double positive(float signal)
{
    return std::max(signal, 0.0f);
}

/// Weighted least squares with both coefficients >= 0.
VarianceLine fit_line(std::span<const Point> points)
{
    double w = 0, ws = 0, wss = 0, wv = 0, wsv = 0;
    for (const Point& p : points) {
        w += p.weight;
        ws += p.weight * p.signal;
        wss += p.weight * p.signal * p.signal;
        wv += p.weight * p.variance;
        wsv += p.weight * p.signal * p.variance;
    }
    if (!(w > 0))
        return {};
    const VarianceLine flat{wv / w, 0};
    const double determinant = w * wss - ws * ws;
    if (!(determinant > 1e-9 * w * wss))  // all of one brightness
        return flat;
    const VarianceLine line{(wss * wv - ws * wsv) / determinant, (w * wsv - ws * wv) / determinant};
    if (line.slope < 0)
        return flat;
    if (line.floor < 0)
        return {0, std::max(wsv / wss, 0.0)};
    return line;
}

/// Ranges of signal with equally many blocks, and of each the quantile.
std::vector<Point> quiet_points(std::span<const Block> blocks, std::size_t channel)
{
    std::vector<Point> all;
    for (const Block& block : blocks)
        if (block.variance[channel] >= 0)
            all.push_back({positive(block.signal[channel]), block.variance[channel], 1});
    std::sort(all.begin(), all.end(), [](const Point& a, const Point& b) {
        return a.signal != b.signal ? a.signal < b.signal : a.variance < b.variance;
    });

    std::vector<Point> points;
    const std::size_t ranges =
        std::clamp<std::size_t>(all.size() / kRangeBlocks, all.empty() ? 0 : 1, kRanges);
    for (std::size_t i = 0; i < ranges; ++i) {
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(all.size() * i / ranges);
        const auto last = all.begin() + static_cast<std::ptrdiff_t>(all.size() * (i + 1) / ranges);
        const auto quiet = first + static_cast<std::ptrdiff_t>(kQuiet * static_cast<double>(last - first));
        std::nth_element(first, quiet, last, [](const Point& a, const Point& b) {
            return a.variance != b.variance ? a.variance < b.variance : a.signal < b.signal;
        });
        points.push_back(*quiet);
    }
    return points;
}

/// Where a range has no flat block, its quantile lies above the line and must not lift it.
VarianceLine fit_from_below(std::vector<Point> points)
{
    for (Point& p : points)
        p.weight = 1 / std::pow(p.variance + kTiniest, 2);
    VarianceLine line = fit_line(points);
    for (int round = 0; round < kRounds; ++round) {
        for (Point& p : points) {
            const double expected = line.at(static_cast<float>(p.signal));
            const double above = std::max(p.variance / expected - 1, 0.0) / kQuiet;
            p.weight = 1 / std::pow(expected * (1 + above * above), 2);
        }
        line = fit_line(points);
    }
    return line;
}

/// Tukey's biweight of how far the block is from the lines, all channels together: what is texture in one of
/// them is texture in the others.
double weight_of(const Block& block, const std::array<VarianceLine, 3>& lines, double tolerance)
{
    double weight = 1;
    bool judged = false;
    for (std::size_t c = 0; c < 3; ++c) {
        if (block.variance[c] < 0)
            continue;
        judged = true;
        const double off = std::log(block.variance[c] / lines[c].at(block.signal[c])) / tolerance;
        weight *= std::abs(off) < 1 ? std::pow(1 - off * off, 2) : 0;
    }
    return judged ? weight : 0;
}

}  // namespace

double VarianceLine::at(float signal) const
{
    const double step = positive(signal) * kHalfStep;
    return std::max(floor + slope * positive(signal), step * step / 48 + kTiniest);
}

bool agrees(const Block& block, const std::array<VarianceLine, 3>& lines, double tolerance)
{
    return weight_of(block, lines, tolerance) > 0;
}

std::array<VarianceLine, 3> fit_variance_lines(std::span<const Block> blocks, double spread)
{
    std::array<VarianceLine, 3> lines;
    for (std::size_t c = 0; c < 3; ++c)
        lines[c] = fit_from_below(quiet_points(blocks, c));

    const double tolerance = std::min(3.5 * spread, kFurthest);
    std::vector<double> weights(blocks.size());
    std::vector<Point> points;
    for (int round = 0; round < kRounds; ++round) {
        std::transform(blocks.begin(), blocks.end(), weights.begin(),
                       [&](const Block& block) { return weight_of(block, lines, tolerance); });
        for (std::size_t c = 0; c < 3; ++c) {
            points.clear();
            for (std::size_t i = 0; i < blocks.size(); ++i)
                if (weights[i] > 0 && blocks[i].variance[c] >= 0)
                    points.push_back({positive(blocks[i].signal[c]), blocks[i].variance[c],
                                      weights[i] / std::pow(lines[c].at(blocks[i].signal[c]), 2)});
            lines[c] = fit_line(points);
        }
    }
    return lines;
}

bool is_rounding(double variance, float signal)
{
    return variance <= std::pow(positive(signal) * kHalfStep, 2) + kTiniest;
}

bool is_rounding(const VarianceLine& line, std::span<const Block> blocks, std::size_t channel)
{
    int lost = 0, kept = 0;
    for (const Block& block : blocks) {
        const float signal = block.signal[channel];
        (is_rounding(line.floor + line.slope * positive(signal), signal) ? lost : kept) += 1;
    }
    return lost >= kept;
}

}  // namespace platefall::grain
