#include "collapse/dust/cells.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

namespace platefall::collapse::dust {
namespace {

std::array<std::ptrdiff_t, 6> neighbours(const Lattice& lattice)
{
    return {-1, 1, -lattice.along_y(), lattice.along_y(), -lattice.along_z(), lattice.along_z()};
}

/// Everything that is not solid counts as sealed until air from outside comes to it.
void seal(Cells& cells)
{
    for (int z = 0; z < cells.lattice.nz; ++z)
        for (int y = 0; y < cells.lattice.ny; ++y)
            for (int x = 0; x < cells.lattice.nx; ++x) {
                Cell& cell = cells.kind[cells.lattice.index(x, y, z)];
                cell = cell == Cell::solid ? Cell::solid : Cell::sealed;
            }
}

void flood(Cells& cells, std::vector<std::ptrdiff_t>& front)
{
    const auto steps = neighbours(cells.lattice);
    while (!front.empty()) {
        const std::ptrdiff_t at = front.back();
        front.pop_back();
        for (const std::ptrdiff_t step : steps)
            if (cells.kind[at + step] == Cell::sealed) {
                cells.kind[at + step] = Cell::open;
                front.push_back(at + step);
            }
    }
}

/// Enters from the layers of cells along the sides and the top.
void unseal_from_outside(Cells& cells)
{
    const Lattice& box = cells.lattice;
    std::vector<std::ptrdiff_t> front;
    const auto enter = [&](int x, int y, int z) {
        const std::ptrdiff_t at = box.index(x, y, z);
        if (cells.kind[at] != Cell::sealed)
            return;
        cells.kind[at] = Cell::open;
        front.push_back(at);
    };
    for (int z = 0; z < box.nz; ++z)
        for (int y = 0; y < box.ny; ++y)
            if (z == 0 || z == box.nz - 1 || y == box.ny - 1)
                for (int x = 0; x < box.nx; ++x)
                    enter(x, y, z);
            else {
                enter(0, y, z);
                enter(box.nx - 1, y, z);
            }
    flood(cells, front);
}

}  // namespace

Cells::Cells(const Lattice& box) : lattice(box), kind(box.size(), Cell::open)
{
    for (int z = -1; z <= lattice.nz; ++z)
        for (int x = -1; x <= lattice.nx; ++x)
            kind[lattice.index(x, -1, z)] = Cell::solid;
}

bool mark(const DustSolids& solids, Cells& cells)
{
    const Lattice& box = cells.lattice;
    bool changed = false, any = false;
    for (int z = 0; z < box.nz; ++z)
        for (int y = 0; y < box.ny; ++y) {
            const std::size_t row = (static_cast<std::size_t>(z) * box.ny + y) * box.nx;
            Cell* cell = cells.kind.data() + box.index(0, y, z);
            for (int x = 0; x < box.nx; ++x) {
                const bool solid = !solids.solid.empty() && solids.solid[row + x] != 0;
                any |= solid;
                changed |= solid != (cell[x] == Cell::solid);
                cell[x] = solid ? Cell::solid : cell[x] == Cell::solid ? Cell::open : cell[x];
            }
        }
    if (!changed)
        return false;
    cells.any_solid = any;
    seal(cells);
    unseal_from_outside(cells);
    return true;
}

std::vector<std::ptrdiff_t> nearest_air(const Cells& cells, int x, int y, int z, bool solved)
{
    const Lattice& box = cells.lattice;
    const auto holds_air = [&](int i, int j, int k) {
        return box.inside(i, j, k)
               && (cells.at(i, j, k) == Cell::open || (!solved && cells.at(i, j, k) == Cell::sealed));
    };
    std::vector<std::ptrdiff_t> nearest;
    int best = std::numeric_limits<int>::max();
    const int farthest = std::max({box.nx, box.ny, box.nz});
    // Shell after shell of a growing cube, until no cell of the next one can be nearer.
    for (int reach = 0; reach <= farthest && reach * reach <= best; ++reach)
        for (int dz = -reach; dz <= reach; ++dz)
            for (int dy = -reach; dy <= reach; ++dy) {
                const bool face = std::abs(dz) == reach || std::abs(dy) == reach;
                for (int dx = -reach; dx <= reach; dx += face || reach == 0 ? 1 : 2 * reach) {
                    const int distance = dx * dx + dy * dy + dz * dz;
                    if (distance > best || !holds_air(x + dx, y + dy, z + dz))
                        continue;
                    if (distance < best)
                        nearest.clear();
                    best = distance;
                    nearest.push_back(box.index(x + dx, y + dy, z + dz));
                }
            }
    std::sort(nearest.begin(), nearest.end());
    return nearest;
}

}  // namespace platefall::collapse::dust
