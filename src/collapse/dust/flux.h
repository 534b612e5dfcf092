/// How much dust the air carries through a row of faces.
#pragma once

namespace platefall::collapse::dust {

/// What there is in a row of cells.
struct Row {
    const float* dust;   ///< relative to the air
    const float* room;   ///< the air that stays in a cell, for each part of it that leaves through all faces
                         ///< of this axis
};

/// The four cells around each face of a row, in the order of their axis: `two_before`, `before` | `after`, `two_after`.
struct Around {
    const float* two_before;
    Row before, after;
    const float* two_after;
};

/// flux[i] = courant[i] times the mean of the dust that passes face i in a step, in units of a cell;
/// |courant| at most 1.
///
/// MacCormack's scheme (1969) in flux form: for a constant velocity it is Lax and Wendroff's, courant *
/// (upwind + (1 - courant) / 2 * difference). Here with the weights that make it third order in space and
/// time (Hundsdorfer and Trompert 1994), held between the neighbours by Sweby's limit (1984), so that it
/// makes no new highs and no lows. The limit's (1 - courant) / courant is `room` here: a cell that dust
/// leaves on both sides, or that other axes have thinned, does not fall below zero.
void limited_flux(float* flux, const float* courant, const Around& cells, int count);

}  // namespace platefall::collapse::dust
