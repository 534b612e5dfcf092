/// How many pieces an element breaks into, and where their seeds lie.
#pragma once

#include "collapse/fracture/cells.h"
#include "collapse/fracture/fracture.h"

namespace platefall::collapse {

/// How large pieces are wanted where, as a multiple of `size_m`: less near charges, more far from the camera.
class SizeField {
public:
    /// `nearest_m`: how far the nearest element is from a camera; pieces there are not enlarged.
    SizeField(const FractureSettings& settings, double nearest_m) : settings_(settings), nearest_m_(nearest_m) {}

    double at(const Eigen::Vector3d& place) const;

private:
    const FractureSettings& settings_;
    double nearest_m_;
};

/// Distance to the nearest camera; 0 without any.
double camera_distance(const FractureSettings& settings, const Eigen::Vector3d& place);

/// What the number of an element's pieces depends on, in units of `size_m`; made once for all sizes that are tried.
struct Demand {
    double volume = 0;                                   ///< in wanted volumes of a piece at `size_m` = 1
    Eigen::Vector3d lengths = Eigen::Vector3d::Zero();   ///< in longest lengths of a piece at `size_m` = 1
};
Demand demand(const Solid& solid, const Frame& frame, const SizeField& sizes,
              const FractureSettings& settings, int element);
int piece_count(const Demand& demand, double size_m);

/// Seeds inside a solid, spread by best candidates (Mitchell 1991) with distances measured in wanted sizes. Where the
/// solid is thin for its pieces they lie in its middle, so that cells reach through it.
std::vector<Eigen::Vector3d> spread_seeds(const Solid& solid, const Frame& frame, int count, const SizeField& sizes,
                                          const FractureSettings& settings, int element);

}  // namespace platefall::collapse
