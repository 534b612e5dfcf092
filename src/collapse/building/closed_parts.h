/// A soup of triangles as the closed surfaces that it consists of.
#pragma once

#include <Eigen/Core>

#include <array>
#include <vector>

namespace platefall::collapse {

using Triangle = std::array<Eigen::Vector3d, 3>;

struct SurfacePart {
    std::vector<Triangle> triangles;
    int open_edges = 0;     ///< that no second triangle runs along
    int turned_edges = 0;   ///< along which two triangles run in the same direction
};

/// Corners within a hundredth of a millimetre are one. Where more than two triangles share an edge, each goes
/// with the next one around it on its inner side, so that bodies which touch stay apart. Parts come in the
/// order of their first triangles; closed ones that are inside out are turned. Triangles without area are
/// left out.
std::vector<SurfacePart> surface_parts(const std::vector<Triangle>& triangles);

/// By the divergence theorem; positive when the triangles turn counter-clockwise seen from outside. m^3
double enclosed_volume(const std::vector<Triangle>& triangles);

}  // namespace platefall::collapse
