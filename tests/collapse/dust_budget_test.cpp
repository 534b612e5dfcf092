// Where dust goes: none is lost, none is made, none is inside anything.
#include "collapse/dust_support.h"

#include "base/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace platefall::collapse {
namespace {

/// A box in the way, and dust and air that come out beside it.
struct Street {
    DustGrid grid = dust_grid(48, 24, 40);
    DustSolids solids =
        dust_solids(grid, [](int x, int y, int z) { return x >= 8 && x < 14 && y < 6 && z >= 6 && z < 12; });
    std::vector<DustSource> sources{
        {.place = {7, 1, 9}, .radius_m = 1.5, .mass_kg = {0.5, 0.5}, .air_m3 = 6, .velocity = {-9, 0, 2}, .grip = 0.4},
        {.place = {15, 1.5, 10}, .radius_m = 2, .mass_kg = {0.7, 0.3}, .air_m3 = 4}};
};

TEST(DustBudget, InIsInsidePlusSettledPlusOut)
{
    const Street street;
    DustSolver solver(street.grid, {.wind = {2, 0, 1}});
    for (int i = 0; i < 90; ++i)
        solver.step(1.0 / 24, i < 40 ? street.sources : std::vector<DustSource>{}, street.solids);

    for (int dust_class = 0; dust_class < 2; ++dust_class) {
        EXPECT_NEAR(budget_error(solver, dust_class), 0, 1e-5);
        EXPECT_GT(solver.budget(dust_class).out, 0.5);
        EXPECT_GT(solver.budget(dust_class).inside, 0.5);
    }
    EXPECT_NEAR(solver.budget(0).in, 40 * 1.2, 1e-9);
    EXPECT_GT(solver.budget(1).settled, 0.5);
    EXPECT_NEAR(solver.budget(0).settled, 0, 1e-3);
}

TEST(DustBudget, NoDensityIsNegative)
{
    const Street street;
    DustSolver solver(street.grid, {});
    for (int i = 0; i < 30; ++i)
        solver.step(1.0 / 24, street.sources, street.solids);
    for (int dust_class = 0; dust_class < 2; ++dust_class)
        EXPECT_GE(*std::min_element(solver.density(dust_class).begin(), solver.density(dust_class).end()), 0);
}

TEST(DustBudget, NoDustIsInsideSolids)
{
    const Street street;
    DustSolver solver(street.grid, {.wind = {0, 0, 4}});
    for (int i = 0; i < 30; ++i) {
        solver.step(1.0 / 24, street.sources, street.solids);
        ASSERT_EQ(dust_in_solids(solver, street.grid, street.solids), 0) << "step " << i;
    }
}

TEST(DustBudget, ASolidThatComesIntoACloudPushesItOutAndKeepsItsMass)
{
    const DustGrid grid = dust_grid(32, 16, 24);
    DustSolver solver(grid, {.detail = 0});
    solver.fill({4, 0, 2}, {12, 6, 10}, 0, 0.05);
    const double before = solver.budget(0).inside;
    for (int i = 0; i < 10; ++i) {
        DustSolids solids = dust_solids(grid, [i](int x, int y, int) { return x >= 2 && x < 4 + i && y < 5; });
        solids.velocity.assign(solids.solid.size(), {24.0f, 0, 0});
        solver.step(1.0 / 24, {}, solids);
        ASSERT_EQ(dust_in_solids(solver, grid, solids), 0);
    }
    EXPECT_GT(before, 15);
    EXPECT_NEAR(budget_error(solver, 0), 0, 1e-5);
    EXPECT_GT(middle_of_dust(solver, grid, 0).x(), 11);
}

TEST(DustBudget, DustThatASolidSwallowsWholeComesOutBesideIt)
{
    const DustGrid grid = dust_grid(16, 16, 16);
    DustSolver solver(grid, {.gravity_m_s2 = 0});
    solver.fill({4, 2, 4}, {5, 3, 5}, 0, 0.5);                    // one velocity cell
    const DustSolids solids = dust_solids(grid, [](int x, int y, int z) { return x == 4 && y == 2 && z == 4; });
    solver.step(1e-3, {}, solids);
    EXPECT_EQ(dust_in_solids(solver, grid, solids), 0);
    EXPECT_NEAR(solver.budget(0).inside, 0.5, 1e-5);
    EXPECT_GT(solver.density(0)[dust_index(grid, 7, 5, 9)], 0);
    EXPECT_GT(solver.density(0)[dust_index(grid, 10, 5, 9)], 0);
}

TEST(DustBudget, ASourceInsideASolidFeedsTheNearestAir)
{
    const DustGrid grid = dust_grid(24, 16, 24);
    const DustSolids solids =
        dust_solids(grid, [](int x, int y, int z) { return x >= 3 && x < 9 && y < 4 && z >= 3 && z < 9; });
    DustSolver solver(grid, {});
    solver.step(0.02, {{.place = {6, 0.5, 6}, .radius_m = 0.6, .mass_kg = {1, 2}, .air_m3 = 1}}, solids);
    EXPECT_NEAR(solver.budget(0).inside, 1, 1e-5);
    EXPECT_NEAR(solver.budget(1).in, 2, 1e-9);
    EXPECT_EQ(dust_in_solids(solver, grid, solids), 0);
}

TEST(DustBudget, ASourceOutsideTheBoxIsOutAtOnce)
{
    const DustGrid grid = dust_grid(16, 16, 16);
    DustSolver solver(grid, {});
    solver.step(0.02, {{.place = {-20, 2, 4}, .radius_m = 1, .mass_kg = {3, 0}}}, {});
    EXPECT_NEAR(solver.budget(0).in, 3, 1e-9);
    EXPECT_NEAR(solver.budget(0).out, 3, 1e-9);
    EXPECT_EQ(solver.budget(0).inside, 0);
}

TEST(DustBudget, DustInASealedRoomStaysThereAndSinks)
{
    const DustGrid grid = dust_grid(24, 24, 24);
    const DustSolids solids = dust_solids(grid, [](int x, int y, int z) {
        const bool shell = x >= 2 && x < 10 && y < 9 && z >= 2 && z < 10;
        return shell && !(x >= 3 && x < 9 && y < 8 && z >= 3 && z < 9);
    });
    DustSolver solver(grid, {.wind = {6, 0, 0}});
    solver.step(0.02, {}, solids);
    solver.fill({3.1, 0, 3.1}, {8.9, 8, 8.9}, 0, 0.1);
    solver.fill({3.1, 0, 3.1}, {8.9, 8, 8.9}, 1, 0.1);
    const double before = solver.budget(1).inside;
    for (int i = 0; i < 50; ++i)
        solver.step(0.05, {}, solids);
    EXPECT_NEAR(solver.budget(0).inside, before, 1e-3);
    EXPECT_NEAR(solver.budget(1).settled, before * 0.4 * 2.5 / 8, 0.01 * before);
    EXPECT_EQ(solver.budget(1).out, 0);
}

TEST(DustBudget, DustOfClosedRoomsLeavesWithTheirAir)
{
    const DustGrid grid = dust_grid(48, 24, 48);
    const DustSolids solids = dust_solids(grid, [](int x, int y, int z) {          // a house, and a pocket in it
        const bool house = x >= 4 && x < 20 && y < 8 && z >= 4 && z < 20;
        return house && !(x == 12 && y == 4 && z == 12);
    });
    const DustSource inside{.place = {12.5, 4.5, 12.5}, .radius_m = 1, .mass_kg = {2, 3}};
    const DustSource outlet{.place = {12, 2, 21.5}, .radius_m = 1.5, .air_m3 = 4};
    DustSolver solver(grid, {});
    for (int i = 0; i < 10; ++i)
        solver.step(0.02, {inside, outlet}, solids);
    EXPECT_NEAR(solver.budget(0).in, 20, 1e-6);
    EXPECT_NEAR(solver.budget(1).in, 30, 1e-6);
    EXPECT_EQ(solver.density(0)[dust_index(grid, 25, 9, 25)], 0) << "not in the pocket";
    EXPECT_GT(middle_of_dust(solver, grid, 0).z(), 20);
    for (int i = 0; i < 2; ++i)
        EXPECT_NEAR(solver.budget(i).in, solver.budget(i).inside + solver.budget(i).settled + solver.budget(i).out, 1e-3);
}

TEST(DustBudget, DustSettlesOnTopOfSolids)
{
    const DustGrid grid = dust_grid(16, 24, 16);
    const DustSolids solids = dust_solids(grid, [](int, int y, int) { return y < 4; });
    DustSolver solver(grid, {.gravity_m_s2 = 0});
    solver.step(0.02, {}, solids);
    solver.fill({0, 0, 0}, {8, 6, 8}, 1, 0.01);                  // 2 m of it above the solids
    for (int i = 0; i < 90; ++i)
        solver.step(0.1, {}, solids);                             // falls 3.6 m
    EXPECT_NEAR(solver.budget(1).settled, solver.budget(1).in, 0.01 * solver.budget(1).in);
}

TEST(DustBudget, OneAndTwoThreadsGiveTheSameBits)
{
    const Street street;
    const auto simulated = [&](int threads) {
        const ThreadLimit limit(threads);
        auto solver = std::make_unique<DustSolver>(street.grid, DustSettings{.wind = {1, 0, 0}});
        for (int i = 0; i < 12; ++i)
            solver->step(1.0 / 24, street.sources, street.solids);
        return solver;
    };
    const auto one = simulated(1), two = simulated(2);
    EXPECT_EQ(one->density(0), two->density(0));
    EXPECT_EQ(one->density(1), two->density(1));
    EXPECT_EQ(one->velocity(), two->velocity());
    EXPECT_EQ(one->budget(1).settled, two->budget(1).settled);
    EXPECT_EQ(one->budget(0).out, two->budget(0).out);
}

}  // namespace
}  // namespace platefall::collapse
