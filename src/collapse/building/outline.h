/// The rim of a floor: corner columns, columns along the edges, and the walls between them.
#pragma once

#include "collapse/building/building.h"
#include "collapse/building/polygon.h"

namespace platefall::collapse {

/// One edge of the footprint.
struct Edge {
    Eigen::Vector2d start, along, inward;   ///< unit vectors; the footprint is counter-clockwise
    double length_m = 0;
    double first_m = 0, last_m = 0;         ///< where its corner columns end
    std::vector<double> columns_m;          ///< middles of the columns between its corners

    Eigen::Vector2d at(double along_m, double inward_m) const { return start + along_m * along + inward_m * inward; }

    /// From one place along the edge to another, and from one depth to another.
    Polygon strip(double from_m, double to_m, double outer_m, double inner_m) const;
};

/// Straight lines on which columns stand, and the two directions that they run in.
struct Grid {
    Eigen::Vector2d u, v;                   ///< unit vectors, at right angles
    std::vector<double> across_u, across_v; ///< ascending; lines where u . point or v . point has that value

    Eigen::Vector2d at(double along_u, double along_v) const { return along_u * u + along_v * v; }
    Polygon rectangle(double u0, double u1, double v0, double v1) const;
};

/// Along the longest edge; lines go through corners of the footprint and divide what is between them into equal bays.
Grid make_grid(const Polygon& footprint, double bay_m);

struct Outline {
    std::vector<Edge> edges;
    std::vector<Polygon> corners;           ///< columns, one or two convex parts a corner
};

/// Throws Error where an edge is too short for the columns at its ends.
Outline make_outline(const Polygon& footprint, const Grid& grid, const BuildingPlan& plan);

/// Where the inner faces of walls of a thickness meet at the corner where `edge` starts.
Eigen::Vector2d inner_corner(const Outline& outline, std::size_t edge, double thickness_m);

}  // namespace platefall::collapse
