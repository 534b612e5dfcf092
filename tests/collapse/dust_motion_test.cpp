// How dust moves: known speeds, known shapes.
#include "collapse/dust_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

TEST(DustMotion, ACloudFallsAtItsSettlingSpeedInStillAir)
{
    const DustGrid grid = dust_grid(16, 48, 16);
    DustSolver solver(grid, {.classes = {{{0.1}, {0.4}}}, .gravity_m_s2 = 0});
    for (int dust_class = 0; dust_class < 2; ++dust_class)
        solver.fill({2, 14, 2}, {6, 18, 6}, dust_class, 0.02);
    for (int i = 0; i < 100; ++i)
        solver.step(0.1, {}, {});
    EXPECT_NEAR(middle_of_dust(solver, grid, 0).y(), 16 - 0.1 * 10, 0.01);
    EXPECT_NEAR(middle_of_dust(solver, grid, 1).y(), 16 - 0.4 * 10, 0.01);
}

TEST(DustMotion, EvenDustSettlesEvenly)
{
    const DustGrid grid = dust_grid(16, 24, 16);
    DustSolver solver(grid, {.gravity_m_s2 = 0});
    solver.fill({0, 0, 0}, {8, 12, 8}, 1, 0.01);
    for (int i = 0; i < 50; ++i)
        solver.step(0.1, {}, {});
    EXPECT_NEAR(solver.budget(1).settled / solver.budget(1).in, 0.4 * 5 / 12, 1e-4);
    EXPECT_NEAR(solver.density(1)[dust_index(grid, 7, 2, 7)], 0.01, 1e-5);
}

TEST(DustMotion, WindCarriesAPuffAtItsSpeed)
{
    const DustGrid grid = dust_grid(64, 24, 40);
    DustSolver solver(grid, {.wind = {4, 0, -1.5}});
    solver.fill({4, 4, 13}, {7, 7, 16}, 0, 1e-5);
    for (int i = 0; i < 96; ++i)
        solver.step(1.0 / 24, {}, {});
    const Eigen::Vector3d middle = middle_of_dust(solver, grid, 0);
    EXPECT_NEAR(middle.x(), 5.5 + 16, 0.1);
    EXPECT_NEAR(middle.y(), 5.5, 0.1);
    EXPECT_NEAR(middle.z(), 14.5 - 6, 0.1);
}

/// What semi-Lagrangian transport leaves of a row of values after steps of `courant` cells.
std::vector<double> semi_lagrangian(std::vector<double> row, double courant, int steps)
{
    for (int i = 0; i < steps; ++i)
        for (std::size_t x = row.size() - 1; x > 0; --x)
            row[x] += courant * (row[x - 1] - row[x]);
    return row;
}

TEST(DustMotion, ABlobStaysSharperThanSemiLagrangianTransportLeavesIt)
{
    const DustGrid grid = dust_grid(64, 16, 16);
    DustSolver solver(grid, {.wind = {2, 0, 0}});
    solver.fill({4, 0, 0}, {7, 8, 8}, 0, 1e-4);
    std::vector<double> row(64);
    std::fill(row.begin() + 8, row.begin() + 14, 1e-4);
    constexpr int kSteps = 120;                                    // of 0.2 cells: 12 m
    for (int i = 0; i < kSteps; ++i)
        solver.step(0.05, {}, {});
    row = semi_lagrangian(row, 0.2, kSteps);

    const float* ours = solver.density(0).data() + dust_index(grid, 0, 8, 8);
    EXPECT_GT(*std::max_element(ours, ours + 64), 0.95e-4);
    EXPECT_LT(*std::max_element(ours, ours + 64), 1.001e-4);
    EXPECT_LT(*std::max_element(row.begin(), row.end()), 0.6e-4);
}

TEST(DustMotion, ASymmetricSourceStaysSymmetric)
{
    const DustGrid grid = dust_grid(32, 24, 32);
    DustSolver solver(grid, {.detail = 0});
    const std::vector<DustSource> source{{.place = {8, 1, 8}, .radius_m = 1.5, .mass_kg = {2, 1}, .air_m3 = 8}};
    for (int i = 0; i < 24; ++i)
        solver.step(1.0 / 24, source, {});
    const std::vector<float>& density = solver.density(0);
    const float largest = *std::max_element(density.begin(), density.end());
    float worst = 0;
    for (int z = 0; z < 32; ++z)
        for (int y = 0; y < 24; ++y)
            for (int x = 0; x < 32; ++x) {
                const float one = density[dust_index(grid, x, y, z)];
                worst = std::max({worst, std::abs(one - density[dust_index(grid, 31 - x, y, z)]),
                                  std::abs(one - density[dust_index(grid, x, y, 31 - z)])});
            }
    EXPECT_LT(worst, 0.002f * largest);
    EXPECT_GT(density[dust_index(grid, 16, 4, 24)], 0.1f * largest);        // and has come some way
}

TEST(DustMotion, HeavyDustFallsNoFasterThanAStone)
{
    const DustGrid grid = dust_grid(16, 48, 16);
    DustSolver solver(grid, {.classes = {{{0.0}, {0.0}}}});
    solver.fill({0, 14, 0}, {8, 18, 8}, 0, 50);
    for (int i = 0; i < 10; ++i)
        solver.step(0.1, {}, {});
    EXPECT_GT(middle_of_dust(solver, grid, 0).y(), 16 - 0.5 * 9.81 - 0.5);
    EXPECT_LT(middle_of_dust(solver, grid, 0).y(), 16 - 0.5);
}

/// A tank 62 m long and 16 m deep with slippery walls and lid, one cell of which is open so that the pressure
/// has a level.
struct Tank {
    DustGrid grid = dust_grid(128, 34, 8);
    DustSolids walls = dust_solids(grid, [](int x, int y, int z) {
        return x == 0 || x == 63 || z == 0 || z == 3 || (y == 16 && x != 62);
    });

    /// Where dust on the floor of the middle of the tank ends.
    double front(const DustSolver& solver, float density) const
    {
        int last = 0;
        for (int x = 0; x < grid.cells[0]; ++x)
            if (solver.density(0)[dust_index(grid, x, 1, 4)] > 0.5f * density)
                last = x;
        return (last + 1) * grid.cell_m;
    }
};

// Benjamin (1968), "Gravity currents and related phenomena", J. Fluid Mech. 31: a current without loss of
// energy under a lid fills half the depth H and runs at 0.5 sqrt(g' H). That is the lock exchange of full
// depth between slippery walls.
TEST(DustMotion, ALockExchangeRunsAtBenjaminsSpeed)
{
    const Tank tank;
    constexpr float kDensity = 0.06f;
    DustSolver solver(tank.grid, {.vorticity = 0, .detail = 0});
    solver.step(1e-3, {}, tank.walls);
    solver.fill({0, 0, 0}, {32, 16, 4}, 0, kDensity);
    const auto run = [&](double seconds) {
        for (double t = 0; t < seconds - 1e-9; t += 0.1)
            solver.step(0.1, {}, tank.walls);
    };
    run(6);
    const double first = tank.front(solver, kDensity);
    run(10);
    const double speed = (tank.front(solver, kDensity) - first) / 10;
    const double reduced_gravity = 9.81 * kDensity / (1.2 + kDensity);
    const double theory = 0.5 * std::sqrt(reduced_gravity * 16);
    EXPECT_NEAR(speed / theory, 1, 0.15);
    RecordProperty("speed_to_theory", std::to_string(speed / theory));
}

}  // namespace
}  // namespace platefall::collapse
