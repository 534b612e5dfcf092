#include "matte/outline.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace platefall::matte {
namespace {

constexpr double kFlatness = 0.01; // px between the curve and its polygon
constexpr double kNoLength = 1e-9; // px^0.5; keeps points that fall together from dividing by zero

/// The knot interval of centripetal parametrisation: the square root of the chord.
double interval(const Point& a, const Point& b)
{
    return std::max(std::sqrt(std::hypot(b[0] - a[0], b[1] - a[1])), kNoLength);
}

/// The tangent at `b`, scaled to the span that follows it or, with `backwards`, comes before it.
Point tangent(const Point& a, const Point& b, const Point& c, bool backwards)
{
    const double before = interval(a, b), after = interval(b, c);
    const double span = backwards ? before : after;
    Point result;
    for (std::size_t i = 0; i < 2; ++i)
        result[i] =
            span * ((b[i] - a[i]) / before - (c[i] - a[i]) / (before + after) + (c[i] - b[i]) / after);
    return result;
}

/// So that a span that turns by half a circle still stays within kFlatness.
int steps(const Point& from, const Point& to)
{
    const double chord = std::hypot(to[0] - from[0], to[1] - from[1]);
    return static_cast<int>(std::clamp(std::ceil(std::sqrt(chord * 3.2 / (8.0 * kFlatness))), 2.0, 2000.0));
}

} // namespace

std::vector<Point> smooth_outline(std::span<const Point> points)
{
    std::vector<Point> outline;
    const std::size_t count = points.size();
    for (std::size_t i = 0; i < count; ++i) {
        const Point& from = points[i];
        const Point& to = points[(i + 1) % count];
        const Point leave = tangent(points[(i + count - 1) % count], from, to, false);
        const Point arrive = tangent(from, to, points[(i + 2) % count], true);

        // Cubic Hermite from `from` to `to`; the last point is the next span's first.
        const int last = steps(from, to);
        for (int k = 0; k < last; ++k) {
            const double t = static_cast<double>(k) / last, t2 = t * t, t3 = t2 * t;
            Point& p = outline.emplace_back();
            for (std::size_t axis = 0; axis < 2; ++axis)
                p[axis] = (2 * t3 - 3 * t2 + 1) * from[axis] + (t3 - 2 * t2 + t) * leave[axis]
                          + (3 * t2 - 2 * t3) * to[axis] + (t3 - t2) * arrive[axis];
        }
    }
    return outline;
}

} // namespace platefall::matte
