/// Convex solids: what a building is made of and what it breaks into. SI units; y is up.
#pragma once

#include <Eigen/Core>

#include <vector>

namespace platefall::collapse {

/// A convex polyhedron with plane faces.
struct Solid {
    struct Face {
        std::vector<int> corners;   ///< three or more, counter-clockwise seen from outside
        bool outer = true;          ///< surface of the element as it was built; false: a face it broke along
    };
    std::vector<Eigen::Vector3d> points;
    std::vector<Face> faces;
};

/// Of a body of density 1.
struct MassProperties {
    double volume_m3 = 0;
    Eigen::Vector3d centre = Eigen::Vector3d::Zero();
    Eigen::Matrix3d inertia = Eigen::Matrix3d::Zero();   ///< about the centre, axes of the world; m^5
};

/// Exact for any closed polyhedron with plane faces (Mirtich 1996 reduced to tetrahedra).
MassProperties mass_properties(const Solid& solid);

/// Points outward from a plane face; its length is the face's area in m^2.
Eigen::Vector3d area_vector(const Solid& solid, const Solid::Face& face);

/// An upright or turned box: `half` are half its lengths along the columns of `axes`.
Solid box(const Eigen::Vector3d& middle, const Eigen::Vector3d& half,
          const Eigen::Matrix3d& axes = Eigen::Matrix3d::Identity());

/// What stands between two heights over a convex polygon of (x, z) points, in either order.
Solid prism(const std::vector<Eigen::Vector2d>& polygon, double bottom, double top);

/// The part of a convex solid with normal . point <= offset; empty (no faces) when there is none. The cut is
/// a face with `outer` as told. `normal` is of unit length; points within a nanometre of the plane count as
/// on it.
Solid clipped(const Solid& solid, const Eigen::Vector3d& normal, double offset, bool cut_is_outer);

}  // namespace platefall::collapse
