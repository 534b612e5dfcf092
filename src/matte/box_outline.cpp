#include "matte/box_outline.h"

#include <algorithm>
#include <cstddef>

namespace platefall::matte {
namespace {

constexpr double kNear_m = 0.05; // nothing nearer than that is looked at

double depth_of(const Camera& camera, const Vec3& world_m)
{
    double along = 0;
    for (std::size_t i = 0; i < 3; ++i)
        along -= camera.world_from_camera[i][2] * (world_m[i] - camera.world_from_camera[i][3]);
    return along;
}

/// The corners in front of the near plane, and where edges pass through it: their hull is that of the box cut off there.
std::vector<Vec3> in_front(const Box& box, const Camera& camera)
{
    const auto corner = [&](std::size_t number) {
        Vec3 at{};
        for (std::size_t axis = 0; axis < 3; ++axis)
            at[axis] = (number >> axis & 1) ? box.high_m[axis] : box.low_m[axis];
        return at;
    };
    std::vector<Vec3> places;
    for (std::size_t number = 0; number < 8; ++number) {
        const Vec3 a = corner(number);
        const double depth_a = depth_of(camera, a);
        if (depth_a >= kNear_m)
            places.push_back(a);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const std::size_t other = number | std::size_t{1} << axis;
            const Vec3 b = corner(other);
            const double depth_b = depth_of(camera, b);
            if (other == number || (depth_a >= kNear_m) == (depth_b >= kNear_m))
                continue;
            Vec3 between = a;
            for (std::size_t i = 0; i < 3; ++i)
                between[i] += (kNear_m - depth_a) / (depth_b - depth_a) * (b[i] - a[i]);
            places.push_back(between);
        }
    }
    return places;
}

/// Andrew's monotone chain (1979).
std::vector<Point> convex_hull(std::vector<Point> points)
{
    std::ranges::sort(points);
    std::vector<Point> hull;
    const auto add = [&](const Point& p, std::size_t keep) {
        const auto turns_left = [&] {
            const Point &a = hull[hull.size() - 2], &b = hull.back();
            return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0;
        };
        while (hull.size() > keep && !turns_left())
            hull.pop_back();
        hull.push_back(p);
    };
    for (const Point& p : points)
        add(p, 1);
    const std::size_t lower = hull.size();
    for (std::size_t i = points.size(); i-- > 1;)
        add(points[i - 1], lower);
    if (hull.size() > 1)
        hull.pop_back(); // the first again
    return hull;
}

} // namespace

std::vector<Point> outline_of(const Box& box, const Camera& camera, const Window& display)
{
    std::vector<Point> points;
    for (const Vec3& place : in_front(box, camera))
        if (const auto pixel = camera.project(place, display.width(), display.height()))
            points.push_back({display.x0 + (*pixel)[0], display.y0 + (*pixel)[1]});
    return convex_hull(std::move(points));
}

} // namespace platefall::matte
