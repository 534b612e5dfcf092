/// A box of two halves on an endless ground, a camera in front of it, and light that can be reckoned by hand.
#pragma once

#include "render/geometry/set_mesh.h"
#include "render/light/illumination.h"
#include "render/picture.h"
#include "render/surface/debris_look.h"

#include <memory>
#include <optional>

namespace platefall::render {

inline DebrisPiece box_piece(const V3& low, const V3& high, int element)
{
    const V3 centre = (low + high) / 2;
    DebrisPiece piece;
    piece.centre = {centre.x, centre.y, centre.z};
    piece.element = element;
    piece.mass_kg = 1000;
    for (int i = 0; i < 8; ++i)
        piece.points.push_back({(i & 1 ? high.x : low.x) - centre.x, (i & 2 ? high.y : low.y) - centre.y,
                                (i & 4 ? high.z : low.z) - centre.z});
    for (const std::vector<int>& corners : std::vector<std::vector<int>>{
             {4, 5, 7, 6}, {1, 0, 2, 3}, {5, 1, 3, 7}, {0, 4, 6, 2}, {6, 7, 3, 2}, {0, 1, 5, 4}})
        piece.faces.push_back({.corners = corners, .outer = true});
    return piece;
}

/// A house 4 m wide, 4 m high and 2 m deep whose front is at z = 0: a lower and an upper half.
inline Debris small_house()
{
    Debris debris;
    debris.materials = {"concrete"};
    debris.elements = {{.kind = ElementKind::wall, .floor = 0, .material = 0},
                       {.kind = ElementKind::wall, .floor = 1, .material = 0}};
    debris.pieces = {box_piece({-2, 0, -2}, {2, 2, 0}, 0), box_piece({-2, 2, -2}, {2, 4, 0}, 1)};
    return debris;
}

inline DebrisFrame at_rest(const Debris& debris)
{
    DebrisFrame frame;
    for (const DebrisPiece& piece : debris.pieces)
        frame.push_back({.centre = piece.centre, .turn = {}, .velocity = {}, .spin = {}});
    return frame;
}

/// Looks along -z from 12 m in front of the house, 1.8 m high.
inline ShotInfo small_shot()
{
    ShotInfo shot;
    shot.frames = {1, 2, 3};
    shot.plate_data = shot.plate_display = {0, 0, 96, 54};
    shot.camera = [](int) {
        Camera camera;
        camera.world_from_camera[1][3] = 1.8;
        camera.world_from_camera[2][3] = 12;
        camera.focal_length_mm = 30;
        camera.film_back_mm = {36, 20.25};
        return camera;
    };
    return shot;
}

/// Everything that take_picture() and shadow_ratio() ask for.
class SmallScene {
public:
    explicit SmallScene(const DebrisFrame& poses, const Light& sun_and_sky, const Image* plate = nullptr)
        : light(sun_and_sky), mesh(debris), set_triangles(set_mesh(set)),
          rest{TraceScene(device, set_triangles), TraceScene(device, mesh.at_rest())}, view(small_shot(), 2, 0.5f)
    {
        if (plate)
            skin.emplace(*plate, nullptr, view, mesh, rest, find_skin(mesh, rest.building));
        look.emplace(debris, mesh, skin ? &*skin : nullptr, [](const Colour& c) { return c; });
        now = {.mesh = &mesh, .moment = mesh.moment(poses, 0), .chips = nullptr, .chip_poses = {}, .chips_shown = {},
               .piece_triangles = 0};
        moved.emplace(device, mesh_of(now));
        illumination.emplace(light, Obstruction{&rest.set, &*moved, nullptr});
        before.emplace(light, Obstruction{&rest.set, &rest.building, nullptr});
    }

    Moment moment() const { return {view, rest, *moved, now, *look, *illumination, *before, nullptr}; }

    const Window window{0, 0, 96, 54};
    Light light;
    CollapseSet set;
    Debris debris = small_house();
    DebrisMesh mesh;
    Mesh set_triangles;
    TraceDevice device;
    RestScenes rest;
    View view;
    std::optional<PlateTexture> skin;
    std::optional<DebrisLook> look;
    DebrisNow now;
    std::optional<TraceScene> moved;
    std::optional<Illumination> illumination, before;
};

}  // namespace platefall::render
