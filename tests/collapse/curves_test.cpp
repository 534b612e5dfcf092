#include "collapse/curves.h"

#include <gmock/gmock.h>

namespace platefall::collapse {
namespace {

using testing::ElementsAre;

TEST(CollapseCurves, CountWhatMovesAndWhatHasBrokenAtEveryFrame)
{
    Motion motion;
    Pose still, moving;
    moving.velocity = {0, -3, 0};
    motion.poses = {{still, still}, {still, moving}, {moving, moving}};
    motion.broken = {{.time_s = 0.1}, {.time_s = 0.9}, {.time_s = 1.0}, {.time_s = 1.6}};
    motion.energy_J = {4e6, 3e6, 1e6};
    MotionSettings settings;
    settings.fps = 1;
    const std::vector<Curve> curves = motion_curves(motion, settings, 1009);
    ASSERT_EQ(curves.size(), 3u);
    EXPECT_EQ(curves[0].name, "pieces moving");
    EXPECT_EQ(curves[0].first_frame, 1009);
    EXPECT_THAT(curves[0].values, ElementsAre(0, 1, 2));
    EXPECT_EQ(curves[1].name, "bonds broken");
    EXPECT_THAT(curves[1].values, ElementsAre(0, 3, 4));
    EXPECT_EQ(curves[2].unit, "MJ");
    EXPECT_THAT(curves[2].values, ElementsAre(4, 3, 1));
}

TEST(CollapseCurves, InSlowMotionAFrameIsShorter)
{
    Motion motion;
    motion.poses.resize(3);
    motion.broken = {{.time_s = 0.4}, {.time_s = 0.9}};
    motion.energy_J = {0, 0, 0};
    MotionSettings settings;
    settings.fps = 1;
    settings.time_scale = 0.5;
    EXPECT_THAT(motion_curves(motion, settings, 0)[1].values, ElementsAre(0, 1, 2));
}

TEST(CollapseCurves, DustIsWeighedInBothSizes)
{
    DustFrame dust;
    dust.cell_m = 0.5f;
    EXPECT_EQ(mass_of(dust), 0.0);
    dust.density = {std::vector<float>{1.0f, 2.0f}, std::vector<float>{0.0f, 5.0f}};
    EXPECT_DOUBLE_EQ(mass_of(dust), 8.0 * 0.125);
}

}  // namespace
}  // namespace platefall::collapse
