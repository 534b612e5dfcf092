#include "render/surface/debris_look.h"

#include "render/geometry/chip_mesh.h"
#include "render/geometry/motion.h"
#include "render/sampling.h"

#include <algorithm>

namespace platefall::render {
namespace {

Substance substance_named(const std::string& name)
{
    if (name == "masonry")
        return Substance::masonry;
    if (name == "board")
        return Substance::board;
    return name == "glass" ? Substance::glass : Substance::concrete;
}

}  // namespace

const DebrisPose& DebrisNow::pose_of(const Hit& hit) const
{
    return is_chip(hit) ? chip_poses[static_cast<std::size_t>(chip_of(hit))]
                        : moment.poses[static_cast<std::size_t>(mesh->piece_of(hit.triangle))];
}

int DebrisNow::chip_of(const Hit& hit) const
{
    return chips_shown[(hit.triangle - piece_triangles) / kTrianglesPerChip];
}

DebrisLook::DebrisLook(const Debris& debris, const DebrisMesh& mesh, const PlateTexture* skin,
                       std::function<Colour(const Colour&)> to_working)
    : debris_(debris), mesh_(mesh), skin_(skin), to_working_(std::move(to_working))
{
    for (const std::string& name : debris.materials)
        substances_.push_back(substance_named(name));
    measure_rooms();
}

/// A storey lies between the slab below it and its own, which covers it; the lowest one begins where the building does.
void DebrisLook::measure_rooms()
{
    int storeys = 0;
    for (const DebrisElement& element : debris_.elements)
        storeys = std::max(storeys, element.floor + 1);
    constexpr float kNone = 1e30f;
    std::vector<float> under(static_cast<std::size_t>(storeys), kNone), above(static_cast<std::size_t>(storeys), -kNone);
    float ground = kNone;
    for (const DebrisPiece& piece : debris_.pieces) {
        const DebrisElement& element = debris_.elements[static_cast<std::size_t>(piece.element)];
        const auto storey = static_cast<std::size_t>(element.floor);
        for (const Vec3f& point : piece.points) {
            const float y = piece.centre.y + point.y;
            ground = std::min(ground, y);
            if (element.kind == ElementKind::slab) {
                under[storey] = std::min(under[storey], y);
                above[storey] = std::max(above[storey], y);
            }
        }
    }
    rooms_.resize(static_cast<std::size_t>(storeys));
    for (std::size_t i = 0; i < rooms_.size(); ++i) {
        const float bottom = i == 0 ? ground : above[i - 1];
        if (under[i] < kNone && bottom > -kNone && bottom < under[i])
            rooms_[i] = {bottom, under[i]};
    }
}

Surfel DebrisLook::piece_at(const DebrisNow& now, const Hit& hit, float width_m) const
{
    const int number = mesh_.face_of(hit.triangle);
    const DebrisFace& face = mesh_.faces()[static_cast<std::size_t>(number)];
    const DebrisPiece& piece = debris_.pieces[static_cast<std::size_t>(face.piece)];
    const DebrisElement& element = debris_.elements[static_cast<std::size_t>(piece.element)];
    const V3 rest = mesh_.rest_point(hit);
    const DebrisPose& pose = now.moment.poses[static_cast<std::size_t>(face.piece)];
    const V3 face_normal = turned(pose, face.normal);
    if (skin_)
        if (const auto skin = skin_->at(number, rest))
            return {Colour(0), skin, face_normal, face_normal, face.piece, piece.element};

    const V3 to_edge = DebrisMesh::way_to_edge(face, rest);
    const Room& room = rooms_[static_cast<std::size_t>(element.floor)];
    const bool is_slab = element.kind == ElementKind::slab && !face.broken;
    const Surface surface = surface_at({.rest = rest,
                                        .normal = face.normal,
                                        .substance = substances_[static_cast<std::size_t>(piece.material)],
                                        .broken = face.broken,
                                        .outside = skin_ && skin_->is_skin(number),
                                        .floor = is_slab && face.normal.y > 0.7f,
                                        .ceiling = is_slab && face.normal.y < -0.7f,
                                        .storey = element.floor,
                                        .element = static_cast<std::uint32_t>(piece.element),
                                        .piece = static_cast<std::uint32_t>(face.piece),
                                        .edge_m = to_edge.length(),
                                        .width_m = width_m,
                                        .room_bottom_m = room.bottom_m,
                                        .room_top_m = room.top_m,
                                        .to_edge = to_edge.normalized()});
    return {to_working_(surface.albedo), {}, turned(pose, surface.normal), face_normal, face.piece, piece.element};
}

Surfel DebrisLook::chip_at(const DebrisNow& now, const Hit& hit, float width_m) const
{
    const Chip& chip = (*now.chips)[static_cast<std::size_t>(now.chip_of(hit))];
    const auto corners = chip_triangle(static_cast<int>((hit.triangle - now.piece_triangles) % kTrianglesPerChip));
    const V3 a = chip_corner(chip, corners[0]), b = chip_corner(chip, corners[1]), c = chip_corner(chip, corners[2]);
    const V3 normal = (b - a).cross(c - a).normalized();
    const V3 elsewhere = V3(unit_of(hashed(chip.seed, 50)), unit_of(hashed(chip.seed, 51)), unit_of(hashed(chip.seed, 52)))
                         * 40.0f;
    const int material = debris_.elements[static_cast<std::size_t>(chip.element)].material;
    const Surface surface = surface_at({.rest = elsewhere + a * (1 - hit.u - hit.v) + b * hit.u + c * hit.v,
                                        .normal = normal,
                                        .substance = substances_[static_cast<std::size_t>(material)],
                                        .broken = true,
                                        .element = static_cast<std::uint32_t>(chip.element),
                                        .piece = chip.seed,
                                        .width_m = width_m});
    const DebrisPose& pose = now.pose_of(hit);
    return {to_working_(surface.albedo), {}, turned(pose, surface.normal), turned(pose, normal), -1, chip.element};
}

Surfel DebrisLook::at(const DebrisNow& now, const Hit& hit, const V3& ray_direction, float width_m) const
{
    Surfel surfel = now.is_chip(hit) ? chip_at(now, hit, width_m) : piece_at(now, hit, width_m);
    if (surfel.face_normal.dot(ray_direction) > 0) {
        surfel.face_normal = -surfel.face_normal;
        surfel.normal = -surfel.normal;
    }
    return surfel;
}

Mesh mesh_of(DebrisNow& now)
{
    constexpr float kLeast_m = 0.012f;   // smaller ones are dust
    Mesh mesh = now.mesh->at(now.moment);
    now.piece_triangles = static_cast<std::uint32_t>(mesh.triangles.size());
    now.chips_shown.clear();
    if (now.chips)
        add_chips(mesh, *now.chips, now.chip_poses, now.moment.half_shutter_s, kLeast_m, now.chips_shown);
    return mesh;
}

}  // namespace platefall::render
