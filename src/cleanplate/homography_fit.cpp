#include "cleanplate/homography_fit.h"

#include <Eigen/Dense>

namespace platefall::cleanplate {

Corners corners_of(const Window& window)
{
    const double x0 = window.x0, y0 = window.y0, x1 = window.x1, y1 = window.y1;
    return {Vec2{x0, y0}, Vec2{x1, y0}, Vec2{x0, y1}, Vec2{x1, y1}};
}

Homography from_corners(const Corners& from, const Corners& to)
{
    // x' (g x + h y + 1) = a x + b y + c, and the same for y'.
    Eigen::Matrix<double, 8, 8> left;
    Eigen::Matrix<double, 8, 1> right;
    for (int i = 0; i < 4; ++i) {
        const auto [x, y] = from[i];
        const auto [u, v] = to[i];
        left.row(2 * i) << x, y, 1, 0, 0, 0, -u * x, -u * y;
        left.row(2 * i + 1) << 0, 0, 0, x, y, 1, -v * x, -v * y;
        right.segment<2>(2 * i) << u, v;
    }
    const Eigen::Matrix<double, 8, 1> solution = left.fullPivLu().solve(right);
    Homography map;
    for (int i = 0; i < 8; ++i)
        map.m[i] = solution[i];
    return map;
}

Homography part_of(const Homography& map, const Window& window, double share)
{
    const Corners from = corners_of(window);
    Corners to = from;
    for (Vec2& corner : to) {
        const Vec2 end = map(corner);
        corner = {corner[0] + share * (end[0] - corner[0]), corner[1] + share * (end[1] - corner[1])};
    }
    return from_corners(from, to);
}

}  // namespace platefall::cleanplate
