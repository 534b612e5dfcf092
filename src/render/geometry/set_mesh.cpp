#include "render/geometry/set_mesh.h"

namespace platefall::render {
namespace {

constexpr float kStreet_m = 4000;     ///< as far as the ground goes on

void add_quad(Mesh& mesh, const V3& a, const V3& b, const V3& c, const V3& d)
{
    const auto first = static_cast<std::uint32_t>(mesh.points.size());
    mesh.points.insert(mesh.points.end(), {a, b, c, d});
    mesh.triangles.push_back({first, first + 1, first + 2});
    mesh.triangles.push_back({first, first + 2, first + 3});
}

void add_box(Mesh& mesh, const V3& l, const V3& h)
{
    add_quad(mesh, {l.x, l.y, h.z}, {h.x, l.y, h.z}, {h.x, h.y, h.z}, {l.x, h.y, h.z});   // +z
    add_quad(mesh, {h.x, l.y, l.z}, {l.x, l.y, l.z}, {l.x, h.y, l.z}, {h.x, h.y, l.z});   // -z
    add_quad(mesh, {h.x, l.y, h.z}, {h.x, l.y, l.z}, {h.x, h.y, l.z}, {h.x, h.y, h.z});   // +x
    add_quad(mesh, {l.x, l.y, l.z}, {l.x, l.y, h.z}, {l.x, h.y, h.z}, {l.x, h.y, l.z});   // -x
    add_quad(mesh, {l.x, h.y, h.z}, {h.x, h.y, h.z}, {h.x, h.y, l.z}, {l.x, h.y, l.z});   // +y
}

}  // namespace

Mesh set_mesh(const CollapseSet& set)
{
    Mesh mesh;
    const float y = set.ground_m;
    add_quad(mesh, {-kStreet_m, y, kStreet_m}, {kStreet_m, y, kStreet_m}, {kStreet_m, y, -kStreet_m},
             {-kStreet_m, y, -kStreet_m});
    for (const SetBox& box : set.obstacles)
        add_box(mesh, to_v3(box.low), to_v3(box.high));
    return mesh;
}

V3 normal_of(const Mesh& mesh, std::uint32_t triangle)
{
    const auto& [a, b, c] = mesh.triangles[triangle];
    return (mesh.points[b] - mesh.points[a]).cross(mesh.points[c] - mesh.points[a]).normalized();
}

}  // namespace platefall::render
