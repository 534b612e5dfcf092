#include "image/filter.h"

#include "base/parallel.h"
#include "image/windows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

namespace platefall {
namespace {

// ---------------------------------------------------------------------------------------------- grow
//
// A disc is a row of columns of different heights. The maximum over a column of height 2h + 1 comes from a
// sparse table over rows (level k holds maxima of 2^k rows; two of them that overlap cover the column), and
// the maximum over the columns from shifted rows. That is about 2 r + 1 comparisons a sample, all of them
// along rows, where the compiler does several at once.

constexpr int kBandRows = 64;

/// Neighbouring columns of the disc of the same height 2 * half + 1.
struct Columns {
    int half;
    int first, last;   ///< distance from the centre, both sides
};

/// The quarter pixel keeps discs on the grid from being pointed: an edge of any angle moves by `radius`
/// to within half a pixel.
std::vector<Columns> disc(int radius)
{
    std::vector<Columns> columns;
    const double square = radius == 0 ? 0.0 : (radius + 0.25) * (radius + 0.25);
    for (int x = 0; x <= radius; ++x) {
        const int half = static_cast<int>(std::sqrt(square - x * x));
        if (!columns.empty() && columns.back().half == half)
            columns.back().last = x;
        else
            columns.push_back({half, x, x});
    }
    return columns;
}

void raise_to(float* out, const float* in, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = in[i] > out[i] ? in[i] : out[i];
}

/// Maxima over 1, 2, 4, ... rows below each row of a band.
class RowMaxima {
public:
    RowMaxima(int rows, std::size_t row_samples, int tallest)
        : row_samples_(row_samples),
          levels_(static_cast<std::size_t>(std::bit_width(static_cast<unsigned>(tallest))))
    {
        for (auto& level : levels_)
            level.assign(static_cast<std::size_t>(rows) * row_samples, 0.0f);
    }

    float* row(int y) { return at(0, y); }

    void build(int rows)
    {
        for (std::size_t level = 1; level < levels_.size(); ++level) {
            const int reach = 1 << (level - 1);
            for (int y = 0; y + 2 * reach <= rows; ++y) {
                std::copy_n(at(level - 1, y), row_samples_, at(level, y));
                raise_to(at(level, y), at(level - 1, y + reach), row_samples_);
            }
        }
    }

    /// Over the rows first .. first + count - 1.
    void maximum(int first, int count, float* out)
    {
        const auto level = static_cast<std::size_t>(std::bit_width(static_cast<unsigned>(count)) - 1);
        std::copy_n(at(level, first), row_samples_, out);
        raise_to(out, at(level, first + count - (1 << level)), row_samples_);
    }

private:
    float* at(std::size_t level, int y)
    {
        return levels_[level].data() + row_samples_ * static_cast<std::size_t>(y);
    }

    std::size_t row_samples_;
    std::vector<std::vector<float>> levels_;
};

/// Dilates rows of one band, for two radii and what lies between them.
class BandDilation {
public:
    BandDilation(const Image& image, const Window& band, double radius)
        : radius_(std::abs(radius)), erode_(radius < 0), margin_(static_cast<int>(std::ceil(radius_))),
          channels_(image.channel_count()), window_(grown(band, margin_)),
          inner_samples_(static_cast<std::size_t>(band.width()) * static_cast<std::size_t>(channels_)),
          outer_samples_(static_cast<std::size_t>(window_.width()) * static_cast<std::size_t>(channels_)),
          maxima_(window_.height(), outer_samples_, 2 * margin_ + 1), column_(outer_samples_)
    {
        load(image);
        maxima_.build(window_.height());
    }

    void row(int y, float* out)
    {
        const int below = static_cast<int>(std::floor(radius_));
        dilate(y, below, out);
        const float part = static_cast<float>(radius_ - below);
        if (part > 0.0f) {
            std::vector<float> above(inner_samples_);
            dilate(y, below + 1, above.data());
            for (std::size_t i = 0; i < inner_samples_; ++i)
                out[i] += part * (above[i] - out[i]);
        }
        if (erode_)
            negate(out, inner_samples_);
    }

private:
    // Subtracted from zero, so that no -0 comes out.
    static void negate(float* samples, std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            samples[i] = 0.0f - samples[i];
    }

    /// Erosion is the dilation of what is not there.
    void load(const Image& image)
    {
        const Window shared = intersect(window_, image.data_window());
        for (int y = shared.y0; y < shared.y1; ++y) {
            float* to = maxima_.row(y - window_.y0) + (shared.x0 - window_.x0) * channels_;
            const auto count = static_cast<std::size_t>(shared.width()) * static_cast<std::size_t>(channels_);
            std::copy_n(image.pixel(shared.x0, y), count, to);
            if (erode_)
                negate(to, count);
        }
    }

    void dilate(int y, int radius, float* out)
    {
        const int centre = y - window_.y0;
        std::copy_n(maxima_.row(centre) + margin_ * channels_, inner_samples_, out);
        for (const Columns& columns : disc(radius)) {
            maxima_.maximum(centre - columns.half, 2 * columns.half + 1, column_.data());
            for (int x = columns.first; x <= columns.last; ++x) {
                raise_to(out, column_.data() + (margin_ - x) * channels_, inner_samples_);
                raise_to(out, column_.data() + (margin_ + x) * channels_, inner_samples_);
            }
        }
    }

    double radius_;
    bool erode_;
    int margin_, channels_;
    Window window_;   ///< the band with everything that reaches it
    std::size_t inner_samples_, outer_samples_;
    RowMaxima maxima_;
    std::vector<float> column_;
};

// -------------------------------------------------------------------------------------------- soften

constexpr std::size_t kStripSamples = 1024;   // of all the rows under a kernel, a strip stays in the cache

/// Weights at the distances 1, 2, ...; the centre has what is missing to one.
std::vector<float> gaussian_tail(double deviation, int reach)
{
    std::vector<double> weights;
    double sum = 1.0;
    for (int i = 1; i <= reach; ++i) {
        weights.push_back(std::exp(-0.5 * i * i / (deviation * deviation)));
        sum += 2.0 * weights.back();
    }
    std::vector<float> tail;
    for (const double weight : weights)
        tail.push_back(static_cast<float>(weight / sum));
    return tail;
}

/// Modified Bessel function of the first kind. The series has only positive terms.
double bessel(int order, double x)
{
    double term = 1.0;
    for (int i = 1; i <= order; ++i)
        term *= x / 2.0 / i;
    double sum = term;
    for (int k = 1; term > 1e-17 * sum; ++k) {
        term *= x * x / 4.0 / k / (k + order);
        sum += term;
    }
    return sum;
}

/// As gaussian_tail(), of the discrete Gaussian.
std::vector<float> discrete_gaussian_tail(double deviation, int reach)
{
    std::vector<double> weights;
    double sum = bessel(0, deviation * deviation);
    for (int i = 1; i <= reach; ++i) {
        weights.push_back(bessel(i, deviation * deviation));
        sum += 2.0 * weights.back();
    }
    std::vector<float> tail;
    for (const double weight : weights)
        tail.push_back(static_cast<float>(weight / sum));
    return tail;
}

// Both passes add weighted differences to the centre instead of weighted values. Where the picture is
// constant they are exactly zero, so that the inside of a softened matte is still exactly one.

void add_differences(float* out, const float* centre, const float* before, const float* after, float weight,
                     std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] += weight * ((before[i] - centre[i]) + (after[i] - centre[i]));
}

Image soften_rows(const Image& image, const std::vector<float>& tail, const Window& target)
{
    const Window& data = image.data_window();
    const int channels = image.channel_count(), reach = static_cast<int>(tail.size());
    Image result({target.x0, data.y0, target.x1, data.y1}, image.display_window(), image.channels());
    const std::size_t row_samples = static_cast<std::size_t>(target.width()) * image.channels().size();

    // The row with everything that reaches it, zero outside the data window.
    const Window padded{target.x0 - reach, data.y0, target.x1 + reach, data.y1};
    const Window shared = intersect(padded, data);
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        std::vector<float> row(static_cast<std::size_t>(padded.width()) * image.channels().size(), 0.0f);
        const float* centre = row.data() + reach * channels;
        for (int y = first; y < last; ++y) {
            if (!shared.empty())
                std::copy_n(image.pixel(shared.x0, y), shared.width() * channels,
                            row.data() + (shared.x0 - padded.x0) * channels);
            float* out = result.row(y);
            std::copy_n(centre, row_samples, out);
            for (int i = 1; i <= reach; ++i)
                add_differences(out, centre, centre - i * channels, centre + i * channels, tail[i - 1],
                                row_samples);
        }
    });
    return result;
}

Image soften_columns(const Image& image, const std::vector<float>& tail, const Window& target)
{
    Image result(target, image.display_window(), image.channels());
    const Window& data = image.data_window();
    const std::size_t row_samples = static_cast<std::size_t>(target.width()) * image.channels().size();
    const std::vector<float> zeros(row_samples, 0.0f);
    const auto row_or_zeros = [&](int y) {
        return y >= data.y0 && y < data.y1 ? image.row(y) : zeros.data();
    };

    parallel_rows(target.y0, target.y1, [&](int first, int last) {
        for (std::size_t strip = 0; strip < row_samples; strip += kStripSamples) {
            const std::size_t count = std::min(kStripSamples, row_samples - strip);
            for (int y = first; y < last; ++y) {
                const float* centre = row_or_zeros(y) + strip;
                float* out = result.row(y) + strip;
                std::copy_n(centre, count, out);
                for (int i = 1; i <= static_cast<int>(tail.size()); ++i)
                    add_differences(out, centre, row_or_zeros(y - i) + strip, row_or_zeros(y + i) + strip,
                                    tail[i - 1], count);
            }
        }
    });
    return result;
}

}  // namespace

Image grow(const Image& image, double radius_px, const Window& limit)
{
    const Window& data = image.data_window();
    const int margin = radius_px > 0 ? static_cast<int>(std::ceil(radius_px)) : 0;
    const Window target = data.empty() ? Window{} : intersect(grown(data, margin), limit);
    if (radius_px == 0.0 || target.empty())
        return with_data_window(image, target);

    Image result(target, image.display_window(), image.channels());
    parallel_each((target.height() + kBandRows - 1) / kBandRows, [&](int index) {
        const int first = target.y0 + index * kBandRows;
        const int last = std::min(first + kBandRows, target.y1);
        BandDilation band(image, {target.x0, first, target.x1, last}, radius_px);
        for (int y = first; y < last; ++y)
            band.row(y, result.row(y));
    });
    return result;
}

Image soften(const Image& image, double size_px, const Window& limit)
{
    const Window& data = image.data_window();
    const int reach = size_px > 0 ? static_cast<int>(std::ceil(2.0 * size_px)) : 0;
    const Window target = data.empty() ? Window{} : intersect(grown(data, reach), limit);
    if (reach == 0 || target.empty())
        return with_data_window(image, target);

    const std::vector<float> tail = gaussian_tail(size_px / 2.0, reach);
    return soften_columns(soften_rows(image, tail, target), tail, target);
}

int blur_reach(double deviation_px)
{
    return deviation_px > 0 ? static_cast<int>(std::ceil(4.0 * deviation_px)) + 1 : 0;
}

Image blur(const Image& image, double deviation_px, const Window& limit)
{
    const Window& data = image.data_window();
    const int reach = blur_reach(deviation_px);
    const Window target = data.empty() ? Window{} : intersect(grown(data, reach), limit);
    if (reach == 0 || target.empty())
        return with_data_window(image, target);

    // The series overflows where the sampled bell curve is long exact.
    const std::vector<float> tail = deviation_px < 4.0 ? discrete_gaussian_tail(deviation_px, reach)
                                                       : gaussian_tail(deviation_px, reach);
    return soften_columns(soften_rows(image, tail, target), tail, target);
}

}  // namespace platefall
