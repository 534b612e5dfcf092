// What the dust solver refuses, and how large it gets.
#include "collapse/dust_support.h"
#include "support/error_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace platefall::collapse {
namespace {

using test::error_of;

TEST(DustRefusals, SizesOutOfRange)
{
    EXPECT_EQ(error_of([] { DustSolver(dust_grid(6, 16, 16), {}); }),
              "dust grid: 6 cells along x; use an even number from 8 to 2048");
    EXPECT_EQ(error_of([] { DustSolver(dust_grid(16, 17, 4096), {}); }),
              "dust grid: 17 cells along y; use an even number from 8 to 2048\n"
              "dust grid: 4096 cells along z; use an even number from 8 to 2048");
    EXPECT_EQ(error_of([] { DustSolver(dust_grid(16, 16, 16, 0), {}); }),
              "dust grid: cells of 0 m; their size must be positive");
    EXPECT_EQ(error_of([] { DustSolver::bytes(dust_grid(16, 16, -8)); }),
              "dust grid: -8 cells along z; use an even number from 8 to 2048");
}

TEST(DustRefusals, SettingsOutOfRange)
{
    const auto refused = [](const DustSettings& settings) {
        return error_of([&] { DustSolver(dust_grid(16, 16, 16), settings); });
    };
    EXPECT_EQ(refused({.classes = {{{0.0}, {-0.4}}}}), "dust: settling speed is -0.4 m/s; it must not be negative");
    EXPECT_EQ(refused({.wind = {std::numeric_limits<double>::quiet_NaN(), 0, 0}}), "dust: wind must be finite");
    EXPECT_EQ(refused({.gravity_m_s2 = -1}), "dust: gravity is -1 m/s2; it must not be negative");
    EXPECT_EQ(refused({.air_kg_m3 = 0}), "dust: air weighs 0 kg/m3; it must be positive");
    EXPECT_EQ(refused({.vorticity = 2}), "dust: vorticity is 2; it must be 0 to 1");
    EXPECT_EQ(refused({.detail = -1}), "dust: detail is -1; it must be 0 to 4");
    EXPECT_EQ(refused({.pressure_tolerance = 0}),
              "dust: pressure tolerance is 0; it must be 1e-06 or more and below 1");
    EXPECT_EQ(refused({.most_cells_per_step = 0}), "dust: 0 cells a step; it must be positive");
}

TEST(DustRefusals, StepsOutOfRange)
{
    DustSolver solver(dust_grid(16, 16, 16), {});
    const auto refused = [&](double dt, const std::vector<DustSource>& sources, const DustSolids& solids) {
        return error_of([&] { solver.step(dt, sources, solids); });
    };
    EXPECT_EQ(refused(0, {}, {}), "dust: a step of 0 s; it must be positive");
    EXPECT_EQ(refused(1, {}, {.solid = std::vector<std::uint8_t>(511), .velocity = {}}),
              "dust solids: 511 cells for a grid of 512 velocity cells");
    EXPECT_EQ(refused(1, {{.place = {1, 1, 1}, .radius_m = 0}}, {}),
              "dust source 0: radius is 0 m; it must be positive");
    EXPECT_EQ(refused(1, {{.place = {1, 1, 1}}, {.place = {1, 1, 1}, .mass_kg = {1, -2}}}, {}),
              "dust source 1: mass is 1 and -2 kg; neither may be negative");
    EXPECT_EQ(refused(1, {{.place = {1, 1, 1}, .air_m3 = -3}}, {}),
              "dust source 0: air is -3 m3; it must not be negative");
    EXPECT_EQ(refused(1, {{.place = {1, 1, 1}, .grip = 1.5}}, {}), "dust source 0: grip is 1.5; it must be 0 to 1");
}

TEST(DustRefusals, EightMillionCellsFitInTwoGibibytes)
{
    EXPECT_LT(DustSolver::bytes(dust_grid(256, 128, 256)), std::size_t{2} << 30);
    EXPECT_GT(DustSolver::bytes(dust_grid(256, 128, 256)), 2 * sizeof(float) * (std::size_t{8} << 20));
}

}  // namespace
}  // namespace platefall::collapse
