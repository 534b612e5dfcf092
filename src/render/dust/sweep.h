/// Optical depth from everywhere towards something far away.
#pragma once

#include "render/dust/grid.h"

namespace platefall::render::dust {

/// The mean of cells twice as wide; outside is none.
Grid<float> halved(const Grid<float>& extinction);

/// From the middles of all cells and of the rim out of the box along `towards` (of length 1). Slice after slice across
/// its longest axis, each from the one before it, so that its edges get softer with distance.
Grid<float> depth_towards(const Grid<float>& extinction, const V3& towards);

}  // namespace platefall::render::dust
