#include "comp/edge_softness.h"

#include "base/parallel.h"
#include "grain/noise_blocks.h"
#include "image/windows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace platefall::comp {
namespace {

constexpr std::array<float, 3> kLuma{0.2126f, 0.7152f, 0.0722f}; // Rec. 709
constexpr int kCell = 24;                // pixels; of each cell the strongest edge is tried
constexpr std::size_t kTried = 400;      // edges of a frame
constexpr double kAcross = 6, kAlong = 5; // pixels around an edge that are looked at, on both sides
constexpr int kReach = 8;                // hypot of the two, rounded up
constexpr int kSteps = 12;               // of the fit
constexpr std::size_t kFewest = 12;      // edges that a measurement needs
constexpr double kLeastContrast = 0.25;  // of the step to the mean
constexpr double kWorstFit = 0.06;       // root mean square of what is left, of the step
constexpr double kPixelVariance = 1.0 / 12.0; // of a pixel's own area
constexpr double kSharpest = 0.25;       // quantile

Image luma_of(const Image& plate)
{
    const auto [r, g, b] = grain::colour_channels(plate);
    Image luma(plate.data_window(), plate.display_window(), {{"Y"}});
    const int stride = plate.channel_count();
    parallel_rows(plate.data_window().y0, plate.data_window().y1, [&, r = r, g = g, b = b](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* in = plate.row(y);
            float* out = luma.row(y);
            for (int i = 0; i < plate.data_window().width(); ++i, in += stride)
                out[i] = kLuma[0] * in[r] + kLuma[1] * in[g] + kLuma[2] * in[b];
        }
    });
    return luma;
}

struct Slope {
    double x, y;
};

/// Sobel's, of a pixel that has neighbours; brightness a pixel.
Slope slope_at(const Image& luma, int x, int y)
{
    const auto v = [&](int dx, int dy) { return static_cast<double>(*luma.pixel(x + dx, y + dy)); };
    return {(v(1, -1) + 2 * v(1, 0) + v(1, 1) - v(-1, -1) - 2 * v(-1, 0) - v(-1, 1)) / 8,
            (v(-1, 1) + 2 * v(0, 1) + v(1, 1) - v(-1, -1) - 2 * v(0, -1) - v(1, -1)) / 8};
}

struct Candidate {
    double strength = 0;
    int x = 0, y = 0;
};

/// The strongest slope of each cell, the strongest cells first; a tie goes to the one read first.
std::vector<Candidate> candidates_in(const Image& luma)
{
    const Window inside = grown(luma.data_window(), -kReach);
    const int across = inside.width() / kCell, down = inside.height() / kCell;
    std::vector<Candidate> cells(static_cast<std::size_t>(across) * static_cast<std::size_t>(down));
    parallel_each(down, [&](int row) {
        for (int y = inside.y0 + row * kCell; y < inside.y0 + (row + 1) * kCell; ++y)
            for (int x = inside.x0; x < inside.x0 + across * kCell; ++x) {
                const Slope slope = slope_at(luma, x, y);
                const double strength = slope.x * slope.x + slope.y * slope.y;
                Candidate& best = cells[static_cast<std::size_t>(row * across + (x - inside.x0) / kCell)];
                if (strength > best.strength)
                    best = {strength, x, y};
            }
    });
    std::ranges::stable_sort(cells, std::greater{}, &Candidate::strength);
    cells.resize(std::min(cells.size(), kTried));
    return cells;
}

/// low, step, t0, turn of the normal, s.
using Unknowns = std::array<double, 5>;

struct Equations {
    std::array<Unknowns, 5> matrix{};
    Unknowns right{};

    void add(const Unknowns& row, double residual)
    {
        for (std::size_t i = 0; i < 5; ++i) {
            right[i] += row[i] * residual;
            for (std::size_t j = 0; j < 5; ++j)
                matrix[i][j] += row[i] * row[j];
        }
    }

    /// Gauss' elimination; the matrix is positive definite but for degenerate edges, which give nothing.
    std::optional<Unknowns> solved()
    {
        for (std::size_t i = 0; i < 5; ++i) {
            matrix[i][i] *= 1.001; // Levenberg's damping
            if (!(matrix[i][i] > 1e-12))
                return std::nullopt;
            for (std::size_t k = i + 1; k < 5; ++k) {
                const double factor = matrix[k][i] / matrix[i][i];
                for (std::size_t j = i; j < 5; ++j)
                    matrix[k][j] -= factor * matrix[i][j];
                right[k] -= factor * right[i];
            }
        }
        for (std::size_t i = 5; i-- > 0;) {
            for (std::size_t j = i + 1; j < 5; ++j)
                right[i] -= matrix[i][j] * right[j];
            right[i] /= matrix[i][i];
        }
        return right;
    }
};

/// The pixels around an edge, in coordinates along the normal that its slope gave.
class EdgeFit {
public:
    EdgeFit(const Image& luma, int x, int y)
    {
        const Slope slope = mean_slope(luma, x, y);
        const double length = std::hypot(slope.x, slope.y);
        if (!(length > 0))
            return;
        const double nx = slope.x / length, ny = slope.y / length;
        for (int dy = -kReach; dy <= kReach; ++dy)
            for (int dx = -kReach; dx <= kReach; ++dx) {
                const double t = dx * nx + dy * ny, along = dy * nx - dx * ny;
                if (std::abs(t) <= kAcross && std::abs(along) <= kAlong)
                    samples_.push_back({t, along, static_cast<double>(*luma.pixel(x + dx, y + dy))});
            }
    }

    std::optional<double> deviation()
    {
        if (samples_.empty() || !start())
            return std::nullopt;
        for (int step = 0; step < kSteps; ++step)
            if (!improve())
                return std::nullopt;
        const auto& [low, contrast, middle, turn, s] = at_;
        const bool clean = std::sqrt(error_) < kWorstFit * contrast && std::abs(middle) < 1.5;
        return clean && contrast > kLeastContrast * (low + contrast / 2) ? std::optional(s) : std::nullopt;
    }

private:
    struct Sample {
        double t, along, value;
    };

    /// Over 5 x 5 pixels, so that noise turns it little.
    static Slope mean_slope(const Image& luma, int x, int y)
    {
        Slope sum{};
        for (int dy = -2; dy <= 2; ++dy)
            for (int dx = -2; dx <= 2; ++dx) {
                const Slope slope = slope_at(luma, x + dx, y + dy);
                sum = {sum.x + slope.x, sum.y + slope.y};
            }
        return sum;
    }

    /// Levels from both ends.
    bool start()
    {
        double low = 0, high = 0;
        int at_low = 0, at_high = 0;
        for (const Sample& sample : samples_) {
            if (sample.t < -kAcross / 2) {
                low += sample.value;
                ++at_low;
            } else if (sample.t > kAcross / 2) {
                high += sample.value;
                ++at_high;
            }
        }
        if (at_low == 0 || at_high == 0)
            return false;
        at_ = {low / at_low, high / at_high - low / at_low, 0, 0, 0.7};
        return at_[1] > 0;
    }

    /// One step of Gauss and Newton.
    bool improve()
    {
        Equations equations;
        error_ = 0;
        const auto [low, contrast, middle, turn, s] = at_;
        for (const Sample& sample : samples_) {
            const double u = (sample.t + turn * sample.along - middle) / s;
            const double phi = 0.5 * std::erfc(-u / std::numbers::sqrt2);
            const double density = contrast * std::exp(-0.5 * u * u) / std::sqrt(2 * std::numbers::pi) / s;
            const double residual = sample.value - low - contrast * phi;
            equations.add({1, phi, -density, density * sample.along, -density * u}, residual);
            error_ += residual * residual / static_cast<double>(samples_.size());
        }
        const auto step = equations.solved();
        if (!step)
            return false;
        for (std::size_t i = 0; i < at_.size(); ++i)
            at_[i] += i == 4 ? std::clamp((*step)[i], -0.4 * s, 0.6 * s) : (*step)[i];
        return at_[1] > 0 && at_[4] > 0.15 && at_[4] < 4 && std::abs(at_[3]) < 0.3;
    }

    std::vector<Sample> samples_;
    Unknowns at_{};
    double error_ = 0;
};

} // namespace

std::optional<double> fit_edge(const Image& luma, int x, int y)
{
    if (!grown(luma.data_window(), -kReach - 1).contains(x, y))
        return std::nullopt;
    return EdgeFit(luma, x, y).deviation();
}

void EdgeMeter::add(const Image& plate)
{
    const Image luma = luma_of(plate);
    const auto candidates = candidates_in(luma);
    std::vector<std::optional<double>> found(candidates.size());
    parallel_each(static_cast<int>(candidates.size()), [&](int i) {
        const auto index = static_cast<std::size_t>(i);
        found[index] = fit_edge(luma, candidates[index].x, candidates[index].y);
    });
    for (const auto& deviation : found)
        if (deviation)
            deviations_.push_back(*deviation);
}

std::optional<double> EdgeMeter::softness_px() const
{
    if (deviations_.size() < kFewest)
        return std::nullopt;
    std::vector<double> sorted = deviations_;
    std::ranges::sort(sorted);
    const double s = sorted[static_cast<std::size_t>(kSharpest * static_cast<double>(sorted.size()))];
    // To a thousandth, so that no machine's last bit of exp shows in a frame.
    return std::round(1000 * std::sqrt(std::max(s * s - kPixelVariance, 0.0))) / 1000;
}

} // namespace platefall::comp
