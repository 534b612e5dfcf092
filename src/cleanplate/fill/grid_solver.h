/// Least squares on a grid of pixels: find values whose differences between neighbours are as wished for.
#pragma once

#include "cleanplate/fill/raster.h"

namespace platefall::cleanplate {

/// Minimises  sum right (v(x+1,y) - v(x,y))^2 + down (v(x,y+1) - v(x,y))^2 + anchor v(x,y)^2 - 2 pull v(x,y).
/// All weights are >= 0. A cell without any weight does not take part; its value is 0.
struct GridSystem {
    struct Cell {
        float right = 0, down = 0;  ///< to the neighbour at x + 1, y + 1; 0 in the last column and row
        float anchor = 0;           ///< to 0
        float pull = 0;
    };
    Raster<Cell> cells;  ///< with a margin of 1 that is all 0
};

/// By multigrid with 2x2 aggregates; the same bits whatever the number of threads.
Raster<float> solve(const GridSystem& system);

}  // namespace platefall::cleanplate
