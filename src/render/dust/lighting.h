/// What light of sun, sky and ground reaches the dust.
#pragma once

#include "render/dust/dust_volume.h"
#include "render/dust/grid.h"

namespace platefall::render::dust {

/// Light that was scattered once, a few times, often, very often: each octave goes straighter through the dust, is turned
/// less, and takes more of the dust's colour. Wrenninge, Kulla and Lundqvist, "Oz: the great and volumetric" (2013).
///
/// Theirs do not know how much dust there is around a place, so that a wisp scatters as often as a cloud does. Here each
/// octave is fainter than the one before it by the part of scattered light that the dust around keeps from leaving. The
/// factors are fitted to path traced spheres (docs/render.md).
struct Octaves {
    Four extinction{1, 1, 1, 1};      ///< what an octave's light meets of the dust's own
    std::array<Four, 3> scattered;    ///< R, G, B of an octave's light that goes on, phase function aside
    Four anisotropy{0, 0, 0, 0};

    explicit Octaves(const DustLook& look);

    /// By what each is fainter where this part of scattered light does not leave the dust at once.
    static Four kept(float part) { return {1, part, part * part, part * part * part}; }

    /// With the phase function towards where light turns by an angle of this cosine, 1/sr.
    std::array<Four, 3> turned(float cosine) const;
};

/// What a block of 2 x 2 x 2 cells is like.
struct Block {
    Four motion{0, 0, 0, 0};          ///< m/s along x, y, z, and how strong detail is
    Four sun{0, 1, 1, 0};             ///< optical depth to it; what solids leave of it, sharp and diffused; light kept
    Four sky{0, 0, 0, 1};             ///< R, G, B that dust scatters of sky and ground, a unit of extinction; sky_transmittance
};

/// Without motion. `blocked` may be empty.
Grid<Block> lit_blocks(const Grid<float>& extinction, const DustLook& look, const Light& light,
                       const std::function<bool(const V3& at)>& blocked);

/// Of light, what gets through dust of this optical depth, straight or scattered.
float gets_through(const DustLook& look, float depth);

}  // namespace platefall::render::dust
