/// What a building is made of, as seen: colour and relief of surfaces that no plate shows, from nothing but where they lie.
#pragma once

#include "render/vectors.h"

#include <cstdint>

namespace platefall::render {

enum class Substance { concrete, masonry, board, glass, steel };   ///< board: partitions of plaster

/// A place on a piece as it was when the building stood, so that a texture stays on its piece.
struct SurfacePoint {
    V3 rest;                          ///< m, in the world at rest
    V3 normal;                        ///< of length 1, outward, at rest
    Substance substance = Substance::concrete;
    bool broken = false;              ///< a face that it broke along; false: a surface as it was built
    bool outside = false;             ///< part of the building's outer skin; false: it looks into a room
    bool floor = false, ceiling = false;   ///< of a slab: what people walked on, what they looked up at
    int storey = 0;
    std::uint32_t element = 0;        ///< seed of what all pieces of one wall share: wallpaper, paint
    std::uint32_t piece = 0;          ///< seed of what differs from piece to piece
    float edge_m = 1;                 ///< how far the nearest edge of the face is
    float width_m = 0.01f;            ///< what a pixel covers: finer detail is left out
    float room_bottom_m = 0;          ///< heights in the world of its storey's floor and ceiling; equal where nobody
    float room_top_m = 0;             ///< knows: then storeys are 3 m high and stand on 0
    V3 to_edge{0, 0, 0};              ///< of length 1, in the face, towards that nearest edge; 0 where nobody knows
};

struct Surface {
    Colour albedo{0.3f, 0.3f, 0.3f};
    V3 normal;                        ///< with relief; of length 1, on the side of the face's own
};

/// Linear Rec. 709. The same point always looks the same.
Surface surface_at(const SurfacePoint& point);

}  // namespace platefall::render
