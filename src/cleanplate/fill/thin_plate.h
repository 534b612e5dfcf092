/// How bright the smooth part of a hole is, told from what is known around it.
#pragma once

#include "cleanplate/fill/shading_cells.h"

namespace platefall::cleanplate {

/// A thin plate under tension through the cells of the hole, clamped in what is known beside them (Wessel and
/// Bercovici 1998); where cells are not smooth, or too different to be of one thing, it is torn. Tension is
/// the least of a few that keeps it in the range of what is known. One row for each of
/// ShadingCells::unknowns(), R G B in stops.
std::vector<Colour> thin_plate(const ShadingCells& cells);

/// What a cell shows when the plate is taken for what is unknown.
Colour shown_on(const std::vector<Colour>& plate, const ShadingCell& cell);

}  // namespace platefall::cleanplate
