#include "cleanplate/regions.h"

#include "cleanplate/small_take.h"

#include <gtest/gtest.h>

namespace platefall::cleanplate {
namespace {

using test::box;
using test::for_each_pixel;

constexpr Window kWindow{0, 0, 40, 30};
const std::vector<std::string> kRegions{"matte.wall", "matte.house"};

Image flat(const Window& where, float value)
{
    Image image(kWindow, kWindow, {{"A"}});
    for_each_pixel(where, [&](int x, int y) { *image.pixel(x, y) = value; });
    return image;
}

/// A wall on the left, with a soft edge at x = 20, in front of a house that is drawn behind it too.
Frame frame_of(const ShotInfo& info)
{
    Frame frame(info, 1001);
    frame.set("plate", Image(kWindow, kWindow, {{"R"}, {"G"}, {"B"}}));
    Image wall = flat({0, 0, 20, 30}, 1);
    for_each_pixel({20, 0, 21, 30}, [&](int x, int y) { *wall.pixel(x, y) = 0.25f; });
    frame.set("matte.wall", std::move(wall));
    Image house({5, 10, 40, 30}, kWindow, {{"A"}}, 1.0f);   // a data window of its own
    frame.set("matte.house", std::move(house));
    return frame;
}

TEST(CleanplateRegions, WhatIsInFrontHidesWhatIsBehindAndAllAddUp)
{
    const ShotInfo info;
    const Frame frame = frame_of(info);
    const std::vector<Image> shares = shares_of_regions(frame, kRegions);
    const Image &wall = shares[0], &house = shares[1], &rest = shares[2];
    EXPECT_EQ(*wall.pixel(10, 20), 1);
    EXPECT_EQ(*house.pixel(10, 20), 0);
    EXPECT_EQ(*wall.pixel(20, 20), 0.25f);
    EXPECT_EQ(*house.pixel(20, 20), 0.75f);
    EXPECT_EQ(*house.pixel(30, 20), 1);
    EXPECT_EQ(*rest.pixel(30, 20), 0);
    EXPECT_EQ(*rest.pixel(30, 5), 1);
    for_each_pixel(kWindow, [&](int x, int y) {
        ASSERT_EQ(*wall.pixel(x, y) + *house.pixel(x, y) + *rest.pixel(x, y), 1) << x << "," << y;
    });
}

TEST(CleanplateRegions, TheHoleReachesAsFarAsTheRegionAndSourcesEndBeforeItsEdge)
{
    const ShotInfo info;
    const Mask hole = box({15, 5, 30, 25});
    const FrameMasks masks = within({.hole = hole, .blocked = hole}, shares_of_regions(frame_of(info), kRegions)[1], kWindow);
    for_each_pixel(kWindow, [&](int x, int y) {
        ASSERT_EQ(masks.hole.at(x, y), hole.at(x, y) && x >= 20 && y >= 10) << x << "," << y;
        if (x < 21 || y < 10 || hole.at(x, y)) {
            ASSERT_TRUE(masks.blocked.at(x, y)) << x << "," << y;
        } else if (x > 31 && y > 12) {
            ASSERT_FALSE(masks.blocked.at(x, y)) << x << "," << y;
        }
    });
}

TEST(CleanplateRegions, ThePartOfAHoleHasAWindowNoLargerThanItself)
{
    const ShotInfo info;
    const Mask hole = box({15, 5, 30, 25});
    const Image share = shares_of_regions(frame_of(info), kRegions)[1];
    EXPECT_EQ(hole_within(hole, share).window(), (Window{20, 10, 30, 25}));
    const FrameMasks near = within({.hole = hole, .blocked = hole}, share, {18, 8, 33, 28}),
                     everywhere = within({.hole = hole, .blocked = hole}, share, kWindow);
    for_each_pixel({18, 8, 33, 28}, [&](int x, int y) {
        ASSERT_EQ(near.blocked.at(x, y), everywhere.blocked.at(x, y)) << x << "," << y;
    });
}

TEST(CleanplateRegions, AHoleElsewhereIsNone)
{
    const ShotInfo info;
    const Mask hole = box({30, 0, 38, 8});
    EXPECT_TRUE(within({.hole = hole, .blocked = hole}, shares_of_regions(frame_of(info), kRegions)[0], kWindow).hole.empty());
}

TEST(CleanplateRegions, SupportsAreThoseThatWereSeenInTheRegion)
{
    test::SmallTake made = test::along_the_wall({0, 0, 100, 60}, 3, 10);
    for (int i = 0; i < 30; ++i)
        made.take.supports.push_back({{3.0 * i + 5, 30}, 0, 2});   // in the last frame all lies 10 px further left
    made.masks[2].blocked = box({-20, 0, 45, 60});
    const Take own = seen_within(made.take, made.masks);
    ASSERT_EQ(own.supports.size(), 13u);
    for (const Take::Support& support : own.supports)
        EXPECT_GE(support.base_point[0], 55);
    made.masks[2].blocked = box({-20, 0, 100, 60});
    EXPECT_EQ(seen_within(made.take, made.masks).supports.size(), 30u) << "hardly any: all of them are better than none";
}

TEST(CleanplateRegions, AreJoinedByTheirSharesAndLeaveThePlatesBits)
{
    const Image plate = test::picture(kWindow, 1, [](const Vec2& at) { return test::wall(at); });
    const auto region = [&](float share, float value, const Window& changed) {
        Restored restored{.clean = plate, .generated = Image(kWindow, kWindow, {{"generated"}})};
        for_each_pixel(changed, [&](int x, int y) {
            std::fill_n(restored.clean.pixel(x, y), 3, value);
            *restored.generated.pixel(x, y) = 1;
        });
        restored.missed = 2;
        return RestoredRegion{std::move(restored), Image(kWindow, kWindow, {{"A"}}, share)};
    };
    const std::vector<RestoredRegion> regions{region(0.3f, 1, {10, 10, 20, 20}), region(0.7f, 2, {10, 10, 20, 20})};
    const Restored joined = join(plate, regions);
    EXPECT_EQ(joined.missed, 4u);
    for_each_pixel(kWindow, [&](int x, int y) {
        const bool inside = x >= 10 && x < 20 && y >= 10 && y < 20;
        ASSERT_EQ(*joined.generated.pixel(x, y) > 0, inside);
        for (int c = 0; c < 3; ++c) {
            if (inside) {
                ASSERT_NEAR(joined.clean.pixel(x, y)[c], 1.7f, 1e-6f);
            } else {
                ASSERT_EQ(joined.clean.pixel(x, y)[c], plate.pixel(x, y)[c]);
            }
        }
    });
}

}  // namespace
}  // namespace platefall::cleanplate
