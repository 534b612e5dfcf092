/// A canvas seen from afar: cells of a few pixels, on which planes and sources are chosen.
#pragma once

#include "cleanplate/canvas.h"

#include <vector>

namespace platefall::cleanplate {

/// The mask in cells of `size` pixels: yes where any pixel of the cell says so. Cell coordinates are pixels / size.
Mask in_cells(const Mask& mask, int size);

struct CellGrid {
    int size = 4;                       ///< pixels a cell, each way
    Window cells;                       ///< in cells of the base frame's pixel grid
    std::vector<char> hidden;           ///< 1: behind a hole in some target frame
    std::vector<float> hidden_when;     ///< mean of the indices of those frames; the base where there are none
    std::vector<int> active;            ///< hidden cells and a ring around them, ascending

    std::size_t count() const { return hidden.size(); }
    Window pixels() const { return {cells.x0 * size, cells.y0 * size, cells.x1 * size, cells.y1 * size}; }

    /// The middle of a cell in pixels.
    Vec2 middle(int cell) const
    {
        const int x = cells.x0 + cell % cells.width(), y = cells.y0 + cell / cells.width();
        return {(x + 0.5) * size, (y + 0.5) * size};
    }

    /// The four cells around a pixel, and their weights for linear interpolation.
    struct Corners {
        std::size_t cell[4];
        float weight[4];
    };
    Corners around(int x, int y) const;
};

/// `ring_px` is how much around the holes takes part. The plan's window must not be empty.
CellGrid make_grid(const Take& take, const std::vector<FrameMasks>& masks, const CanvasPlan& plan, int ring_px);

}  // namespace platefall::cleanplate
