/// What the surface of debris looks like where a ray meets it.
#pragma once

#include "render/geometry/debris_mesh.h"
#include "render/surface/material.h"
#include "render/surface/rest.h"
#include "scene/chips.h"

#include <functional>

namespace platefall::render {

/// In the world, as it has turned.
struct Surfel {
    Colour albedo{0};                 ///< of its material; where it has skin of the plate, nothing
    std::optional<Skin> skin;
    V3 normal;                        ///< with relief
    V3 face_normal;                   ///< of the flat face; both on the side that the ray came from
    int piece = -1;                   ///< -1: a chip
    int element = 0;
};

/// Debris at a frame: pieces first, then chips, in one mesh.
struct DebrisNow {
    const DebrisMesh* mesh = nullptr;
    DebrisMoment moment;
    const Chips* chips = nullptr;
    ChipsFrame chip_poses;
    std::vector<int> chips_shown;     ///< in the order of their triangles
    std::uint32_t piece_triangles = 0;

    bool is_chip(const Hit& hit) const { return hit.triangle >= piece_triangles; }
    const DebrisPose& pose_of(const Hit& hit) const;
    int chip_of(const Hit& hit) const;
};

/// The mesh of a frame; notes in `now` what it is made of.
Mesh mesh_of(DebrisNow& now);

class DebrisLook {
public:
    /// `skin` may be null: then all of it is material. `to_working` turns linear Rec. 709 into the working space.
    DebrisLook(const Debris& debris, const DebrisMesh& mesh, const PlateTexture* skin,
               std::function<Colour(const Colour&)> to_working);

    /// `width_m` is what a pixel covers there.
    Surfel at(const DebrisNow& now, const Hit& hit, const V3& ray_direction, float width_m) const;

private:
    Surfel piece_at(const DebrisNow& now, const Hit& hit, float width_m) const;
    Surfel chip_at(const DebrisNow& now, const Hit& hit, float width_m) const;

    /// Heights in the world between which people lived; equal where no slab tells.
    struct Room {
        float bottom_m = 0, top_m = 0;
    };
    void measure_rooms();

    const Debris& debris_;
    const DebrisMesh& mesh_;
    const PlateTexture* skin_;
    std::function<Colour(const Colour&)> to_working_;
    std::vector<Substance> substances_;   ///< of Debris::materials
    std::vector<Room> rooms_;             ///< of storeys
};

}  // namespace platefall::render
