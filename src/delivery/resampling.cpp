#include "delivery/resampling.h"

#include <opencv2/core.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>

namespace platefall::delivery {
namespace {

constexpr int kMostLines = 720;          // a direction; more tell nothing new
constexpr int kPoints = 8192;            // of the Fourier transform: both directions on one scale of frequencies
constexpr int kBins = kPoints / 2 + 1;
constexpr int kTrend = 31;               // px; what changes more slowly is the scene
constexpr int kShortest = 64;            // px; fewer columns or rows say nothing
constexpr int kSurroundings = 256;       // bins to either side
constexpr double kLowest = 0.08;         // cycles per pixel
constexpr double kTelling = 8;           // pictures that were never scaled stay below 4, see docs/delivery.md

int reading_channel(const Image& image)
{
    const auto green = image.channel_index("G");
    return green ? *green : image.channel_index("Y").value_or(0);
}

/// Stops, so that shadows count like highlights. NaN is black here; it is a fault of its own.
double stops(float light)
{
    constexpr float kLightest = 65504;
    return std::log2((light > 0 ? std::min(light, kLightest) : 0) + 1.0f / 64);
}

double activity(double difference) { return std::log2(std::abs(difference) + 1e-3); }

/// Adds the activity along one line of `count` pixels, `stride` floats apart.
void add_line(const float* pixel, std::ptrdiff_t stride, int count, std::vector<double> (&sums)[2])
{
    double before = stops(pixel[0]), here = stops(pixel[stride]);
    for (int i = 1; i + 1 < count; ++i) {
        const double next = stops(pixel[(i + 1) * stride]);
        sums[0][i] += activity(here - before);
        sums[1][i] += activity(next - 2 * here + before);
        before = here;
        here = next;
    }
}

/// The magnitudes of a detrended, tapered signal as multiples of the median around them; zero where that is.
std::vector<double> prominences(const std::vector<double>& sums)
{
    // The ends have no differences of their own.
    const std::vector<double> signal(sums.begin() + 1, sums.end() - 1);
    const int count = std::min(static_cast<int>(signal.size()), kPoints);
    cv::Mat_<double> samples(1, kPoints, 0.0);
    for (int i = 0; i < count; ++i) {
        double trend = 0;
        for (int d = -kTrend / 2; d <= kTrend / 2; ++d)
            trend += signal[std::clamp(i + d, 0, count - 1)] / kTrend;
        samples(0, i) = (signal[i] - trend) * (1 - std::cos(2 * std::numbers::pi * i / (count - 1)));
    }
    cv::Mat_<cv::Vec2d> spectrum;
    cv::dft(samples, spectrum, cv::DFT_COMPLEX_OUTPUT);

    std::vector<double> magnitude(kBins), result(kBins);
    for (int k = 0; k < kBins; ++k)
        magnitude[k] = std::hypot(spectrum(0, k)[0], spectrum(0, k)[1]);
    for (int k = 0; k < kBins; ++k) {
        std::vector<double> around(magnitude.begin() + std::max(0, k - kSurroundings),
                                   magnitude.begin() + std::min(kBins, k + kSurroundings));
        std::ranges::nth_element(around, around.begin() + static_cast<std::ptrdiff_t>(around.size() / 2));
        const double median = around[around.size() / 2];
        result[k] = median > 1e-9 ? magnitude[k] / median : 0;
    }
    return result;
}

/// Each bin's greatest neighbour within `reach`.
std::vector<double> widened(const std::vector<double>& bins, int reach)
{
    std::vector<double> result(bins.size());
    for (int k = 0; k < kBins; ++k)
        result[k] = *std::max_element(bins.begin() + std::max(0, k - reach), bins.begin() + std::min(kBins, k + reach + 1));
    return result;
}

/// What stands out along x and along y at the same frequency.
std::vector<double> in_both_directions(const GridTraces& traces)
{
    const int shorter = static_cast<int>(std::min(traces.columns[0].size(), traces.rows[0].size()));
    const int reach = kPoints / shorter;
    std::vector<double> result(kBins, 0.0);
    for (int order = 0; order < 2; ++order) {
        const std::vector<double> x = widened(prominences(traces.columns[order]), reach);
        const std::vector<double> y = widened(prominences(traces.rows[order]), reach);
        for (int k = 0; k < kBins; ++k)
            result[k] = std::max(result[k], std::min(x[k], y[k]));
    }
    return result;
}

int bin_of(double frequency) { return static_cast<int>(std::lround(frequency * kPoints)); }

/// Takes out what blocks of 8 pixels explain: the multiples of 1/8, if at least two of the first three stand out.
void leave_out_blocks(std::vector<double>& bins)
{
    int standing_out = 0;
    for (int multiple = 1; multiple <= 3; ++multiple)
        standing_out += bins[bin_of(multiple / 8.0)] > kTelling / 2;
    if (standing_out < 2)
        return;
    constexpr int kAround = kPoints / 200;
    for (int multiple = 1; multiple <= 4; ++multiple)
        for (int k = bin_of(multiple / 8.0) - kAround; k <= std::min(bin_of(multiple / 8.0) + kAround, kBins - 1); ++k)
            bins[k] = 0;
}

}  // namespace

void GridTraces::add(const GridTraces& other)
{
    if (other.columns[0].size() != columns[0].size() || other.rows[0].size() != rows[0].size())
        return;
    for (int order = 0; order < 2; ++order) {
        std::ranges::transform(columns[order], other.columns[order], columns[order].begin(), std::plus());
        std::ranges::transform(rows[order], other.rows[order], rows[order].begin(), std::plus());
    }
}

GridTraces grid_traces(const Image& image, const Window& window)
{
    GridTraces traces;
    const int channel = reading_channel(image);
    const std::ptrdiff_t pixel = image.channel_count();
    const std::ptrdiff_t row = pixel * image.data_window().width();
    for (int order = 0; order < 2; ++order) {
        traces.columns[order].assign(window.width(), 0.0);
        traces.rows[order].assign(window.height(), 0.0);
    }
    if (window.width() < kShortest || window.height() < kShortest)
        return traces;
    for (int y = window.y0; y < window.y1; y += 1 + window.height() / kMostLines)
        add_line(image.pixel(window.x0, y) + channel, pixel, window.width(), traces.columns);
    for (int x = window.x0; x < window.x1; x += 1 + window.width() / kMostLines)
        add_line(image.pixel(x, window.y0) + channel, row, window.height(), traces.rows);
    return traces;
}

std::optional<Resampling> find_resampling(const GridTraces& traces)
{
    if (std::min(traces.columns[0].size(), traces.rows[0].size()) < kShortest)
        return std::nullopt;
    std::vector<double> bins = in_both_directions(traces);
    leave_out_blocks(bins);
    const auto strongest = std::max_element(bins.begin() + bin_of(kLowest), bins.end());
    if (*strongest < kTelling)
        return std::nullopt;

    return Resampling{static_cast<double>(kPoints) / static_cast<double>(strongest - bins.begin()), *strongest};
}

}  // namespace platefall::delivery
