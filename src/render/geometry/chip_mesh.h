/// Chips as triangles: each an octahedron out of shape, by its seed.
#pragma once

#include "render/geometry/trace_scene.h"
#include "scene/chips.h"

namespace platefall::render {

inline constexpr int kTrianglesPerChip = 8;

/// Adds the chips of a frame to a mesh that moves, those that are at least `least_m` across; `added` lists them. Their
/// triangles follow each other, kTrianglesPerChip each.
void add_chips(Mesh& mesh, const Chips& chips, const ChipsFrame& frame, float half_shutter_s, float least_m,
               std::vector<int>& added);

/// A corner of a chip's shape, from its centre and not turned, in m.
V3 chip_corner(const Chip& chip, int corner);

/// Corners of one of its triangles, counter-clockwise seen from outside.
std::array<int, 3> chip_triangle(int triangle);

}  // namespace platefall::render
