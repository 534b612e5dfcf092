#include "cleanplate/fill/seams.h"

#include "cleanplate/fill/grid_solver.h"
#include "cleanplate/fill/patch_fill.h"
#include "cleanplate/fill/smooth_fill.h"

#include <gtest/gtest.h>

namespace platefall::cleanplate {
namespace {

TEST(CleanplateGridSolver, AChainOfWishedStepsIsFollowedExactly)
{
    GridSystem system{Raster<GridSystem::Cell>(40, 1, 1, {})};
    system.cells(0, 0).anchor = 1;
    for (int x = 0; x + 1 < 40; ++x) {  // each value 0.5 above the one before
        system.cells(x, 0).right = 1;
        system.cells(x, 0).pull -= 0.5f;
        system.cells(x + 1, 0).pull += 0.5f;
    }
    const Raster<float> values = solve(system);
    for (int x = 0; x < 40; ++x)
        EXPECT_NEAR(values(x, 0), 0.5f * static_cast<float>(x), 1e-2f);
}

TEST(CleanplateGridSolver, ACellWithoutWeightsStaysZero)
{
    GridSystem system{Raster<GridSystem::Cell>(5, 5, 1, {})};
    system.cells(2, 2).pull = 3;
    EXPECT_EQ(solve(system)(2, 2), 0.0f);
}

TEST(CleanplateSmoothFill, BetweenTwoValuesLiesAStraightLine)
{
    Raster<std::uint8_t> known(33, 5, 0, 0);
    Raster<float> values(33, 5, 0, 0.0f);
    for (int y = 0; y < 5; ++y) {
        known(0, y) = known(32, y) = 1;
        values(32, y) = 64.0f;
    }
    fill_smoothly(known, values);
    for (int x = 0; x < 33; ++x)
        EXPECT_NEAR(values(x, 2), 2.0f * static_cast<float>(x), 0.1f);
}

TEST(PatchFillSeams, AnEveningSkyIsContinuedWithoutAStep)
{
    const Window frame{0, 0, 160, 120}, hole{50, 30, 110, 90};
    const auto sky = [](int x, int y) {
        return 0.1f + 0.004f * static_cast<float>(x) + 0.006f * static_cast<float>(y);
    };
    Image picture(frame, frame, {{"R"}, {"G"}, {"B"}}), unknown(frame, frame, {{"A"}});
    for (int y = 0; y < 120; ++y)
        for (int x = 0; x < 160; ++x) {
            for (int c = 0; c < 3; ++c)
                picture.pixel(x, y)[c] = sky(x, y) * (1.0f + 0.2f * static_cast<float>(c));
            *unknown.pixel(x, y) = hole.contains(x, y) ? 1.0f : 0.0f;
        }
    const Filled filled = patch_fill({picture, unknown, nullptr, nullptr, 1, {}});
    for (int y = 30; y < 90; ++y)
        for (int x = 50; x < 110; ++x)
            EXPECT_NEAR(filled.picture.pixel(x, y)[0] / sky(x, y), 1.0f, 0.05f) << x << ',' << y;
    for (int y = 29; y < 90; ++y)
        for (int x = 49; x < 110; ++x)
            EXPECT_NEAR(filled.picture.pixel(x + 1, y + 1)[0] / filled.picture.pixel(x, y)[0], 1.0f, 0.06f)
                << x << ',' << y;
}

}  // namespace
}  // namespace platefall::cleanplate
