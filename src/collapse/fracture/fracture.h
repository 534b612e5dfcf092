/// Into what a building breaks: Voronoi cells inside every element, and the bonds between them.
#pragma once

#include "collapse/building/building.h"

#include <cstdint>
#include <vector>

namespace platefall::collapse {

struct FractureSettings {
    double size_m = 1.2;                     ///< median of the cube root of a piece's volume
    double spread = 0.35;                    ///< sigma of the logarithm of sizes from element to element
    int most_pieces = 2500;                  ///< refused above; `size_m` that would fit is in the message
    std::vector<Eigen::Vector3d> denser_at;  ///< charges: pieces within `denser_m` are down to half as large
    double denser_m = 4;
    std::vector<Eigen::Vector3d> seen_from;  ///< camera positions: pieces far from the nearest are larger; may be empty
    double jitter = 0.2;                     ///< sigma of the logarithm of bond strengths
    double strength = 1;                     ///< the artist's multiplier on all bonds
    std::uint64_t seed = 0;
};

/// Breaks every element into voro++ cells (cells of an element at least six times as wide as thick reach
/// through it: 2.5D) and bonds pieces where they touch: inside an element by the cells' common faces, between
/// elements where opposite faces overlap. Pieces that rest on the ground (within a centimetre of `ground_m`)
/// are anchored. Bonds between different elements are joints: glass and partitions hold less.
///
/// Same seed, same structure, whatever the number of threads. Throws Error above `most_pieces`.
Structure fracture(const Elements& building, double ground_m, const FractureSettings& settings);

}  // namespace platefall::collapse
