#include "cleanplate/canvas.h"

#include "cleanplate/cell_grid.h"
#include "cleanplate/small_take.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

using test::along_the_wall;
using test::box;
using test::SmallTake;
using testing::ElementsAre;

constexpr Window kWindow{0, 0, 160, 90};

/// A camera that turns on the spot, 50 degrees wide; a hole in the middle of every frame.
struct Turn {
    Take take;
    std::vector<FrameMasks> masks;

    Turn(int frames, double turn_deg)
    {
        const double f = 80 / std::tan(25 * std::numbers::pi / 180);
        const Homography picture_from_ray{{f, 0, 80, 0, f, 45, 0, 0, 1}};
        for (int i = 0; i < frames; ++i) {
            const double angle = (static_cast<double>(i) / (frames - 1) - 0.5) * turn_deg * std::numbers::pi / 180;
            const double c = std::cos(angle), s = std::sin(angle);
            take.frames.push_back(1001 + i);
            take.frame_from_base.push_back(
                compose(picture_from_ray, compose({{c, 0, -s, 0, 1, 0, s, 0, c}}, inverse(picture_from_ray))));
            take.parallax.push_back({0, 0, 0});
            masks.emplace_back().hole = box({70, 35, 90, 55});
        }
        take.base = static_cast<std::size_t>(frames) / 2;
    }
};

/// A canvas as large as the window that is known everywhere.
Canvas flat_canvas(const Window& window = kWindow)
{
    Canvas canvas;
    canvas.picture = Image(window, window, {{"R"}, {"G"}, {"B"}}, 0.5f);
    canvas.facts = Image(window, window, {{"generated"}, {"noise"}, {"depth"}});
    test::for_each_pixel(window, [&](int x, int y) { canvas.facts.pixel(x, y)[kGenerated] = kPhotographed; });
    return canvas;
}

TEST(CleanplateCanvas, ALockedOffTakeHasOneAroundAllItsHoles)
{
    SmallTake made = along_the_wall(kWindow, 4, 0.0);
    made.cover(0, {20, 30, 40, 50});
    made.cover(3, {60, 20, 90, 44});
    const auto plans = plan_canvases(made.take, made.masks, kWindow);
    ASSERT_EQ(plans.size(), 1u);
    EXPECT_THAT(plans[0].targets, ElementsAre(0u, 1u, 2u, 3u));
    EXPECT_TRUE(plans[0].window.contains(Window{20, 20, 90, 50}));
    EXPECT_TRUE(Window({18, 18, 93, 53}).contains(plans[0].window));
    EXPECT_EQ(plans[0].plate, kWindow);
}

TEST(CleanplateCanvas, WithoutHolesThereIsNothingToPutTogether)
{
    const SmallTake made = along_the_wall(kWindow, 4, 2.0);
    const auto plans = plan_canvases(made.take, made.masks, kWindow);
    ASSERT_EQ(plans.size(), 1u);
    EXPECT_TRUE(plans[0].window.empty());
}

TEST(CleanplateCanvas, ItsBaseIsAFrameThatShowsSomething)
{
    SmallTake made = along_the_wall(kWindow, 5, 2.0);
    EXPECT_EQ(made.plan().base, 2u);
    for (const std::size_t covered : {2u, 3u})
        made.cover(covered, kWindow);
    EXPECT_EQ(made.plan().base, 1u);
    for (const std::size_t covered : {0u, 1u, 4u})
        made.cover(covered, kWindow);
    EXPECT_EQ(made.plan().base, 2u) << "there is none";
}

TEST(CleanplateCanvas, AFrameTooBlurredToBeMatchedIsNeitherBaseNorSource)
{
    SmallTake made = along_the_wall(kWindow, 5, 2.0);
    made.cover(1, {20, 30, 40, 50});
    made.take.lost = {false, false, true, true, false};
    const CanvasPlan plan = made.plan();
    EXPECT_EQ(plan.base, 1u);
    const CellGrid grid = make_grid(made.take, made.masks, plan, 4);
    EXPECT_THAT(choose_sources(grid, made.take, made.masks, plan), ElementsAre(0u, 1u, 4u));
}

TEST(CleanplateCanvas, HolesThatMoveAreOnItWhereTheBaseWouldHaveThem)
{
    SmallTake made = along_the_wall(kWindow, 3, 10.0);   // the base is the second
    made.cover(2, {50, 30, 70, 50});
    const Window window = made.plan().window;
    EXPECT_TRUE(window.contains(Window{60, 30, 80, 50}));
    EXPECT_TRUE(Window({58, 28, 83, 53}).contains(window));
}

TEST(CleanplateCanvas, HalfATurnNeedsSeveralAndEveryFrameHasOne)
{
    const Turn turn(31, 170);
    const auto plans = plan_canvases(turn.take, turn.masks, kWindow);
    EXPECT_GT(plans.size(), 2u);
    EXPECT_LT(plans.size(), 10u);
    std::vector<std::size_t> served;
    for (const CanvasPlan& plan : plans) {
        served.insert(served.end(), plan.targets.begin(), plan.targets.end());
        for (const std::size_t target : plan.targets) {
            const double scale = area_scale(Homography{view_map(turn.take, plan.base, target).homography}, {80, 45});
            EXPECT_LT(std::max(scale, 1 / scale), 2.0) << target;
        }
        EXPECT_LT(plan.window.width(), 2 * kWindow.width());
    }
    ASSERT_EQ(served.size(), 31u);
    for (std::size_t i = 0; i < served.size(); ++i)
        EXPECT_EQ(served[i], i);
}

TEST(CleanplateCanvas, AFewDegreesNeedOnlyOne)
{
    const Turn turn(9, 20);
    EXPECT_EQ(plan_canvases(turn.take, turn.masks, kWindow).size(), 1u);
}

TEST(CleanplateCanvas, WhatIsNearMakesMoreNecessaryOnlyWhereItShowsAroundTheHole)
{
    const auto plans = [](double near_x0) {
        Take take;
        std::vector<FrameMasks> masks;
        for (int i = 0; i < 9; ++i) {
            take.frames.push_back(1001 + i);
            take.frame_from_base.push_back(Homography{});
            take.parallax.push_back({1.2 * (i - 4), 0, 0});   // up to 3 % of the width
            masks.emplace_back().hole = box({100, 35, 130, 55});
        }
        take.base = 4;
        for (int y = 20; y < 70; y += 5)
            for (int x = 2; x < 160; x += 5)
                take.supports.push_back({{x + 0.5, y + 0.5}, x >= near_x0 && x < near_x0 + 20 ? 1.0 : 0.0});
        return plan_canvases(take, masks, kWindow).size();
    };
    EXPECT_EQ(plans(10), 1u);
    EXPECT_GT(plans(90), 1u);
}

TEST(CleanplateCanvas, DepthsReachFromTheFarthestFeaturesToTheNearestWithoutStrays)
{
    Take take;
    take.parallax = {{0, 0, 0}, {-3, 0, 0}};
    for (int i = 0; i <= 100; ++i)
        take.supports.push_back({{0, 0}, 0.01 * i});
    take.supports.push_back({{0, 0}, 900});
    const auto depths = depth_range(take);
    EXPECT_THAT(depths, ElementsAre(testing::DoubleNear(0.02, 0.02), 0.0, testing::DoubleNear(0.98, 0.03)));
    take.parallax.assign(2, {0, 0, 0});
    EXPECT_THAT(depth_range(take), ElementsAre(0.0));
}

TEST(CleanplateCanvas, APlaneIsFoundThroughItsHomography)
{
    const Canvas canvas = flat_canvas();
    const Homography map{{1.1, 0.05, -7, -0.03, 0.95, 4, 2e-4, -1e-4, 1}};
    const CanvasFinder find(canvas, {.homography = map.m});
    for (const Vec2& on_canvas : {Vec2{20.3, 30.7}, Vec2{80.5, 45.5}, Vec2{140.1, 70.2}}) {
        const auto at = find(map(on_canvas));
        ASSERT_TRUE(at);
        EXPECT_NEAR((*at)[0], on_canvas[0], 1e-6);
        EXPECT_NEAR((*at)[1], on_canvas[1], 1e-6);
    }
}

TEST(CleanplateCanvas, NothingIsFoundOutsideItOrWhereItHasNothing)
{
    Canvas canvas = flat_canvas();
    canvas.facts.pixel(30, 40)[kGenerated] = 0;
    const CanvasFinder find(canvas, {});
    EXPECT_FALSE(find({30.5, 40.5}));
    EXPECT_TRUE(find({31.5, 40.5}));
    EXPECT_FALSE(find({-0.5, 40.5}));
    EXPECT_FALSE(find({160.5, 40.5}));
    EXPECT_FALSE(find({1e9, 40.5}));
}

TEST(CleanplateCanvas, ASlantedFloorIsFoundWhereItsDepthPutsIt)
{
    Canvas canvas = flat_canvas();
    canvas.nearest = 1;
    canvas.farthest = 0;
    test::for_each_pixel(kWindow, [&](int x, int y) {
        canvas.facts.pixel(x, y)[kDepth] = static_cast<float>((y + 0.5) / kWindow.y1);
    });
    const ViewMap map{.homography = {1, 0, 2, 0, 1, 0, 0, 0, 1}, .parallax = {-12, 0, 0}};
    const CanvasFinder find(canvas, map);
    for (const Vec2& on_canvas : {Vec2{60.5, 20.5}, Vec2{80.5, 45.5}, Vec2{100.5, 70.5}}) {
        const auto at = find(map(on_canvas, on_canvas[1] / kWindow.y1).at);
        ASSERT_TRUE(at);
        EXPECT_NEAR((*at)[0], on_canvas[0], 0.05);
        EXPECT_NEAR((*at)[1], on_canvas[1], 0.05);
    }
}

TEST(CleanplateCellGrid, ACellIsHiddenWhenAnyPixelOfItIs)
{
    Mask mask({-3, 5, 4, 9});
    mask.set(-3, 5);
    mask.set(3, 8);
    const Mask cells = in_cells(mask, 4);
    EXPECT_TRUE(cells.at(-1, 1));
    EXPECT_TRUE(cells.at(0, 2));
    EXPECT_FALSE(cells.at(0, 1));
    EXPECT_TRUE(in_cells(Mask{}, 4).empty());
}

TEST(CleanplateCellGrid, KnowsWhenACellIsHiddenAndWhatLiesAround)
{
    SmallTake made = along_the_wall(kWindow, 5, 0.0);
    made.cover(1, {40, 30, 60, 50});
    made.cover(3, {50, 30, 70, 50});
    const CellGrid grid = make_grid(made.take, made.masks, made.plan(), 8);
    const auto at = [&](int x, int y) {
        return static_cast<std::size_t>((y / grid.size - grid.cells.y0) * grid.cells.width() + x / grid.size - grid.cells.x0);
    };
    EXPECT_EQ(grid.hidden_when[at(42, 40)], 1.0f);
    EXPECT_EQ(grid.hidden_when[at(55, 40)], 2.0f);
    EXPECT_EQ(grid.hidden_when[at(66, 40)], 3.0f);
    EXPECT_FALSE(grid.hidden[at(36, 40)]);
    EXPECT_TRUE(std::ranges::binary_search(grid.active, static_cast<int>(at(34, 40))));
    EXPECT_TRUE(std::ranges::is_sorted(grid.active));
}

TEST(CleanplateCellGrid, CornersInterpolateALinearField)
{
    SmallTake made = along_the_wall(kWindow, 1, 0.0);
    made.cover(0, {40, 30, 60, 50});
    const CellGrid grid = make_grid(made.take, made.masks, made.plan(), 8);
    const CellGrid::Corners corners = grid.around(47, 41);
    double x = 0, y = 0, sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const Vec2 middle = grid.middle(static_cast<int>(corners.cell[i]));
        x += static_cast<double>(corners.weight[i]) * middle[0];
        y += static_cast<double>(corners.weight[i]) * middle[1];
        sum += static_cast<double>(corners.weight[i]);
    }
    EXPECT_NEAR(sum, 1, 1e-6);
    EXPECT_NEAR(x, 47.5, 1e-5);
    EXPECT_NEAR(y, 41.5, 1e-5);
}

}  // namespace
}  // namespace platefall::cleanplate
