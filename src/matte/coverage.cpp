#include "matte/coverage.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace platefall::matte {
namespace {

// Coverage is a sum of differences; what rounding leaves of zero and of one is far below this.
constexpr double kRounding = 1e-9;

/// One row of pixels. `change` holds, for each pixel, by how much the covered area grows from the pixel to
/// its left, so that every edge only touches the pixels that it crosses.
class Row {
public:
    explicit Row(std::size_t width) : change_(width + 1, 0.0), width_(static_cast<double>(width)) {}

    /// An edge piece inside the row, x relative to the row's first pixel; `height` is negative for an edge
    /// that goes up. All that lies right of it is covered that much more.
    void add(double xa, double xb, double height)
    {
        if (xa > xb)
            std::swap(xa, xb);
        if (xb <= 0.0) {
            change_[0] += height;
        } else if (xa < 0.0) {
            const double inside = xb / (xb - xa);
            change_[0] += height * (1.0 - inside);
            add_visible(0.0, xb, height * inside);
        } else {
            add_visible(xa, xb, height);
        }
    }

    void finish(std::span<float> coverage) const
    {
        double sum = 0.0;
        for (std::size_t i = 0; i < coverage.size(); ++i) {
            sum += change_[i];
            const double covered = std::min(std::abs(sum), 1.0);
            coverage[i] = covered < kRounding       ? 0.0f
                          : covered > 1 - kRounding ? 1.0f
                                                    : static_cast<float>(covered);
        }
    }

private:
    /// 0 <= xa <= xb. What lies right of the row is not seen.
    void add_visible(double xa, double xb, double height)
    {
        if (xa >= width_)
            return;
        const double per_px = xb > xa ? height / (xb - xa) : 0.0;
        const double end = std::min(xb, width_);
        double x = xa;
        while (true) {
            const double column = std::floor(x);
            const double next = std::min(end, column + 1.0);
            const double piece = xb > xa ? per_px * (next - x) : height;
            const double left_share = column + 1.0 - 0.5 * (x + next); // covered part of the pixel itself
            change_[static_cast<std::size_t>(column)] += piece * left_share;
            change_[static_cast<std::size_t>(column) + 1] += piece * (1.0 - left_share);
            if (next >= end)
                return;
            x = next;
        }
    }

    std::vector<double> change_;
    double width_;
};

} // namespace

void cover_row(std::span<const Point> polygon, int x0, int y, std::span<float> coverage)
{
    Row row(coverage.size());
    const double top = y, bottom = y + 1.0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Point& from = polygon[i];
        const Point& to = polygon[(i + 1) % polygon.size()];
        const double high = std::max(std::min(from[1], to[1]), top);
        const double low = std::min(std::max(from[1], to[1]), bottom);
        if (!(high < low))
            continue;
        const double slope = (to[0] - from[0]) / (to[1] - from[1]);
        const double x_high = from[0] + (high - from[1]) * slope - x0;
        const double x_low = from[0] + (low - from[1]) * slope - x0;
        row.add(x_high, x_low, from[1] < to[1] ? low - high : high - low);
    }
    row.finish(coverage);
}

} // namespace platefall::matte
