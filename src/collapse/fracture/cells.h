/// Voronoi cells inside a convex solid.
#pragma once

#include "collapse/solid.h"

#include <vector>

namespace platefall::collapse {

/// Axes of a solid: its thinnest direction is the last column. `half` are half its lengths along the columns.
struct Frame {
    Eigen::Matrix3d axes = Eigen::Matrix3d::Identity();   ///< right-handed
    Eigen::Vector3d middle = Eigen::Vector3d::Zero();
    Eigen::Vector3d half = Eigen::Vector3d::Zero();       ///< descending
};

/// The frame in which a face and one of its edges lie along axes and the box around the solid is smallest.
Frame frame_of(const Solid& solid);

/// What is nearer to its seed than to any other.
struct Cell {
    Solid solid;               ///< in the world
    std::vector<int> behind;   ///< what each face touches: a cell (>= 0), or face f of the whole as -1 - f
};

/// One cell a seed, by voro++ (Rycroft 2009) with the solid's faces as walls. Seeds lie inside the solid,
/// apart from each other. A single seed gives the solid itself.
std::vector<Cell> voronoi_cells(const Solid& solid, const Frame& frame, const std::vector<Eigen::Vector3d>& seeds);

}  // namespace platefall::collapse
