// The air that carries the dust.
#include "collapse/dust_support.h"

#include "collapse/dust/courant.h"
#include "collapse/dust/multigrid.h"
#include "collapse/dust/pressure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace platefall::collapse {
namespace {

using dust::Air;
using dust::Cell;
using dust::Cells;
using dust::Courant;
using dust::Lattice;
using dust::Pressure;
using dust::Region;

/// Air that moves at random among a few solids.
struct RandomAir {
    RandomAir() : cells(lattice), air(lattice, Eigen::Vector3f::Zero()), pressure(lattice)
    {
        const DustGrid grid = dust_grid(2 * lattice.nx, 2 * lattice.ny, 2 * lattice.nz);
        mark(dust_solids(grid, [](int x, int y, int z) { return (x + 2 * y + 3 * z) % 11 == 0 && x > 3; }), cells);
        pressure.shape(cells);
        std::mt19937 random(7);
        for (int axis = 0; axis < 3; ++axis)
            for (float& value : air.axis(axis))
                value = static_cast<float>(random() % 2001) / 100.0f - 10.0f;
        hold_closed_faces(air, cells, pressure.faces(), {});
    }

    double outflow_of(int x, int y, int z) const
    {
        return outflow(air, lattice.index(x, y, z), lattice.along_y(), lattice.along_z());
    }

    Lattice lattice{21, 14, 17};
    Cells cells;
    Air air;
    Pressure pressure;
};

TEST(DustAir, ProjectionLeavesOnlyWhatSourcesPutIn)
{
    RandomAir random;
    std::vector<float> sources(random.lattice.size());
    sources[random.lattice.index(2, 3, 4)] = 5;
    const int iterations = random.pressure.project(random.air, sources, 0.5, 1e-4);
    double worst = 0;
    for (int z = 0; z < random.lattice.nz; ++z)
        for (int y = 0; y < random.lattice.ny; ++y)
            for (int x = 0; x < random.lattice.nx; ++x)
                if (random.cells.at(x, y, z) == Cell::open)
                    worst = std::max(worst, std::abs(random.outflow_of(x, y, z)
                                                     - 0.5 * sources[random.lattice.index(x, y, z)]));
    EXPECT_LT(worst, 60 * 1.1e-4);                            // no cell has more than six faces of 10 m/s
    EXPECT_LT(iterations, 25);
    EXPECT_GT(iterations, 2);
}

TEST(DustAir, TheCycleIsSymmetric)
{
    RandomAir random;
    dust::Multigrid grid(random.lattice);
    grid.shape(random.cells);
    std::mt19937 numbers(3);
    const auto fill = [&](std::vector<float>& values) {
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = grid.finest().inverse[i] > 0 ? static_cast<float>(numbers() % 1000) / 1000 - 0.5f : 0.0f;
    };
    const auto product = [](const std::vector<float>& a, const std::vector<float>& b) {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
            sum += static_cast<double>(a[i]) * b[i];
        return sum;
    };
    std::vector<float> first(random.lattice.size()), second(first);
    fill(first);
    fill(second);
    grid.finest().b = first;
    grid.cycle();
    const std::vector<float> inverted = grid.finest().x;
    grid.finest().b = second;
    grid.cycle();
    const double one = product(inverted, second), other = product(grid.finest().x, first);
    EXPECT_NEAR(one, other, 1e-4 * std::abs(one) + 1e-3);
    EXPECT_GT(product(inverted, first), 0);
}

TEST(DustAir, EightDensityCellsHaveTheDivergenceOfTheirVelocityCell)
{
    const RandomAir random;
    const Lattice& box = random.lattice;
    Courant courant(2 * box.nx, 2 * box.ny, 2 * box.nz);
    Region everywhere(2 * box.nx, 2 * box.ny, 2 * box.nz);
    everywhere.add(0, 0, 0);
    courant.update(random.air, random.pressure.faces(), block_around(everywhere.grown(64)), 1);
    for (int z = 0; z < 2 * box.nz; ++z)
        for (int y = 0; y < 2 * box.ny; ++y)
            for (int x = 0; x < 2 * box.nx; ++x) {
                const float fine = courant.x(y, z)[x + 1] - courant.x(y, z)[x] + courant.y(y + 1, z)[x]
                                   - courant.y(y, z)[x] + courant.z(y, z + 1)[x] - courant.z(y, z)[x];
                if (random.cells.at(x / 2, y / 2, z / 2) == Cell::open) {
                    ASSERT_NEAR(fine, 0.5 * random.outflow_of(x / 2, y / 2, z / 2), 1e-4) << x << ' ' << y << ' ' << z;
                }
            }
}

TEST(DustAir, DivergenceStaysBelowToleranceAwayFromSources)
{
    const DustGrid grid = dust_grid(40, 24, 32);
    const DustSolids solids
        = dust_solids(grid, [](int x, int y, int z) { return x >= 10 && x < 14 && y < 7 && z >= 4 && z < 12; });
    DustSolver solver(grid, {.wind = {3, 0, 0}, .pressure_tolerance = 1e-4});
    for (int i = 0; i < 12; ++i) {
        solver.step(1.0 / 24, {{.place = {6, 1, 8}, .radius_m = 1.5, .mass_kg = {1, 1}, .air_m3 = 10}}, solids);
        EXPECT_LT(solver.divergence(), 1e-4 * 100);           // 10 m3 a 24th s in some 10 m3 is less than 100 /s
    }
}

TEST(DustAir, WhatASourcePushesOutPassesThroughTheSidesAndTheTop)
{
    const DustGrid grid = dust_grid(24, 16, 24);
    DustSolver solver(grid, {});
    solver.step(1.0 / 24, {{.place = {6, 1, 6}, .radius_m = 1.5, .air_m3 = 5}}, {});
    const auto velocity = solver.velocity();
    const auto at = [&](int x, int y, int z) { return velocity[(static_cast<std::size_t>(z) * 8 + y) * 12 + x]; };
    double out = 0;                                            // through a box of cell centres two cells inside
    for (int a = 0; a < 12; ++a)
        for (int b = 0; b < 8; ++b)
            out += at(11, b, a)[0] - at(0, b, a)[0] + at(a, b, 11)[2] - at(a, b, 0)[2];
    for (int a = 0; a < 12; ++a)
        for (int b = 0; b < 12; ++b)
            out += at(a, 7, b)[1];
    EXPECT_NEAR(out, 5 * 24, 0.15 * 5 * 24);                    // centres lie half a cell inside
}

TEST(DustAir, AirBlownIntoACrannyDoesNotLeaveItAsAGale)
{
    const DustGrid grid = dust_grid(32, 24, 32);
    const DustSolids solids = dust_solids(grid, [](int x, int y, int z) {
        return x >= 5 && x < 11 && y < 5 && z >= 5 && z < 11 && !(x == 8 && z == 8);         // a shaft of one cell
    });
    DustSolver solver(grid, {});
    solver.step(1.0 / 24, {{.place = {8.5, 0.5, 8.5}, .radius_m = 1, .air_m3 = 10}}, solids);
    float fastest = 0;
    for (const auto& velocity : solver.velocity())
        fastest = std::max(fastest, std::abs(velocity[1]));
    EXPECT_LT(fastest, 60);                                    // 240 m/s if all came out of the shaft
    EXPECT_GT(fastest, 1);
}

TEST(DustAir, AirThatASolidPushesMovesWithIt)
{
    const DustGrid grid = dust_grid(32, 16, 32);
    DustSolids solids =
        dust_solids(grid, [](int x, int y, int z) { return x >= 4 && x < 8 && y < 6 && z >= 4 && z < 12; });
    solids.velocity.assign(solids.solid.size(), {3, 0, 0});
    DustSolver solver(grid, {});
    solver.step(1.0 / 24, {}, solids);
    const auto velocity = solver.velocity();
    EXPECT_GT(velocity[(8u * 8 + 2) * 16 + 8][0], 1.5f);        // ahead of it
    EXPECT_NEAR(velocity[(8u * 8 + 2) * 16 + 6][0], 3, 1e-4);   // the solid itself
}

TEST(DustAir, GripGivesTheAirItsVelocity)
{
    const DustGrid grid = dust_grid(32, 32, 32);
    DustSolver solver(grid, {});
    solver.step(1.0 / 24, {{.place = {8, 8, 8}, .radius_m = 3, .velocity = {6, 0, 0}, .grip = 1}}, {});
    const auto velocity = solver.velocity();
    EXPECT_GT(velocity[(8u * 16 + 8) * 16 + 8][0], 2.5f);       // pressure shares some of it with the air around
    EXPECT_LT(velocity[(8u * 16 + 8) * 16 + 8][0], 6.0f);
}

TEST(DustAir, StillAirHasNoStrainAndShearedAirHas)
{
    const DustGrid grid = dust_grid(32, 32, 32);
    DustSolver solver(grid, {.wind = {2, 0, 1}});
    solver.step(1.0 / 24, {}, {});
    const auto still = solver.strain();
    EXPECT_LT(*std::max_element(still.begin(), still.end()), 1e-3f);
    solver.step(1.0 / 24, {{.place = {8, 8, 8}, .radius_m = 3, .velocity = {12, 0, 0}, .grip = 1}}, {});
    const auto sheared = solver.strain();
    EXPECT_GT(*std::max_element(sheared.begin(), sheared.end()), 1.0f);
}

}  // namespace
}  // namespace platefall::collapse
