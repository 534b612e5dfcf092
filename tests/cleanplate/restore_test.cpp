#include "cleanplate/restore.h"

#include "base/parallel.h"
#include "cleanplate/complete.h"
#include "cleanplate/gather.h"
#include "cleanplate/small_take.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

using test::box;
using test::for_each_pixel;
using test::photon_noise;
using test::same_bits;
using test::wall;

constexpr Window kDisplay{0, 0, 160, 90}, kData{-16, -8, 176, 98};   // with overscan
constexpr Window kHole{60, 30, 100, 64};
constexpr double kFeather = 2;

/// A plate of the wall with something in the hole that must go.
Image plate_of_wall(double noise = 0, double gain = 1)
{
    Image plate = test::picture(kData, 1, [&](const Vec2& at) { return gain * wall(at); }, noise);
    plate.set_display_window(kDisplay);
    test::paint(plate, kHole, {40, 0, 40});
    return plate;
}

FrameMasks masks_of_hole(const Window& hole = kHole)
{
    return {.hole = box(hole), .blocked = box(hole)};
}

/// The wall as the base frame would have it, photographed in another frame.
Canvas canvas_of_wall(double gain = 1, const Window& window = grown(kHole, 40))
{
    Canvas canvas;
    canvas.picture = test::picture(window, 0, [&](const Vec2& at) { return gain * wall(at); }, 0);
    canvas.facts = Image(window, window, {{"generated"}, {"noise"}, {"depth"}});
    for_each_pixel(window, [&](int x, int y) {
        canvas.facts.pixel(x, y)[kGenerated] = kPhotographed;
        canvas.facts.pixel(x, y)[kNoise] = 1;
    });
    return canvas;
}

/// As the stage shows it: the plate around what was restored.
Restored on_plate(const Image& plate, Restored around)
{
    Restored whole{.clean = plate,
                   .generated = with_data_window(around.generated, plate.data_window()),
                   .missed = around.missed};
    for_each_pixel(around.clean.data_window(),
                   [&](int x, int y) { std::copy_n(around.clean.pixel(x, y), 3, whole.clean.pixel(x, y)); });
    return whole;
}

Restored restored(const Image& plate, const Canvas& canvas, const RestoreSettings& settings = {.feather_px = kFeather},
                  const NoiseModel& noise = {}, const FrameMasks& masks = masks_of_hole(), int frame = 1001)
{
    return on_plate(plate, restore(plate, frame, masks, canvas, {}, noise, settings));
}

TEST(CleanplateRestore, OutsideTheHoleAndItsSoftEdgeEveryBitIsThePlates)
{
    const Image plate = plate_of_wall(0.01);
    const Restored result = restored(plate, canvas_of_wall(1.1));
    const Window touched = grown(kHole, static_cast<int>(4 * kFeather));
    for_each_pixel(kData, [&](int x, int y) {
        if (!touched.contains(x, y)) {
            ASSERT_EQ(std::memcmp(result.clean.pixel(x, y), plate.pixel(x, y), 3 * sizeof(float)), 0) << x << "," << y;
            ASSERT_EQ(*result.generated.pixel(x, y), 0.0f);
        }
    });
}

TEST(CleanplateRestore, WithoutAFeatherOnlyTheHoleChanges)
{
    const Image plate = plate_of_wall(0.01);
    const Restored result = restored(plate, canvas_of_wall(1.1), {.feather_px = 0});
    for_each_pixel(kData, [&](int x, int y) {
        const bool same = std::memcmp(result.clean.pixel(x, y), plate.pixel(x, y), 3 * sizeof(float)) == 0;
        ASSERT_EQ(same, !kHole.contains(x, y)) << x << "," << y;
    });
}

TEST(CleanplateRestore, OverscanStays)
{
    const Window hole{-16, 20, 20, 50};   // reaches the edge of the data window
    Image plate = plate_of_wall();
    const Restored result
        = restored(plate, canvas_of_wall(1, grown(hole, 40)), {.feather_px = kFeather}, {}, masks_of_hole(hole));
    EXPECT_EQ(result.clean.data_window(), kData);
    EXPECT_EQ(result.clean.display_window(), kDisplay);
    EXPECT_EQ(result.generated.data_window(), kData);
    EXPECT_EQ(*result.generated.pixel(-16, 30), kPhotographed);
    EXPECT_NEAR(result.clean.pixel(-16, 30)[1], wall({-15.5, 30.5}), 1e-3);
}

TEST(CleanplateRestore, WhatTheCanvasShowsComesThroughTheMapWithinATenthOfAStop)
{
    const Image plate = plate_of_wall();
    Canvas canvas = canvas_of_wall(1, grown(kHole, 60));
    canvas.picture = test::picture(canvas.picture.data_window(), 0,
                                   [](const Vec2& at) { return wall({at[0] - 7.3, at[1] + 4.6}); }, 0);
    const Restored result = restore(plate, 1001, masks_of_hole(), canvas,
                                    {.homography = test::move_by(-7.3, 4.6).m}, {}, {.feather_px = kFeather});
    for_each_pixel(kHole, [&](int x, int y) {
        ASSERT_LT(std::abs(std::log2(static_cast<double>(result.clean.pixel(x, y)[1]) / wall({x + 0.5, y + 0.5}))), 0.1)
            << x << "," << y;
    });
}

TEST(CleanplateRestore, SaysWhatWasPhotographedElsewhereAndWhatWasMadeUp)
{
    Canvas canvas = canvas_of_wall();
    for_each_pixel(canvas.facts.data_window(), [&](int x, int y) {
        if (x >= 80)
            canvas.facts.pixel(x, y)[kGenerated] = kSynthesised;
    });
    const Restored result = restored(plate_of_wall(), canvas);
    for_each_pixel(kHole, [&](int x, int y) {
        ASSERT_EQ(*result.generated.pixel(x, y), x < 80 ? kPhotographed : kSynthesised) << x << "," << y;
    });
    const float edge = *result.generated.pixel(kHole.x0 - 1, 45);
    EXPECT_GT(edge, 0.0f);
    EXPECT_LT(edge, kPhotographed);
    EXPECT_EQ(result.missed, 0u);
}

TEST(CleanplateRestore, AStepInBrightnessAtTheRingIsEvenedOut)
{
    const Restored result = restored(plate_of_wall(0, 1.15), canvas_of_wall());
    double sum = 0, most = 0;
    for_each_pixel(kHole, [&](int x, int y) {
        const double stops = std::log2(static_cast<double>(result.clean.pixel(x, y)[1]) / (1.15 * wall({x + 0.5, y + 0.5})));
        sum += stops;
        most = std::max(most, std::abs(stops));
    });
    EXPECT_NEAR(sum / (kHole.width() * kHole.height()), 0, 0.02);   // it was 0.2
    EXPECT_LT(most, 0.06);
}

TEST(CleanplateRestore, BlackStaysBlackWhenBrightnessIsEvenedOut)
{
    const Window black{74, 40, 86, 52};
    Canvas canvas = canvas_of_wall();
    test::paint(canvas.picture, black, {0, 0, 0});
    const Restored result = restored(plate_of_wall(0, 1 / 1.15), canvas);
    for_each_pixel(black, [&](int x, int y) { ASSERT_EQ(result.clean.pixel(x, y)[1], 0.0f) << x << "," << y; });
    EXPECT_LT(result.clean.pixel(64, 34)[1], canvas.picture.pixel(64, 34)[1]) << "around it the plate is darker";
}

TEST(CleanplateRestore, AStepOfMoreThanAThirdOfAStopIsNoExposure)
{
    const auto mean_step = [](double gain) {
        const Canvas canvas = canvas_of_wall();
        const Restored result = restored(plate_of_wall(0, gain), canvas);
        double stops = 0;
        for_each_pixel(kHole, [&](int x, int y) {
            stops += std::log2(static_cast<double>(result.clean.pixel(x, y)[1]) / canvas.picture.pixel(x, y)[1]);
        });
        return stops / (kHole.width() * kHole.height());
    };
    EXPECT_NEAR(mean_step(1.25), std::log2(1.25), 0.03);
    EXPECT_EQ(mean_step(1.4), 0);
    EXPECT_EQ(mean_step(1 / 1.4), 0);
}

TEST(CleanplateRestore, AnotherObjectInTheRingBendsNothing)
{
    Image plate = plate_of_wall();
    test::paint(plate, {kHole.x1 + 8, 0, kHole.x1 + 24, 90}, {9, 9, 9});
    const Restored result = restored(plate, canvas_of_wall());
    for_each_pixel(kHole, [&](int x, int y) {
        ASSERT_LT(std::abs(std::log2(static_cast<double>(result.clean.pixel(x, y)[1]) / wall({x + 0.5, y + 0.5}))), 0.03)
            << x << "," << y;
    });
}

TEST(CleanplateRestore, WithoutGrainNothingIsAdded)
{
    Canvas canvas = canvas_of_wall();
    for_each_pixel(canvas.facts.data_window(), [&](int x, int y) { canvas.facts.pixel(x, y)[kNoise] = 0; });
    const Restored result
        = restored(plate_of_wall(), canvas, {.feather_px = kFeather, .grain = 0}, photon_noise(0.02));
    for_each_pixel(kHole, [&](int x, int y) {
        ASSERT_EQ(result.clean.pixel(x, y)[1], canvas.picture.pixel(x, y)[1]) << x << "," << y;
    });
}

TEST(CleanplateRestore, MissingGrainIsGivenBackWithThePlatesVariance)
{
    Canvas canvas = canvas_of_wall();
    for_each_pixel(canvas.facts.data_window(), [&](int x, int y) { canvas.facts.pixel(x, y)[kNoise] = 0.25f; });
    const Image plate = plate_of_wall();
    const auto with_grain = [&](std::uint64_t seed, int frame) {
        return restored(plate, canvas, {.feather_px = kFeather, .grain = 1, .seed = seed}, photon_noise(0.02),
                        masks_of_hole(), frame);
    };
    const Restored result = with_grain(7, 1001);
    double sum = 0, expected = 0;
    for_each_pixel(kHole, [&](int x, int y) {
        const double truth = wall({x + 0.5, y + 0.5}), apart = result.clean.pixel(x, y)[1] - truth;
        sum += apart * apart;
        expected += 0.75 * 0.02 * 0.02 * truth;
    });
    EXPECT_NEAR(sum / expected, 1, 0.2);
    EXPECT_TRUE(same_bits(result.clean, with_grain(7, 1001).clean));
    EXPECT_FALSE(same_bits(result.clean, with_grain(7, 1002).clean));
    EXPECT_FALSE(same_bits(result.clean, with_grain(8, 1001).clean));
}

TEST(CleanplateRestore, WhatTheCanvasLacksIsSpreadAndCounted)
{
    Canvas canvas = canvas_of_wall();
    const Window lack{70, 40, 80, 50};
    for_each_pixel(lack, [&](int x, int y) { canvas.facts.pixel(x, y)[kGenerated] = 0; });
    const Restored result = restored(plate_of_wall(), canvas);
    EXPECT_EQ(result.missed, 100u);
    float low = 100, high = 0;
    for_each_pixel(grown(lack, 2), [&](int x, int y) {
        if (!lack.contains(x, y)) {
            low = std::min(low, result.clean.pixel(x, y)[1]);
            high = std::max(high, result.clean.pixel(x, y)[1]);
        }
    });
    for_each_pixel(lack, [&](int x, int y) {
        ASSERT_EQ(*result.generated.pixel(x, y), kSynthesised);
        ASSERT_GE(result.clean.pixel(x, y)[1], low) << x << "," << y;
        ASSERT_LE(result.clean.pixel(x, y)[1], high) << x << "," << y;
    });
}

TEST(CleanplateRestore, ForegroundBesideTheHoleKeepsItsBits)
{
    const Window tree{kHole.x1, 20, kHole.x1 + 12, 80};
    Image plate = plate_of_wall();
    test::paint(plate, tree, {0.3f, 0.9f, 0.1f});
    FrameMasks masks = masks_of_hole();
    masks.blocked = unite(masks.blocked, box(tree));
    const Restored result = restored(plate, canvas_of_wall(), {.feather_px = 6}, {}, masks);
    for_each_pixel(tree, [&](int x, int y) {
        ASSERT_EQ(std::memcmp(result.clean.pixel(x, y), plate.pixel(x, y), 3 * sizeof(float)), 0) << x << "," << y;
        ASSERT_EQ(*result.generated.pixel(x, y), 0.0f);
    });
}

TEST(CleanplateRestore, WhereTheCanvasEndsItsEdgeDoesNotDarkenTheHole)
{
    // A tree stands in front in every frame: the canvas has nothing there.
    const Window tree{kHole.x1, 20, kHole.x1 + 12, 80};
    Image plate = plate_of_wall();
    FrameMasks masks = masks_of_hole();
    masks.blocked = unite(masks.blocked, box(tree));
    Canvas canvas = canvas_of_wall();
    for_each_pixel(tree, [&](int x, int y) {
        std::fill_n(canvas.facts.pixel(x, y), 3, 0.0f);
        std::fill_n(canvas.picture.pixel(x, y), 3, 0.0f);
    });
    extend_edges(canvas);
    const Restored result = restore(plate, 1001, masks, canvas, {.homography = test::move_by(-0.4, 0.3).m}, {},
                                    {.feather_px = kFeather});
    float low = 100;
    for_each_pixel(grown(kHole, 2), [&](int x, int y) { low = std::min(low, static_cast<float>(wall({x + 0.5, y + 0.5}))); });
    for_each_pixel(kHole, [&](int x, int y) { ASSERT_GE(result.clean.pixel(x, y)[1], 0.95f * low) << x << "," << y; });
}

TEST(CleanplateRestore, ALampOfFiftyArrivesAsOneAndNothingIsBrighter)
{
    const auto lamps = [](const Vec2& at) {
        return std::fmod(at[0] + 1000, 20.0) < 5 && std::fmod(at[1], 16.0) < 5 ? 50.0 : wall(at);
    };
    Image plate = test::picture(kDisplay, 1, lamps, 0);
    test::paint(plate, kHole, {40, 0, 40});
    Canvas canvas = canvas_of_wall();
    canvas.picture = test::picture(canvas.picture.data_window(), 0, lamps, 0);
    const Restored result = restore(plate, 1001, masks_of_hole(), canvas, {}, {}, {.feather_px = kFeather});
    float highest = 0;
    for_each_pixel(kHole, [&](int x, int y) { highest = std::max(highest, result.clean.pixel(x, y)[1]); });
    EXPECT_EQ(highest, 50.0f);
}

TEST(CleanplateRestore, AFrameWithoutAHoleIsThePlate)
{
    const Image plate = plate_of_wall();
    const Restored result = restored(plate, canvas_of_wall(), {.feather_px = kFeather}, {}, {});
    EXPECT_TRUE(same_bits(result.clean, plate));
    EXPECT_EQ(result.missed, 0u);
}

TEST(CleanplateRestore, GatherCompleteAndRestoreGiveTheSameBitsOnOneAndTwoThreads)
{
    test::SmallTake made = test::along_the_wall(kDisplay, 4, 2.5);
    for (std::size_t i = 0; i < made.count(); ++i)
        made.cover(i, kHole);
    const NoiseModel noise = photon_noise(0.01);
    const auto made_on = [&](int threads) {
        const ThreadLimit limit(threads);
        Canvas canvas = gather(made.take, made.masks, made.plan(), noise, made.reader());
        complete(canvas, 7, [](double) {});
        return restore(made.plates[3], 1004, made.masks[3], canvas, view_map(made.take, 3, made.plan().base), noise,
                       {.feather_px = kFeather, .grain = 1, .seed = 7});
    };
    const Restored one = made_on(1), two = made_on(2);
    EXPECT_TRUE(same_bits(one.clean, two.clean));
    EXPECT_TRUE(same_bits(one.generated, two.generated));
}

}  // namespace
}  // namespace platefall::cleanplate
