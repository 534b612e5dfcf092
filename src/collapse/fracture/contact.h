/// The plane area over which two pieces touch.
#pragma once

#include "collapse/building/polygon.h"
#include "collapse/solid.h"

#include <optional>

namespace platefall::collapse {

/// Of a plane area that is glued on both sides.
struct Section {
    Eigen::Vector3d middle = Eigen::Vector3d::Zero();
    Eigen::Vector3d normal = Eigen::Vector3d::UnitX();
    double area_m2 = 0;
    double bending_m3 = 0;
    double torsion_m3 = 0;
};

/// Of a polygon in a plane's own two axes: section moduli about its principal axes, the smaller one for
/// bending; the polar moment over the farthest corner for torsion.
Section section_of(const Polygon& polygon, const Eigen::Vector3d& origin, const Eigen::Vector3d& across,
                   const Eigen::Vector3d& up);

/// Of a face, with its outward normal.
Section section_of(const Solid& solid, const Solid::Face& face);

/// What two faces share that look at each other across less than `tolerance_m`; the normal is that of the first.
std::optional<Section> contact(const Solid& first, const Solid::Face& first_face, const Solid& second,
                               const Solid::Face& second_face, double tolerance_m);

}  // namespace platefall::collapse
