/// What stands around the building, as triangles: the street and the neighbours.
#pragma once

#include "scene/collapse_files.h"
#include "render/geometry/trace_scene.h"

namespace platefall::render {

/// The street and the neighbours, which never move: a plane at the ground's height, and boxes.
Mesh set_mesh(const CollapseSet& set);

/// Outward normal of a triangle of a mesh that does not move.
V3 normal_of(const Mesh& mesh, std::uint32_t triangle);

}  // namespace platefall::render
