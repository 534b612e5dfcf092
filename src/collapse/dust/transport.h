/// Dust in the air: where it is, where it went.
#pragma once

#include "collapse/dust/cells.h"
#include "collapse/dust/courant.h"
#include "collapse/dust/region.h"

#include <array>
#include <cstddef>
#include <vector>

namespace platefall::collapse::dust {

/// One class of dust.
struct Dust {
    std::vector<float> density;              ///< kg/m3, x fastest, then y, then z
    double in = 0, settled = 0, out = 0;     ///< kg/m3 times cells
};

struct Cloud {
    Cloud(int cells_x, int cells_y, int cells_z);

    std::size_t index(int x, int y, int z) const
    {
        return (static_cast<std::size_t>(z) * region.ny + y) * region.nx + x;
    }

    std::array<Dust, 2> dust;
    Region region;                           ///< outside there is none
    bool backwards = false;                  ///< the order of the axes in the next pass
};

/// Moves the dust on by one step of the air's Courant numbers, in `passes` equal passes that each take no
/// more than a cell's dust out of it. One axis after the other, in turns forwards and backwards; an axis sees
/// densities relative to the air that the axes before it have left in a cell (Easter 1993), so that even dust
/// stays even in air without divergence.
///
/// What leaves a cell comes to another one, settles or leaves the box, to the last bit but for rounding:
/// nothing has to be restored afterwards.
///
/// `sinking` is the share of a cell that each class falls in the step. On the floor and on solids it settles.
void transport(Cloud& cloud, const Courant& courant, const Cells& cells, const std::array<float, 2>& sinking,
               int passes);

/// Counts as settled what is thinner than anyone can see, and finds anew where there is dust.
void tidy(Cloud& cloud);

}  // namespace platefall::collapse::dust
