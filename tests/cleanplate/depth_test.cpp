#include "cleanplate/depth.h"

#include "base/parallel.h"
#include "cleanplate/gather.h"
#include "cleanplate/small_take.h"

#include <gtest/gtest.h>

#include <cmath>

namespace platefall::cleanplate {
namespace {

using test::for_each_pixel;
using test::same_bits;
using test::SmallTake;
using test::wall;

constexpr Window kWindow{0, 0, 600, 120};           // so wide that one canvas is enough
constexpr Window kKiosk{90, 30, 170, 130};          // in the base frame; it stands before the wall
constexpr double kWallStep = 2, kKioskStep = 4.8;     // pixels a frame to the left
constexpr int kFrames = 9;
constexpr std::size_t kBase = 4;

bool is_kiosk(const Vec2& base_pixel)
{
    return base_pixel[0] >= kKiosk.x0 && base_pixel[0] < kKiosk.x1 && base_pixel[1] >= kKiosk.y0;
}

/// Where the base frame has what frame `index` shows.
Vec2 in_base(std::size_t index, const Vec2& pixel)
{
    const double t = static_cast<double>(index) - static_cast<double>(kBase);
    const Vec2 near{pixel[0] + kKioskStep * t, pixel[1]};
    return is_kiosk(near) ? near : Vec2{pixel[0] + kWallStep * t, pixel[1]};
}

/// A kiosk is another wall, so that it moves differently and looks different. A wall that is hidden from the base lies
/// where the kiosk is there.
double light(std::size_t index, const Vec2& pixel)
{
    const double t = static_cast<double>(index) - static_cast<double>(kBase);
    const Vec2 near{pixel[0] + kKioskStep * t, pixel[1]};
    return is_kiosk(near) ? wall(near, 77) : wall({pixel[0] + kWallStep * t, pixel[1]});
}

/// Depths are `sign` on the kiosk and 0 on the wall.
SmallTake kiosk_before_wall(int sign = 1)
{
    SmallTake made{.window = kWindow, .take = {}, .masks = {}, .plates = {}};
    made.take.base = kBase;
    made.masks.resize(kFrames);
    for (int i = 0; i < kFrames; ++i) {
        made.take.frames.push_back(1001 + i);
        made.take.frame_from_base.push_back(test::move_by(-kWallStep * (i - static_cast<int>(kBase))));
        made.take.parallax.push_back({-(kKioskStep - kWallStep) * sign * (i - static_cast<int>(kBase)), 0, 0});
        made.plates.push_back(test::picture(kWindow, i, [&](const Vec2& at) { return light(static_cast<std::size_t>(i), at); }, 0.003));
        made.cover(static_cast<std::size_t>(i), {30 + 14 * i, 20, 58 + 14 * i, 80});
    }
    for (double y = 4; y < kWindow.y1; y += 9)
        for (double x = 4; x < kWindow.x1; x += 9)
            made.take.supports.push_back({{x, y}, is_kiosk({x, y}) ? 1.0 * sign : 0.0});
    return made;
}

Canvas gathered(const SmallTake& made)
{
    EXPECT_EQ(made.plan().base, kBase) << "one canvas is enough";
    return gather(made.take, made.masks, made.plan(), {}, made.reader());
}

/// Root mean square, over what lies behind holes and inside a window, of how many stops it is off.
double error_in_stops(const Canvas& canvas, const Window& where = kWindow)
{
    double sum = 0, count = 0;
    for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
        if (!canvas.hidden.at(x, y) || !where.contains(x, y))
            return;
        const double truth = light(kBase, {x + 0.5, y + 0.5});
        const double stops = std::log2(std::max(static_cast<double>(canvas.picture.pixel(x, y)[1]), 1e-4) / truth);
        sum += stops * stops;
        ++count;
    });
    return std::sqrt(sum / count);
}

TEST(CleanplateDepth, KioskAndWallAreToldApart)
{
    const SmallTake made = kiosk_before_wall();
    const CanvasPlan plan = made.plan();
    const CellGrid grid = make_grid(made.take, made.masks, plan, 32);
    const auto views = view_sources(grid, made.take, made.masks, plan, choose_sources(grid, made.take, made.masks, plan),
                                    made.reader());
    const std::vector<float> depths = find_depths(grid, made.take, plan, views);
    int right = 0, all = 0;
    for (const int cell : grid.active) {
        const Vec2 at = grid.middle(cell);
        const bool kiosk = is_kiosk(at), near_edge = kiosk != is_kiosk({at[0] + 5, at[1]}) || kiosk != is_kiosk({at[0] - 5, at[1]})
                                                     || kiosk != is_kiosk({at[0], at[1] + 5});
        if (!grid.hidden[static_cast<std::size_t>(cell)] || near_edge || !grown(kWindow, -8).contains(static_cast<int>(at[0]), static_cast<int>(at[1])))
            continue;
        ++all;
        right += std::abs(depths[static_cast<std::size_t>(cell)] - (kiosk ? 1.0f : 0.0f)) < 0.15f;
    }
    EXPECT_GT(all, 1000);
    EXPECT_GT(right, 0.95 * all);
    EXPECT_EQ(nearness(grid, made.take, views, depths), 1);
}

TEST(CleanplateDepth, WithoutParallaxEverythingLiesOnThePlane)
{
    SmallTake made = kiosk_before_wall();
    made.take.parallax.assign(kFrames, {0, 0, 0});
    const CanvasPlan plan = made.plan();
    const CellGrid grid = make_grid(made.take, made.masks, plan, 32);
    const auto views = view_sources(grid, made.take, made.masks, plan, {0, 4, 8}, made.reader());
    for (const float depth : find_depths(grid, made.take, plan, views))
        ASSERT_EQ(depth, 0);
}

TEST(CleanplateDepth, ThePictureIsPutTogetherWithAFractionOfTheFlatError)
{
    SmallTake made = kiosk_before_wall();
    const double deep = error_in_stops(gathered(made));
    made.take.parallax.assign(kFrames, {0, 0, 0});
    const double flat = error_in_stops(gathered(made));
    EXPECT_LT(deep, 0.35 * flat) << deep << " stops against " << flat;
}

TEST(CleanplateDepth, BesideTheKioskThereIsNoKioskThatOtherFramesHaveThere)
{
    const Canvas canvas = gathered(kiosk_before_wall());
    for (const Window& beside : {Window{kKiosk.x0 - 8, 40, kKiosk.x0 - 1, 70}, Window{kKiosk.x1 + 1, 40, kKiosk.x1 + 8, 70}})
        EXPECT_LT(error_in_stops(canvas, beside), 0.2) << beside.x0;
}

TEST(CleanplateDepth, NothingIsMixedAcrossTheEdgeOfTheKiosk)
{
    const Canvas canvas = gathered(kiosk_before_wall());
    for (int y = 40; y < 70; ++y)
        for (int x = kKiosk.x1 - 4; x < kKiosk.x1 + 4; ++x) {
            const float depth = canvas.facts.pixel(x, y)[kDepth];
            EXPECT_TRUE(depth < 0.2f || depth > 0.8f) << depth << " at " << x << ' ' << y;
        }
}

/// The part of a hole's pixels for which the finder comes within a pixel of where the base has the same thing.
double found_share(const Canvas& canvas, const SmallTake& made, std::size_t index)
{
    ViewMap map = view_map(made.take, index, kBase);
    for (double& component : map.parallax)
        component *= canvas.nearness;
    const CanvasFinder find(canvas, map);
    int right = 0, all = 0;
    for_each_pixel(made.masks[index].hole.window(), [&](int x, int y) {
        const Vec2 pixel{x + 0.5, y + 0.5}, truth = in_base(index, pixel);
        const double t = static_cast<double>(index) - static_cast<double>(kBase);
        const bool behind_kiosk = is_kiosk(truth) && !is_kiosk({pixel[0] + kKioskStep * t, pixel[1]});
        if (behind_kiosk || !kWindow.contains(static_cast<int>(truth[0]), static_cast<int>(truth[1])))
            return;
        const auto at = find(pixel);
        ++all;
        right += at && std::hypot((*at)[0] - truth[0], (*at)[1] - truth[1]) < 1.0;
    });
    return static_cast<double>(right) / all;
}

TEST(CleanplateDepth, TheSurfaceIsFoundFromOtherFrames)
{
    const SmallTake made = kiosk_before_wall();
    const Canvas canvas = gathered(made);
    for (const std::size_t index : {1u, 3u, 5u, 7u})
        EXPECT_GT(found_share(canvas, made, index), 0.9) << index;
}

TEST(CleanplateDepth, WhichWayIsNearerIsSeenWhereOneThingHidesAnother)
{
    const SmallTake made = kiosk_before_wall(-1);
    const Canvas canvas = gathered(made);
    EXPECT_EQ(canvas.nearness, -1);
    EXPECT_GT(canvas.nearest, canvas.farthest);
    for (const std::size_t index : {1u, 7u})
        EXPECT_GT(found_share(canvas, made, index), 0.9) << index;
}

TEST(CleanplateDepth, ACameraIsNotPutToTheVote)
{
    SmallTake made = kiosk_before_wall(-1);   // as if nearer were smaller, which the frames would vote for
    made.take.by_camera = true;
    EXPECT_EQ(gathered(made).nearness, 1);
}

TEST(CleanplateDepth, SameBitsOnOneAndTwoThreads)
{
    const SmallTake made = kiosk_before_wall();
    const auto made_on = [&](int threads) {
        const ThreadLimit limit(threads);
        return gathered(made);
    };
    const Canvas one = made_on(1), two = made_on(2);
    EXPECT_TRUE(same_bits(one.picture, two.picture));
    EXPECT_TRUE(same_bits(one.facts, two.facts));
}

}  // namespace
}  // namespace platefall::cleanplate
