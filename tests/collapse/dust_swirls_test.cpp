// Swirls of dust that the air's grid is too coarse for.
#include "collapse/dust_support.h"

#include "base/parallel.h"
#include "collapse/dust/courant.h"
#include "collapse/dust/drift.h"
#include "collapse/dust/pressure.h"
#include "collapse/dust/swirl_noise.h"
#include "collapse/dust/swirls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace platefall::collapse {
namespace {

using namespace dust;

constexpr float kStep = 1.0f / 48;

/// Air that shears around a block on the floor.
struct Shear {
    Shear() : cells(lattice), air(lattice, Eigen::Vector3f::Zero()), pressure(lattice), courant(48, 32, 40)
    {
        solids = dust_solids(dust_grid(48, 32, 40), [](int x, int y, int z) {
            return x >= 9 && x < 14 && y < 6 && z >= 8 && z < 13;
        });
        mark(solids, cells);
        pressure.shape(cells);
        for (int z = 0; z < lattice.nz; ++z)
            for (int y = 0; y < lattice.ny; ++y)
                for (int x = 0; x <= lattice.nx; ++x)
                    air.u[lattice.index(x, y, z)] = 5.0f * static_cast<float>(y);
    }

    /// Courant numbers of the swirls alone.
    void stir(float strength, std::uint64_t seed = 1)
    {
        Swirls swirls(lattice, strength, seed);
        for (int i = 0; i < 12; ++i)
            swirls.carry(air, everywhere, kStep, 1);
        courant.update(Air(lattice, Eigen::Vector3f::Zero()), pressure.faces(), everywhere, 1);
        swirls.stir(courant, air, cells, everywhere, kStep, 1);
    }

    float outflow_of(int x, int y, int z) const
    {
        return courant.x(y, z)[x + 1] - courant.x(y, z)[x] + courant.y(y + 1, z)[x] - courant.y(y, z)[x]
               + courant.z(y, z + 1)[x] - courant.z(y, z)[x];
    }

    Lattice lattice{24, 16, 20};
    Block everywhere{{0, 24}, {0, 16}, {0, 20}};
    DustSolids solids;
    Cells cells;
    Air air;
    Pressure pressure;
    Courant courant;
};

TEST(DustSwirls, WhatFlowsIntoACellFlowsOutOfIt)
{
    Shear shear;
    shear.stir(1);
    float largest = 0;
    for (int z = 0; z < 40; ++z)
        for (int y = 0; y < 32; ++y)
            for (int x = 0; x < 48; ++x) {
                ASSERT_NEAR(shear.outflow_of(x, y, z), 0, 2e-6) << x << ' ' << y << ' ' << z;
                largest = std::max(largest, std::abs(shear.courant.x(y, z)[x]));
            }
    EXPECT_GT(largest, 0.05f);
}

TEST(DustSwirls, NothingFlowsThroughSolidsTheFloorAndTheSides)
{
    Shear shear;
    shear.stir(2);
    for (int z = 0; z < 40; ++z)
        for (int x = 0; x < 48; ++x) {
            EXPECT_EQ(shear.courant.y(0, z)[x], 0);
            EXPECT_EQ(shear.courant.y(32, z)[x], 0);
        }
    for (int z = 16; z < 26; ++z)
        for (int y = 0; y < 12; ++y)
            for (int x = 18; x <= 28; ++x)
                ASSERT_EQ(shear.courant.x(y, z)[x], 0) << x << ' ' << y << ' ' << z;
    for (int z = 16; z < 26; ++z)
        for (int x = 18; x < 28; ++x)
            ASSERT_EQ(shear.courant.y(12, z)[x], 0) << x << ' ' << z;
}

TEST(DustSwirls, EddiesTurnAboutAsFastAsTheAirShears)
{
    Shear shear;
    shear.stir(1);
    double sum = 0;
    int count = 0;
    for (int z = 4; z < 36; ++z)
        for (int y = 14; y < 28; ++y)
            for (int x = 4; x < 44; ++x, ++count)
                sum += std::pow(shear.courant.z(y, z)[x] / kStep, 2);           // cells of dust a second
    const double across_two_cells = 2 * 5;  // m/s; the shear is 5 /s, cells have 0.5 m
    EXPECT_GT(0.5 * std::sqrt(sum / count), 0.2 * across_two_cells);
    EXPECT_LT(0.5 * std::sqrt(sum / count), 2.0 * across_two_cells);
}

TEST(DustSwirls, StillAirAndSteadyWindHaveNoneButOverTheRoughStreet)
{
    for (const Eigen::Vector3f& wind : {Eigen::Vector3f(0, 0, 0), Eigen::Vector3f(7, 0, -3)}) {
        Shear shear;
        shear.air = Air(shear.lattice, wind);
        shear.stir(4);
        const bool windy = wind != Eigen::Vector3f(0, 0, 0);
        EXPECT_EQ(windy, std::any_of(shear.courant.x(0, 20), shear.courant.x(0, 20) + 49,
                                     [](float one) { return one != 0; }));
        for (int z = 0; z < 40; ++z)
            for (int y = windy ? 4 : 0; y < 32; ++y)         // two cells of air
                ASSERT_TRUE(std::all_of(shear.courant.x(y, z), shear.courant.x(y, z) + 49,
                                        [](float one) { return one == 0; }));
    }
}

TEST(DustSwirls, AnotherSeedGivesOtherEddies)
{
    Shear one, other, same;
    one.stir(1, 1);
    other.stir(1, 2);
    same.stir(1, 1);
    EXPECT_NE(one.courant.x(20, 20)[20], other.courant.x(20, 20)[20]);
    EXPECT_EQ(one.courant.x(20, 20)[20], same.courant.x(20, 20)[20]);
}

// ---------------------------------------------------------------------------------------- what they are made of

TEST(DustSwirls, NoiseRepeatsItselfWithoutASeam)
{
    const SwirlNoise noise(3);
    const Eigen::Array4f place(63.75f, 10.2f, -0.3f, 0);
    EXPECT_LT((noise.at(place) - noise.at(place + Eigen::Array4f(64, -128, 64, 0))).abs().maxCoeff(), 1e-3f);
    EXPECT_LT((noise.at(Eigen::Array4f(63.99f, 5, 5, 0)) - noise.at(Eigen::Array4f(0.01f, 5, 5, 0)))
                  .abs()
                  .maxCoeff(),
              0.2f);
}

TEST(DustSwirls, CoordinatesTravelWithTheWind)
{
    const Lattice lattice{16, 16, 16};
    const Air air(lattice, {3, 0, -2});
    Drift drift(lattice, 5);
    for (int i = 0; i < 10; ++i)
        drift.carry(air, {{0, lattice.nx}, {0, lattice.ny}, {0, lattice.nz}}, kStep, 1);
    const Eigen::Array4f shift = drift.shift(0)[lattice.index(8, 8, 8)];
    EXPECT_NEAR(shift[0], -3 * 10 * kStep, 1e-4);
    EXPECT_NEAR(shift[1], 0, 1e-6);
    EXPECT_NEAR(shift[2], 2 * 10 * kStep, 1e-4);
}

TEST(DustSwirls, LayersAreRenewedUnseenAndKeepTheirVariance)
{
    const Lattice lattice{8, 8, 8};
    const Air air(lattice, {1, 0, 0});
    Drift drift(lattice, 5);
    int renewals = 0;
    for (int i = 0; i < 200; ++i) {
        const std::array<float, 2> before{drift.origin(0)[0], drift.origin(1)[0]};
        drift.carry(air, {{0, lattice.nx}, {0, lattice.ny}, {0, lattice.nz}}, kStep, 1);
        EXPECT_NEAR(std::pow(drift.weight(0), 2) + std::pow(drift.weight(1), 2), 1, 1e-5);
        for (int layer = 0; layer < 2; ++layer)
            if (drift.origin(layer)[0] != before[layer]) {
                ++renewals;
                EXPECT_LT(drift.weight(layer), 0.1f);
                EXPECT_EQ(drift.shift(layer)[lattice.index(4, 4, 4)][0], 0);
            }
    }
    EXPECT_GE(renewals, 4);
}

// ---------------------------------------------------------------------------------------- what they do to dust

/// A jet over a street with a block in it.
struct Jet {
    DustGrid grid = dust_grid(64, 32, 40);
    DustSolids solids =
        dust_solids(grid, [](int x, int y, int z) { return x >= 14 && x < 18 && y < 5 && z >= 7 && z < 12; });

    std::unique_ptr<DustSolver> after(int steps, const DustSettings& settings) const
    {
        auto solver = std::make_unique<DustSolver>(grid, settings);
        for (int i = 0; i < steps; ++i)
            solver->step(kStep, {{.place = {5, 3, 10}, .radius_m = 2, .mass_kg = {0.5, 0.2}, .air_m3 = 3,
                                  .velocity = {14, 0, 0}, .grip = 0.7}}, solids);
        return solver;
    }
};

/// A bank of dust across the whole box, as if behind a dam, a second and a half after the dam has gone.
std::unique_ptr<DustSolver> slumped(const DustGrid& grid, double detail)
{
    auto solver = std::make_unique<DustSolver>(grid, DustSettings{.detail = detail});
    solver->fill({0, 0, 0}, {14, 8, 20}, 0, 0.5);
    for (int i = 0; i < 36; ++i)
        solver->step(1.0 / 24, {}, {});
    return solver;
}

/// How much the dust bends along the bank, over two cells, against all of it.
double roughness(const DustSolver& solver, const DustGrid& grid)
{
    const std::vector<float>& density = solver.density(0);
    double bend = 0, all = 0;
    for (int z = 10; z + 10 < grid.cells[2]; ++z)
        for (int y = 0; y < grid.cells[1]; ++y)
            for (int x = 0; x < grid.cells[0]; ++x) {
                const auto at = [&](int along) { return density[dust_index(grid, x, y, z + along)]; };
                bend += std::abs(at(2) - 2 * at(0) + at(-2));
                all += at(0);
            }
    return bend / all;
}

TEST(DustSwirls, DetailMakesTheFrontOfABankRough)
{
    const DustGrid grid = dust_grid(64, 24, 40);
    const double none = roughness(*slumped(grid, 0), grid), half = roughness(*slumped(grid, 0.5), grid),
                 whole = roughness(*slumped(grid, 1), grid);
    EXPECT_LT(none, 0.005);
    EXPECT_GT(half, 10 * none);
    EXPECT_GT(whole, 1.5 * half);
    RecordProperty("none_half_whole", std::to_string(none) + " " + std::to_string(half) + " " + std::to_string(whole));
}

TEST(DustSwirls, DustIsNeitherLostNorInsideSolids)
{
    const Jet jet;
    const auto solver = jet.after(60, {.detail = 2});
    EXPECT_EQ(dust_in_solids(*solver, jet.grid, jet.solids), 0);
    for (int dust_class = 0; dust_class < 2; ++dust_class) {
        EXPECT_NEAR(budget_error(*solver, dust_class), 0, 1e-5);
        EXPECT_GE(*std::min_element(solver->density(dust_class).begin(), solver->density(dust_class).end()), 0);
    }
}

TEST(DustSwirls, OneAndTwoThreadsGiveTheSameBits)
{
    const Jet jet;
    const auto with_threads = [&](int threads) {
        const ThreadLimit limit(threads);
        return jet.after(16, {.detail = 1});
    };
    const auto one = with_threads(1), two = with_threads(2);
    EXPECT_EQ(one->density(0), two->density(0));
    EXPECT_EQ(one->density(1), two->density(1));
}

TEST(DustSwirls, WithoutDetailTheSeedDoesNotMatter)
{
    const Jet jet;
    EXPECT_EQ(jet.after(8, {.detail = 0, .seed = 1})->density(0), jet.after(8, {.detail = 0, .seed = 2})->density(0));
    EXPECT_NE(jet.after(8, {.detail = 1, .seed = 1})->density(0), jet.after(8, {.detail = 1, .seed = 2})->density(0));
}

}  // namespace
}  // namespace platefall::collapse
