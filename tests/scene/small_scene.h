/// Two pieces and a puff of dust.
#pragma once

#include "scene/debris.h"
#include "scene/dust_frame.h"

namespace platefall::test {

/// A tetrahedron of concrete and one of glass.
inline Debris two_pieces()
{
    const DebrisPiece piece{.points = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
                            .faces = {{{0, 2, 1}, true}, {{0, 1, 3}, true}, {{0, 3, 2}, true}, {{1, 2, 3}, false}},
                            .centre = {1, 2, 3},
                            .mass_kg = 400,
                            .element = 7,
                            .material = 0};
    Debris debris{.materials = {"concrete", "glass"}, .elements = {}, .pieces = {piece, piece}};
    debris.elements.resize(8);
    debris.elements[7] = {.kind = ElementKind::glass, .floor = 3, .material = 1};
    debris.pieces[1].material = 1;
    debris.pieces[1].centre = {5, 0, 0};
    return debris;
}

/// 16 x 24 x 40 cells, dusty in one corner of the box and moving there.
inline DustFrame puff()
{
    DustFrame frame{.low = {-4, 0, -10},
                    .cell_m = 0.5f,
                    .cells = {16, 24, 40},
                    .density = {},
                    .velocity = {},
                    .strain = {}};
    for (auto& density : frame.density)
        density.resize(16 * 24 * 40);
    frame.velocity.resize(8 * 12 * 20);
    frame.strain.resize(8 * 12 * 20);
    frame.density[0][16 * 24 * 3 + 16 * 2 + 5] = 0.003f;    // cell 5, 2, 3
    frame.density[1][16 * 24 * 39 + 16 * 23 + 15] = 0.25f;   // the last
    frame.velocity[8 * 12 * 1 + 8 * 1 + 2] = {1, -2, 7.5f};
    frame.strain[8 * 12 * 1 + 8 * 1 + 2] = 0.75f;
    return frame;
}

}  // namespace platefall::test
