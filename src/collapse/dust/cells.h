/// Which velocity cells hold air.
#pragma once

#include "collapse/dust/dust_solver.h"
#include "collapse/dust/lattice.h"

#include <cstdint>
#include <vector>

namespace platefall::collapse::dust {

enum class Cell : std::uint8_t {
    open,
    solid,
    sealed,   ///< air that solids cut off from every open side: it stays where it is, and its dust sinks
};

struct Cells {
    explicit Cells(const Lattice& lattice);

    Cell at(int x, int y, int z) const { return kind[lattice.index(x, y, z)]; }

    Lattice lattice;
    std::vector<Cell> kind;     ///< the layer around is open at the sides and on top, solid below
    bool any_solid = false;
};

/// Takes over which cells are solid and finds those that are sealed. False when nothing has changed.
bool mark(const DustSolids& solids, Cells& cells);

/// The cells that are as near to (x, y, z) as any that hold air, in the order of their indices; with `solved`
/// only open ones. Empty when the whole box is solid.
std::vector<std::ptrdiff_t> nearest_air(const Cells& cells, int x, int y, int z, bool solved);

}  // namespace platefall::collapse::dust
