/// Laws that solids are tested by.
#pragma once

#include "collapse/building/building.h"

#include <algorithm>
#include <map>
#include <utility>

namespace platefall::collapse::test {

inline double volume(const Solid& solid)
{
    return mass_properties(solid).volume_m3;
}

/// Every edge belongs to two faces, which run along it in opposite directions.
inline bool closed(const Solid& solid)
{
    std::map<std::pair<int, int>, int> uses;
    for (const Solid::Face& face : solid.faces)
        for (std::size_t i = 0; i < face.corners.size(); ++i)
            ++uses[{face.corners[i], face.corners[(i + 1) % face.corners.size()]}];
    for (const auto& [edge, count] : uses)
        if (count != 1 || !uses.contains({edge.second, edge.first}))
            return false;
    return !uses.empty();
}

/// How far a point of the solid lies above the plane of one of its faces; about 0 for a convex one.
inline double dent(const Solid& solid)
{
    double deepest = 0;
    for (const Solid::Face& face : solid.faces) {
        const Eigen::Vector3d normal = area_vector(solid, face).normalized();
        for (const Eigen::Vector3d& point : solid.points)
            deepest = std::max(deepest, normal.dot(point - solid.points[face.corners[0]]));
    }
    return deepest;
}

inline double shared_volume(const Solid& first, const Solid& second)
{
    Solid left = first;
    for (const Solid::Face& face : second.faces) {
        const Eigen::Vector3d normal = area_vector(second, face).normalized();
        left = clipped(left, normal, normal.dot(second.points[face.corners[0]]), false);
        if (left.faces.empty())
            return 0;
    }
    return volume(left);
}

inline bool boxes_overlap(const Solid& first, const Solid& second)
{
    for (int axis = 0; axis < 3; ++axis) {
        const auto along = [axis](const Eigen::Vector3d& point) { return point[axis]; };
        const auto [a, b] = std::ranges::minmax(first.points, {}, along);
        const auto [c, d] = std::ranges::minmax(second.points, {}, along);
        if (a[axis] > d[axis] - 1e-7 || c[axis] > b[axis] - 1e-7)
            return false;
    }
    return true;
}

/// The largest volume that two elements share.
inline double worst_overlap(const Elements& building)
{
    double worst = 0;
    for (std::size_t i = 0; i < building.elements.size(); ++i)
        for (std::size_t j = i + 1; j < building.elements.size(); ++j)
            if (const Solid &a = building.elements[i].solid, &b = building.elements[j].solid; boxes_overlap(a, b))
                worst = std::max(worst, shared_volume(a, b));
    return worst;
}

inline double total_volume(const Elements& building)
{
    double sum = 0;
    for (const Element& element : building.elements)
        sum += volume(element.solid);
    return sum;
}

/// The sample shot's building.
inline BuildingPlan sample_plan()
{
    BuildingPlan plan;
    plan.footprint = {{-10, 0}, {10, 0}, {10, -14}, {-10, -14}};
    plan.floors = 10;
    return plan;
}

}  // namespace platefall::collapse::test
