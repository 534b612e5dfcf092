#include "cleanplate/hole.h"

#include "base/parallel.h"
#include "cleanplate/small_take.h"

#include <gtest/gtest.h>

namespace platefall::cleanplate {
namespace {

using test::along_the_wall;
using test::box;
using test::for_each_pixel;
using test::SmallTake;

constexpr Window kWindow{0, 0, 80, 60};
constexpr Window kOverscan{-10, -10, 90, 70};
const HoleSettings kSettings{.matte = "matte.building", .foreground = {"matte.tree"}, .grow_px = 3, .unite_frames = 1};

/// A plate with overscan, and two mattes.
Frame frame_with(const ShotInfo& info, const Window& building, float value, const Window& tree = {})
{
    Frame frame(info, 1001);
    frame.set("plate", Image(kOverscan, kWindow, {{"R"}, {"G"}, {"B"}}));
    Image matte(kOverscan, kWindow, {{"A"}}), other(kWindow, kWindow, {{"A"}});
    for_each_pixel(intersect(building, kOverscan), [&](int x, int y) { *matte.pixel(x, y) = value; });
    for_each_pixel(intersect(tree, kWindow), [&](int x, int y) { *other.pixel(x, y) = 1; });
    frame.set("matte.building", std::move(matte));
    frame.set("matte.tree", std::move(other));
    return frame;
}

int pixels(const Mask& mask)
{
    int count = 0;
    for_each_pixel(mask.window(), [&](int x, int y) { count += mask.at(x, y); });
    return count;
}

TEST(CleanplateHole, IsTheMatteGrownByARound)
{
    const ShotInfo info;
    const FrameMasks masks = masks_of(frame_with(info, {30, 20, 50, 40}, 1), kSettings);
    EXPECT_EQ(masks.hole.window(), (Window{27, 17, 53, 43}));
    EXPECT_TRUE(covers(masks.hole, {30, 17, 50, 43}));
    EXPECT_FALSE(masks.hole.at(27, 17));
}

TEST(CleanplateHole, AFaintMatteCountsAndDustDoesNot)
{
    const ShotInfo info;
    EXPECT_TRUE(covers(masks_of(frame_with(info, {30, 20, 50, 40}, 0.01f), kSettings).hole, {30, 20, 50, 40}));
    EXPECT_TRUE(masks_of(frame_with(info, {30, 20, 50, 40}, 0.001f), kSettings).hole.empty());
}

TEST(CleanplateHole, ForegroundIsBlockedAndNotAHole)
{
    const ShotInfo info;
    const FrameMasks masks = masks_of(frame_with(info, {30, 20, 50, 40}, 1, {60, 20, 70, 60}), kSettings);
    EXPECT_TRUE(covers(masks.blocked, {60, 20, 70, 60}));
    EXPECT_TRUE(covers(masks.blocked, {30, 20, 50, 40}));
    EXPECT_FALSE(masks.hole.at(65, 40));
    EXPECT_TRUE(masks.blocked.at(58, 40));
}

TEST(CleanplateHole, ReachesIntoTheOverscanAndEndsWithThePlate)
{
    const ShotInfo info;
    const Mask hole = masks_of(frame_with(info, {-100, 20, 5, 40}, 1), kSettings).hole;
    EXPECT_TRUE(hole.at(-10, 30));
    EXPECT_TRUE(kOverscan.contains(hole.window()));
}

/// A box that every frame has in the same place of the picture, but for what a test changes.
SmallTake boxes(double step_px = 0)
{
    SmallTake made = along_the_wall(kWindow, 3, step_px);
    for (FrameMasks& masks : made.masks)
        masks.hole = masks.blocked = box({30, 20, 50, 40});
    return made;
}

TEST(CleanplateHole, ASliverThatOneFrameDropsIsClosed)
{
    SmallTake made = boxes();
    made.masks[1].hole = made.masks[1].blocked = unite(box({30, 20, 50, 28}), box({30, 30, 50, 40}));
    unite_over_time(made.masks, made.take, kSettings, kWindow);
    EXPECT_TRUE(covers(made.masks[1].hole, {30, 20, 50, 40}));
    EXPECT_TRUE(covers(made.masks[1].blocked, {30, 20, 50, 40}));
    EXPECT_EQ(pixels(made.masks[0].hole), 400);
}

TEST(CleanplateHole, AMatteThatMovedOnGrowsByNoMoreThanItsEdge)
{
    SmallTake made = boxes();
    made.masks[0].hole = made.masks[0].blocked = box({5, 20, 25, 40});
    made.masks[2].hole = made.masks[2].blocked = box({58, 20, 78, 40});
    unite_over_time(made.masks, made.take, kSettings, kWindow);
    EXPECT_EQ(pixels(made.masks[1].hole), 400);
}

TEST(CleanplateHole, WithNoFramesToUniteEachKeepsItsOwn)
{
    SmallTake made = boxes();
    made.masks[1].hole = box({30, 20, 50, 28});
    HoleSettings alone = kSettings;
    alone.unite_frames = 0;
    unite_over_time(made.masks, made.take, alone, kWindow);
    EXPECT_EQ(pixels(made.masks[1].hole), 160);
}

TEST(CleanplateHole, NeighboursAreCarriedOverByTheCamerasMove)
{
    SmallTake made = boxes(2);
    made.masks[0].hole = box({32, 20, 52, 40});   // the same place of the wall
    made.masks[2].hole = box({28, 20, 48, 40});
    unite_over_time(made.masks, made.take, kSettings, kWindow);
    for (const FrameMasks& masks : made.masks)
        EXPECT_EQ(pixels(masks.hole), 400);
}

TEST(CleanplateHole, AnEmptyMatteStaysEmpty)
{
    SmallTake made = boxes();
    made.masks[1] = {};
    unite_over_time(made.masks, made.take, kSettings, kWindow);
    EXPECT_TRUE(made.masks[1].hole.empty());
}

}  // namespace
}  // namespace platefall::cleanplate
