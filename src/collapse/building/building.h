/// The building before it falls: from what the manifest says to elements.
#pragma once

#include "collapse/structure.h"

#include <filesystem>
#include <vector>

namespace platefall::collapse {

/// A building of storeys: a frame of columns, beams and slabs, walls with windows around it. SI units, y up.
struct BuildingPlan {
    std::vector<Eigen::Vector2d> footprint;  ///< (x, z) corners, three or more, in either order; may be concave
    double ground_m = 0;                     ///< height of its foot
    int floors = 1;
    double floor_height_m = 3;
    double bay_m = 5;                        ///< about how far columns stand apart; bays are made equal
    double slab_m = 0.25;                    ///< thickness
    double column_m = 0.45;                  ///< side of a square column
    double beam_m = 0.5;                     ///< depth below the slab; 0: flat slabs, no beams
    double wall_m = 0.2;                     ///< thickness of the outer walls
    double openings = 0.4;                   ///< share of the outer walls that is windows, 0..0.8
    double sill_m = 1.0;
    double parapet_m = 0.9;                  ///< 0: none
    double core = 0.08;                      ///< share of the footprint inside concrete core walls; 0: none
    double partitions = 0.3;                 ///< how many of the inner bay lines carry partition walls, 0..1
    Material walls = Material::masonry;
};

/// Elements of the plan; they touch where they carry each other, and do not overlap. Order is fixed by the
/// plan.
///
/// Refuses, with an Error that says what to do: fewer than three corners, a footprint that crosses itself or
/// has no area, no floors, a height, thickness or share out of range, bays too small for their columns.
struct Elements {
    std::vector<Element> elements;
    std::vector<Storey> storeys;
    std::vector<Eigen::Vector2d> footprint;
};
Elements make_building(const BuildingPlan& plan);

/// A building from a mesh file (anything assimp reads; metres, y up), moved by `offset`. Its separate closed
/// parts become elements; parts that are not convex are cut into convex ones. `floors` storeys divide its
/// height; the footprint is its convex hull seen from above.
///
/// Refuses a file that cannot be read, and every part that is not closed (naming it and how many open edges
/// it has), whose faces are turned against each other or pass through each other, or which falls into
/// hundreds of convex ones.
Elements read_building(const std::filesystem::path& mesh, const Eigen::Vector3d& offset, int floors, Material material);

}  // namespace platefall::collapse
