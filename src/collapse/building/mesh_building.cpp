#include "collapse/building/building.h"
#include "collapse/building/closed_parts.h"
#include "collapse/building/convex_cut.h"
#include "collapse/building/polygon.h"

#include <platefall/error.h>

#include <Eigen/Geometry>
#include <assimp/Importer.hpp>
#include <assimp/postprocess.h>
#include <assimp/scene.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr int kMostConvex = 256;      // that one part may fall into

/// What one object of the file is made of.
struct Object {
    std::string name;
    std::vector<Triangle> triangles;
};

Triangle triangle_of(const aiMesh& mesh, const aiFace& face, const aiMatrix4x4& world, const Vector3d& offset)
{
    Triangle triangle;
    for (unsigned i = 0; i < 3; ++i) {
        const aiVector3D point = world * mesh.mVertices[face.mIndices[i]];
        triangle[i] = Vector3d(point.x, point.y, point.z) + offset;
    }
    return triangle;
}

/// An object may come as one mesh for each of its materials: together they are closed.
void collect(const aiScene& scene, const aiNode& node, const aiMatrix4x4& parent, const Vector3d& offset,
             std::vector<Object>& objects)
{
    const aiMatrix4x4 world = parent * node.mTransformation;
    Object object{.name = node.mName.C_Str(), .triangles = {}};
    for (unsigned i = 0; i < node.mNumMeshes; ++i) {
        const aiMesh& mesh = *scene.mMeshes[node.mMeshes[i]];
        for (unsigned k = 0; k < mesh.mNumFaces; ++k)
            if (mesh.mFaces[k].mNumIndices == 3)
                object.triangles.push_back(triangle_of(mesh, mesh.mFaces[k], world, offset));
    }
    if (!object.triangles.empty())
        objects.push_back(std::move(object));
    for (unsigned i = 0; i < node.mNumChildren; ++i)
        collect(scene, *node.mChildren[i], world, offset, objects);
}

std::vector<Object> read_objects(const std::filesystem::path& path, const Vector3d& offset)
{
    Assimp::Importer importer;
    const aiScene* scene = importer.ReadFile(path.string(), aiProcess_Triangulate);
    if (!scene || !scene->mRootNode)
        throw Error(fmt::format("building: cannot read the mesh '{}': {}", path.string(), importer.GetErrorString()));
    std::vector<Object> objects;
    collect(*scene, *scene->mRootNode, aiMatrix4x4(), offset, objects);
    if (objects.empty())
        throw Error(fmt::format("building: the mesh '{}' has no faces", path.string()));
    return objects;
}

/// Convex solids of every part, or why there are none.
void add_solids(const SurfacePart& part, const std::string& name, std::vector<Solid>& solids, Faults& faults)
{
    if (part.open_edges > 0) {
        faults.add(fmt::format("building: part {} is not closed: {} of its edges {} open; close its holes", name,
                               part.open_edges, part.open_edges == 1 ? "is" : "are"));
        return;
    }
    if (part.turned_edges > 0) {
        faults.add(fmt::format(
            "building: part {} has faces turned inside out along {} of its edges; make its normals point "
            "outward",
            name, part.turned_edges));
        return;
    }
    const std::vector<Solid> convex = convex_solids(part.triangles, kMostConvex);
    if (convex.empty()) {
        faults.add(fmt::format("building: part {} falls into more than {} convex parts; simplify it", name,
                               kMostConvex));
        return;
    }
    double volume = 0;
    for (const Solid& solid : convex)
        volume += mass_properties(solid).volume_m3;
    const double expected = enclosed_volume(part.triangles);
    if (std::abs(volume - expected) > 0.01 * expected) {
        faults.add(fmt::format(
            "building: part {} cannot be cut into convex parts; remove faces that pass through each other",
            name));
        return;
    }
    solids.insert(solids.end(), convex.begin(), convex.end());
}

std::vector<Solid> read_solids(const std::filesystem::path& path, const Vector3d& offset)
{
    std::vector<Solid> solids;
    Faults faults;
    for (const Object& object : read_objects(path, offset)) {
        const std::vector<SurfacePart> parts = surface_parts(object.triangles);
        for (std::size_t i = 0; i < parts.size(); ++i)
            add_solids(parts[i],
                       parts.size() == 1 ? fmt::format("'{}' of '{}'", object.name, path.string())
                                         : fmt::format("'{}' (number {} of {}) of '{}'", object.name, i + 1,
                                                       parts.size(), path.string()),
                       solids, faults);
    }
    faults.throw_if_any();
    return solids;
}

/// Convex hull seen from above: Andrew (1979).
Polygon hull(std::vector<Vector2d> points)
{
    std::ranges::sort(points, {}, [](const Vector2d& point) { return std::pair(point.x(), point.y()); });
    Polygon ring;
    for (int half = 0; half < 2; ++half) {
        const std::size_t start = ring.size();
        for (const Vector2d& point : points) {
            while (ring.size() >= start + 2) {
                const Vector2d a = ring.back() - ring[ring.size() - 2], b = point - ring.back();
                if (a.x() * b.y() - a.y() * b.x() > 1e-12)
                    break;
                ring.pop_back();
            }
            ring.push_back(point);
        }
        ring.pop_back();
        std::ranges::reverse(points);
    }
    return ring;
}

}  // namespace

Elements read_building(const std::filesystem::path& mesh, const Vector3d& offset, int floors, Material material)
{
    if (floors < 1)
        throw Error(fmt::format("building: 'floors' is {}; give 1 or more", floors));
    const std::vector<Solid> solids = read_solids(mesh, offset);
    Eigen::AlignedBox3d bounds;
    std::vector<Vector2d> seen;
    for (const Solid& solid : solids)
        for (const Vector3d& point : solid.points) {
            bounds.extend(point);
            seen.emplace_back(point.x(), point.z());
        }

    Elements building;
    building.footprint = hull(std::move(seen));
    const double height = bounds.sizes().y() / floors, bottom = bounds.min().y();
    for (int floor = 0; floor < floors; ++floor)
        building.storeys.push_back({.bottom_m = bottom + floor * height,
                                    .top_m = bottom + (floor + 1) * height,
                                    .area_m2 = signed_area(building.footprint)});
    for (const Solid& solid : solids) {
        const double middle = mass_properties(solid).centre.y();
        const int floor = std::clamp(static_cast<int>((middle - bottom) / height), 0, floors - 1);
        building.elements.push_back({.solid = solid, .kind = ElementKind::block, .material = material, .floor = floor});
    }
    return building;
}

}  // namespace platefall::collapse
