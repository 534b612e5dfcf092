/// What tests of the dust share.
#pragma once

#include "collapse/dust/dust_solver.h"

#include <Eigen/Core>

#include <cstddef>
#include <utility>
#include <vector>

namespace platefall::collapse {

inline DustGrid dust_grid(int x, int y, int z, double cell_m = 0.5)
{
    return {.low = Eigen::Vector3d::Zero(), .cell_m = cell_m, .cells = {x, y, z}};
}

inline std::size_t dust_index(const DustGrid& grid, int x, int y, int z)
{
    return (static_cast<std::size_t>(z) * grid.cells[1] + y) * grid.cells[0] + x;
}

/// Velocity cells for which solid(x, y, z) is true.
template <class Solid>
DustSolids dust_solids(const DustGrid& grid, const Solid& solid)
{
    DustSolids solids;
    for (int z = 0; z < grid.cells[2] / 2; ++z)
        for (int y = 0; y < grid.cells[1] / 2; ++y)
            for (int x = 0; x < grid.cells[0] / 2; ++x)
                solids.solid.push_back(solid(x, y, z) ? 1 : 0);
    return solids;
}

/// Where the middle of a class's mass is.
inline Eigen::Vector3d middle_of_dust(const DustSolver& solver, const DustGrid& grid, int dust_class)
{
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    double mass = 0;
    const std::vector<float>& density = solver.density(dust_class);
    for (int z = 0; z < grid.cells[2]; ++z)
        for (int y = 0; y < grid.cells[1]; ++y)
            for (int x = 0; x < grid.cells[0]; ++x) {
                const double one = density[dust_index(grid, x, y, z)];
                sum += one * (Eigen::Vector3d(x, y, z) + Eigen::Vector3d::Constant(0.5));
                mass += one;
            }
    return grid.low + grid.cell_m / mass * sum;
}

/// Dust of both classes in cells that are solid, kg/m3 summed.
inline double dust_in_solids(const DustSolver& solver, const DustGrid& grid, const DustSolids& solids)
{
    double sum = 0;
    for (int z = 0; z < grid.cells[2]; ++z)
        for (int y = 0; y < grid.cells[1]; ++y)
            for (int x = 0; x < grid.cells[0]; ++x) {
                const std::size_t row = static_cast<std::size_t>(z / 2) * (grid.cells[1] / 2) + y / 2;
                const std::size_t cell = row * (grid.cells[0] / 2) + x / 2;
                if (solids.solid[cell] != 0)
                    sum += solver.density(0)[dust_index(grid, x, y, z)] + solver.density(1)[dust_index(grid, x, y, z)];
            }
    return sum;
}

/// What of a class's mass the budget does not account for, as a part of all that came in.
inline double budget_error(const DustSolver& solver, int dust_class)
{
    const DustBudget b = solver.budget(dust_class);
    return (b.in - b.inside - b.settled - b.out) / b.in;
}

}  // namespace platefall::collapse
