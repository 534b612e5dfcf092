/// What stands where on every floor, seen from above.
#pragma once

#include "collapse/building/building.h"
#include "collapse/building/polygon.h"

namespace platefall::collapse {

/// A stretch of outer wall between two columns.
struct WallRun {
    Eigen::Vector2d from, to;   ///< ends of its outer face
    Eigen::Vector2d inward;     ///< unit normal
};

/// Convex polygons, counter-clockwise; those that share heights in a storey do not overlap.
struct FloorPlan {
    Polygon footprint;
    std::vector<Polygon> columns;
    std::vector<WallRun> walls;
    std::vector<Polygon> beams;
    std::vector<Polygon> partitions;  ///< all that there is room for; a storey carries some of them
    std::vector<Polygon> slabs;       ///< without the shaft
    std::vector<Polygon> core;        ///< walls of the shaft
    Polygon shaft;                    ///< outside of the core's walls; empty: none
    std::vector<Polygon> parapet;
};

/// The plan is one that check_plan let through. Throws Error where edges are too short for their columns, and where the
/// footprint is narrower than its own walls.
FloorPlan make_floor_plan(const BuildingPlan& plan);

}  // namespace platefall::collapse
