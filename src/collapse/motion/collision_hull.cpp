#include "collapse/motion/collision_hull.h"

#include <LinearMath/btConvexHullComputer.h>

#include <algorithm>

namespace platefall::collapse {
namespace {

constexpr double kMargin_m = 0.02;          // shallow contacts are found without the slow search for depth
constexpr double kMostShrunk = 0.4;         // of the radius of what fits inside

}  // namespace

CollisionHull collision_hull(const Solid& solid, const Eigen::Vector3d& centre, double shrink_m, double scale)
{
    std::vector<Eigen::Vector3d> points;
    points.reserve(solid.points.size());
    for (const Eigen::Vector3d& point : solid.points)
        points.push_back(scale * (point - centre));

    // The hull is shrunk by its margin too, which the collision adds again.
    btConvexHullComputer hull;
    const double shrunk = hull.compute(points.front().data(), static_cast<int>(sizeof(points.front())),
                                       static_cast<int>(points.size()), shrink_m + kMargin_m, kMostShrunk);
    if (shrunk <= 0 || hull.vertices.size() < 4)
        return {.points = std::move(points), .margin_m = 0.001};

    CollisionHull result{.points = {}, .margin_m = std::clamp(shrunk - shrink_m, 0.2 * shrunk, kMargin_m)};
    for (int i = 0; i < hull.vertices.size(); ++i)
        result.points.emplace_back(hull.vertices[i].x(), hull.vertices[i].y(), hull.vertices[i].z());
    return result;
}

}  // namespace platefall::collapse
