#include "compare/pixels.h"

#include "base/parallel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace platefall::compare {
namespace {

/// One channel of one row, wherever its data window lies.
class RowReader {
public:
    RowReader(const Image& image, int index, int y)
        : window_(image.data_window()), stride_(image.channel_count()),
          integer_(image.channels()[static_cast<std::size_t>(index)].type == ChannelType::unsigned_int),
          samples_(y >= window_.y0 && y < window_.y1 ? image.row(y) + index : nullptr)
    {
    }

    double at(int x) const
    {
        if (samples_ == nullptr || x < window_.x0 || x >= window_.x1)
            return 0;
        const float sample = samples_[static_cast<std::ptrdiff_t>(x - window_.x0) * stride_];
        return integer_ ? std::bit_cast<std::uint32_t>(sample) : static_cast<double>(sample);
    }

private:
    Window window_;
    int stride_;
    bool integer_;
    const float* samples_;
};

struct RowTally {
    std::int64_t unequal = 0, failing = 0;
    double sum = 0;
    LargestDifference largest;
};

bool are_equal(double a, double b)
{
    return a == b || (std::isnan(a) && std::isnan(b));
}

void count(double a, double b, int x, int y, const Tolerance& tolerance, RowTally& tally)
{
    ++tally.unequal;
    LargestDifference here{.absolute = std::numeric_limits<double>::infinity(), .relative = 1, .x = x, .y = y, .a = a, .b = b};
    if (std::isfinite(a) && std::isfinite(b)) {
        const double size = std::max(std::abs(a), std::abs(b));
        here.absolute = std::abs(b - a);
        here.relative = here.absolute / size;
        tally.sum += here.absolute;
        tally.failing += here.absolute > tolerance.absolute && here.absolute > tolerance.relative * size;
    } else {
        ++tally.failing;
    }
    if (here.absolute > tally.largest.absolute)
        tally.largest = here;
}

}  // namespace

std::vector<bool> equal_rows(const Image& a, const Image& b)
{
    const Window& window = a.data_window();
    if (window != b.data_window() || a.channels() != b.channels())
        return std::vector<bool>(static_cast<std::size_t>(unite(window, b.data_window()).height()), false);
    const std::size_t bytes = static_cast<std::size_t>(window.width()) * a.channels().size() * sizeof(float);
    std::vector<bool> equal;
    for (int y = window.y0; y < window.y1; ++y)
        equal.push_back(std::memcmp(a.row(y), b.row(y), bytes) == 0);
    return equal;
}

ChannelComparison compare_channel(const Image& a, int index_a, const Image& b, int index_b, const Tolerance& tolerance,
                                  const std::vector<bool>& equal_rows)
{
    const Window window = unite(a.data_window(), b.data_window());
    std::vector<RowTally> tallies(static_cast<std::size_t>(window.height()));
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const auto row = static_cast<std::size_t>(y - window.y0);
            if (equal_rows[row])
                continue;
            const RowReader row_a(a, index_a, y), row_b(b, index_b, y);
            for (int x = window.x0; x < window.x1; ++x)
                if (const double va = row_a.at(x), vb = row_b.at(x); !are_equal(va, vb))
                    count(va, vb, x, y, tolerance, tallies[row]);
        }
    });

    // Row by row from the top, so that threads change neither sums nor which of two equal ones is the largest.
    ChannelComparison result{.name = b.channels()[static_cast<std::size_t>(index_b)].name, .tolerance = tolerance, .largest = {}};
    result.pixels = static_cast<std::int64_t>(window.width()) * window.height();
    for (const RowTally& tally : tallies) {
        result.unequal += tally.unequal;
        result.failing += tally.failing;
        result.mean += tally.sum;
        if (tally.largest.absolute > result.largest.absolute)
            result.largest = tally.largest;
    }
    result.mean /= static_cast<double>(std::max<std::int64_t>(result.pixels, 1));
    return result;
}

}  // namespace platefall::compare
