#include "cleanplate/motion/feature_match.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace platefall::cleanplate {
namespace {

constexpr int kLength = 128;
constexpr double kRatio = 0.8;  // of distances; squared below

/// Bytes widened once, so that the inner loop is a plain multiply-add of 16-bit integers.
std::vector<std::int16_t> widened(const std::vector<std::uint8_t>& descriptors)
{
    return {descriptors.begin(), descriptors.end()};
}

// Integers: every processor gives the same, however wide its registers.
__attribute__((target_clones("avx2", "default"))) int squared_distance(const std::int16_t* a,
                                                                       const std::int16_t* b)
{
    int sum = 0;
    for (int i = 0; i < kLength; ++i) {
        const std::int16_t difference = static_cast<std::int16_t>(a[i] - b[i]);
        sum += difference * difference;
    }
    return sum;
}

/// The best two that one feature was compared with.
struct Best {
    int index = -1;
    int distance = std::numeric_limits<int>::max(), second_distance = std::numeric_limits<int>::max();

    void offer(int other, int other_distance)
    {
        if (other_distance < distance) {
            second_distance = distance;
            distance = other_distance;
            index = other;
        } else if (other_distance < second_distance) {
            second_distance = other_distance;
        }
    }

    bool is_clear() const { return index >= 0 && distance < kRatio * kRatio * second_distance; }
};

class Comparison {
public:
    Comparison(const FrameFeatures& first, const FrameFeatures& second)
        : first_(widened(first.descriptors)), second_(widened(second.descriptors)),
          best_of_first_(first.points.size()), best_of_second_(second.points.size())
    {
    }

    void compare(int a, int b)
    {
        const int distance = squared_distance(first_.data() + std::ptrdiff_t{kLength} * a,
                                              second_.data() + std::ptrdiff_t{kLength} * b);
        best_of_first_[a].offer(b, distance);
        best_of_second_[b].offer(a, distance);
    }

    std::vector<Match> mutual() const
    {
        std::vector<Match> matches;
        for (int a = 0; a < static_cast<int>(best_of_first_.size()); ++a)
            if (const Best& best = best_of_first_[a];
                best.is_clear() && best_of_second_[best.index].index == a)
                matches.push_back({a, best.index});
        return matches;
    }

private:
    std::vector<std::int16_t> first_, second_;
    std::vector<Best> best_of_first_, best_of_second_;
};

/// Points sorted into square cells, for finding those around a place.
class Cells {
public:
    Cells(const std::vector<Vec2>& points, const Window& window, double cell_px)
        : window_(window), cell_px_(cell_px), columns_(column(window.x1) + 1), rows_(row(window.y1) + 1),
          cells_(static_cast<std::size_t>(columns_) * rows_)
    {
        for (int i = 0; i < static_cast<int>(points.size()); ++i)
            cells_[static_cast<std::size_t>(row(points[i][1])) * columns_ + column(points[i][0])].push_back(
                i);
    }

    /// Calls `visit` with every point of the cells that touch the square of half-width cell_px around
    /// `place`.
    template <class Visit>
    void around(const Vec2& place, Visit visit) const
    {
        const double x = place[0], y = place[1];
        if (!(x > window_.x0 - cell_px_ && x < window_.x1 + cell_px_ && y > window_.y0 - cell_px_
              && y < window_.y1 + cell_px_))
            return;
        for (int r = std::max(row(y) - 1, 0); r <= std::min(row(y) + 1, rows_ - 1); ++r)
            for (int c = std::max(column(x) - 1, 0); c <= std::min(column(x) + 1, columns_ - 1); ++c)
                for (const int i : cells_[static_cast<std::size_t>(r) * columns_ + c])
                    visit(i);
    }

private:
    int column(double x) const { return static_cast<int>(std::floor((x - window_.x0) / cell_px_)); }
    int row(double y) const { return static_cast<int>(std::floor((y - window_.y0) / cell_px_)); }

    Window window_;
    double cell_px_;
    int columns_, rows_;
    std::vector<std::vector<int>> cells_;
};

}  // namespace

std::vector<Match> match_everywhere(const FrameFeatures& first, const FrameFeatures& second)
{
    Comparison comparison(first, second);
    for (int a = 0; a < static_cast<int>(first.points.size()); ++a)
        for (int b = 0; b < static_cast<int>(second.points.size()); ++b)
            comparison.compare(a, b);
    return comparison.mutual();
}

std::vector<Match> match_near(const FrameFeatures& first, const FrameFeatures& second,
                              const Homography& second_from_first, double radius_px)
{
    Comparison comparison(first, second);
    const Cells cells(second.points, second.window, radius_px);
    for (int a = 0; a < static_cast<int>(first.points.size()); ++a) {
        if (!second_from_first.faces(first.points[a]))
            continue;
        const Vec2 place = second_from_first(first.points[a]);
        cells.around(place, [&](int b) {
            if (std::hypot(second.points[b][0] - place[0], second.points[b][1] - place[1]) <= radius_px)
                comparison.compare(a, b);
        });
    }
    return comparison.mutual();
}

}  // namespace platefall::cleanplate
