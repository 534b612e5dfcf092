/// What the parts of the procedural materials tell each other: one function a look.
#pragma once

#include "render/sampling.h"
#include "render/surface/material.h"
#include "render/surface/material_noise.h"

namespace platefall::render {

/// A point, made ready for patterns.
struct Spot {
    const SurfacePoint& point;
    V3 turned;           ///< m, the place at rest, turned so that no lattice lies along a wall
    V3 along, up;        ///< of length 1: the directions of the wall's courses; x and z on the flat
    float u = 0, v = 0;  ///< m, along them
    float above_floor_m = 0, below_ceiling_m = 0;
    float width_m = 0.01f;

    /// Noise of a size in m; left out (0) where the pixel hides it.
    Wave relief(float size_m, std::uint32_t seed) const;
    float tone(float size_m, std::uint32_t seed) const;  ///< -1 to 1
    Cell cell(float size_m, std::uint32_t seed) const { return nearest_cell(turned / size_m, seed); }
    float seen(float size_m) const { return shown(size_m, width_m); }
    std::uint32_t mix(std::uint32_t salt) const
    {
        return lattice_hash(static_cast<int>(point.element), 0, 0, salt);
    }
};

/// A look on its way to be a Surface.
struct Look {
    Colour albedo{0.3f, 0.3f, 0.3f};
    V3 slope{0, 0, 0};       ///< of its height, in the turned frame
    V3 wall_slope{0, 0, 0};  ///< of its height, in the world
    float cavity = 0;        ///< 0 to 1, how sunk it is: dark and full of dust
    float patch = 0;         ///< -1 to 1, low frequencies: where dust gathers
    float powder = 1;        ///< how well dust sticks
};

Look broken_concrete(const Spot& spot);
Look built_concrete(const Spot& spot);
Look broken_masonry(const Spot& spot);
Look bare_bricks(const Spot& spot);   ///< a brick wall as it was laid
Look outer_render(const Spot& spot);  ///< plaster on the street's side
Look broken_board(const Spot& spot);
Look room_wall(const Spot& spot);  ///< paint, paper or tiles, with what has come off
Look room_floor(const Spot& spot);
Look room_ceiling(const Spot& spot);
Look glass(const Spot& spot);
Look steel(const Spot& spot);

/// Facets of a fracture: cells of a size, each tilted its own way.
struct Facets {
    float size_m;
    float tilt;  ///< slope of one
    std::uint32_t seed;
    V3 bent{0, 0, 0};  ///< m, moves the place, so that creases are not straight
};

/// Adds them to `slope`; returns how near a crease is, 1 at it.
float add_facets(const Spot& spot, const Facets& facets, V3& slope);

}  // namespace platefall::render
