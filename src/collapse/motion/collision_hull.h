/// What a piece collides with: smaller than what is seen.
#pragma once

#include "collapse/solid.h"

namespace platefall::collapse {

struct CollisionHull {
    std::vector<Eigen::Vector3d> points;   ///< about the piece's centre of mass
    double margin_m = 0;                   ///< the physics grows the points by this
};

/// The solid with every face moved inwards by `shrink_m`, by less where it is too thin for that; then `scale` of it.
CollisionHull collision_hull(const Solid& solid, const Eigen::Vector3d& centre, double shrink_m, double scale);

}  // namespace platefall::collapse
