#include "cleanplate/motion/homography.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace platefall::cleanplate {
namespace {

const Homography kTilt{{1.1, 0.02, -14, -0.03, 0.97, 6, 1e-4, -5e-5, 1}};

TEST(CleanplateHomography, ThereAndBackIsWhereItStarted)
{
    const Vec2 back = inverse(kTilt)(kTilt({320.5, 200.5}));
    EXPECT_NEAR(back[0], 320.5, 1e-9);
    EXPECT_NEAR(back[1], 200.5, 1e-9);
}

TEST(CleanplateHomography, ComposeAppliesTheSecondArgumentFirst)
{
    const Homography move{{1, 0, 5, 0, 1, 7, 0, 0, 1}};
    const Vec2 at_once = compose(kTilt, move)({10, 20}), one_by_one = kTilt({15, 27});
    EXPECT_NEAR(at_once[0], one_by_one[0], 1e-9);
    EXPECT_NEAR(at_once[1], one_by_one[1], 1e-9);
}

TEST(CleanplateHomography, AreaScaleIsTheAreaOfAMappedPixel)
{
    const Homography twice_as_wide{{2, 0, 0, 0, 1, 0, 0, 0, 1}};
    EXPECT_DOUBLE_EQ(area_scale(twice_as_wide, {100, 100}), 2.0);

    const Vec2 at = kTilt({100, 100}), right = kTilt({100.001, 100}), down = kTilt({100, 100.001});
    const double area = (right[0] - at[0]) * (down[1] - at[1]) - (right[1] - at[1]) * (down[0] - at[0]);
    EXPECT_NEAR(area_scale(kTilt, {100, 100}), area * 1e6, 1e-4);
}

TEST(CleanplateHomography, APointBehindTheCameraIsNotFaced)
{
    const Homography horizon{{1, 0, 0, 0, 1, 0, 0, -0.01, 1}};
    EXPECT_TRUE(horizon.faces({0, 99}));
    EXPECT_FALSE(horizon.faces({0, 101}));
}

TEST(CleanplateHomography, ASingularMapIsRefused)
{
    EXPECT_THROW(inverse({{1, 0, 0, 1, 0, 0, 0, 0, 1}}), std::logic_error);
}

}  // namespace
}  // namespace platefall::cleanplate
