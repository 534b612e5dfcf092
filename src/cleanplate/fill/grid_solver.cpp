#include "cleanplate/fill/grid_solver.h"

#include "base/parallel.h"

#include <algorithm>

namespace platefall::cleanplate {
namespace {

using Cell = GridSystem::Cell;

constexpr int kCycles = 14;
constexpr int kSmallest = 4;             // cells a side; solved by smoothing alone
constexpr float kOverCorrection = 1.5f;  // aggregates are stiffer than the grid they stand for (Braess 1995)

float total_weight(const Raster<Cell>& cells, int x, int y)
{
    const Cell& cell = cells(x, y);
    return cell.anchor + cell.right + cell.down + cells(x - 1, y).right + cells(x, y - 1).down;
}

float pulled_by_neighbours(const Raster<Cell>& cells, const Raster<float>& values, int x, int y)
{
    const Cell& cell = cells(x, y);
    return cell.pull + cell.right * values(x + 1, y) + cell.down * values(x, y + 1)
           + cells(x - 1, y).right * values(x - 1, y) + cells(x, y - 1).down * values(x, y - 1);
}

/// Gauss-Seidel on the fields of one colour of a chess board, which do not depend on each other.
void relax(const Raster<Cell>& cells, int colour, Raster<float>& values)
{
    parallel_rows(0, cells.height(), [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = (y + colour) % 2; x < cells.width(); x += 2)
                if (const float weight = total_weight(cells, x, y); weight > 0)
                    values(x, y) = pulled_by_neighbours(cells, values, x, y) / weight;
    });
}

/// What is left to do, on a grid of half the size: P^T A P and P^T r for piecewise constant P.
Raster<Cell> aggregate(const Raster<Cell>& cells, const Raster<float>& values)
{
    Raster<Cell> half((cells.width() + 1) / 2, (cells.height() + 1) / 2, 1, Cell{});
    for (int y = 0; y < cells.height(); ++y)
        for (int x = 0; x < cells.width(); ++x) {
            const Cell& cell = cells(x, y);
            Cell& sum = half(x / 2, y / 2);
            sum.anchor += cell.anchor;
            if (x % 2 == 1)
                sum.right += cell.right;
            if (y % 2 == 1)
                sum.down += cell.down;
            sum.pull += pulled_by_neighbours(cells, values, x, y) - total_weight(cells, x, y) * values(x, y);
        }
    return half;
}

void cycle(const Raster<Cell>& cells, Raster<float>& values)
{
    const bool is_small = std::max(cells.width(), cells.height()) <= kSmallest;
    for (int i = 0; i < (is_small ? 40 : 4); ++i)
        relax(cells, i % 2, values);
    if (is_small)
        return;
    const Raster<Cell> half = aggregate(cells, values);
    Raster<float> step(half.width(), half.height(), 1, 0.0f);
    cycle(half, step);
    cycle(half, step);
    for (int y = 0; y < cells.height(); ++y)
        for (int x = 0; x < cells.width(); ++x)
            if (total_weight(cells, x, y) > 0)
                values(x, y) += kOverCorrection * step(x / 2, y / 2);
    for (int i = 0; i < 4; ++i)
        relax(cells, 1 - i % 2, values);
}

}  // namespace

Raster<float> solve(const GridSystem& system)
{
    Raster<float> values(system.cells.width(), system.cells.height(), 1, 0.0f);
    for (int i = 0; i < kCycles; ++i)
        cycle(system.cells, values);
    return values;
}

}  // namespace platefall::cleanplate
