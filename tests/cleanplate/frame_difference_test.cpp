/// Grain and texture told apart by what another frame shows.
#include "grain/frame_difference.h"

#include "base/parallel.h"
#include "cleanplate/grain/take_grain.h"
#include "cleanplate/small_take.h"

#include <gtest/gtest.h>

namespace platefall::cleanplate {
namespace {

using grain::FrameDifference;

using test::move_by;
using test::picture;
using test::wall;

constexpr Window kWindow{0, 0, 320, 192};
constexpr double kNoise = 0.01;

/// A wall without a flat place, seen from `along_px` further on.
Image wall_plate(int frame, double along_px = 0, double gain = 1, double noise = kNoise)
{
    return picture(kWindow, frame, [&](const Vec2& at) { return gain * wall({at[0] + along_px, at[1]}); }, noise);
}

ViewMap moved(double x_px, double y_px = 0)
{
    return {.homography = move_by(x_px, y_px).m};
}

/// What is measured of a plate's noise over what it has, at a signal.
double measured(const Image& plate, const grain::Neighbour* neighbour, float signal = 0.2f, const Image* blocked = nullptr)
{
    grain::NoiseMeter meter;
    meter.add(plate, blocked, neighbour);
    const grain::NoiseModel found = meter.fit();
    return (found.variance_floor[1] + found.variance_slope[1] * signal) / (kNoise * kNoise * static_cast<double>(signal));
}

double measured_against(const Image& other, const ViewMap& map)
{
    const grain::Neighbour neighbour{other, nullptr, map};
    return measured(wall_plate(0), &neighbour);
}

TEST(CleanplateFrameDifference, WithoutANeighbourAPlateOfTextureIsTakenForGrain)
{
    EXPECT_GT(measured(wall_plate(0), nullptr), 3);
}

TEST(CleanplateFrameDifference, ALockedOffPlateOfTextureHasTheGrainThatMovesInIt)
{
    const Image other = wall_plate(1);
    const grain::Neighbour neighbour{other, nullptr, {}};
    for (const float signal : {0.1f, 0.2f, 0.4f})
        EXPECT_NEAR(measured(wall_plate(0), &neighbour, signal), 1, 0.1) << signal;
}

TEST(CleanplateFrameDifference, WhiteGrainStaysWhite)
{
    const Image plate = wall_plate(0), other = wall_plate(1);
    const grain::Neighbour neighbour{other, nullptr, {}};
    grain::NoiseMeter meter;
    meter.add(plate, nullptr, &neighbour);
    const grain::NoiseModel found = meter.fit();
    for (std::size_t i = 0; i < 25; ++i)
        EXPECT_NEAR(found.kernel[1][i], i == 12 ? 1 : 0, 0.06) << i;
}

TEST(CleanplateFrameDifference, WholePixelsAreAsGoodAsNone)
{
    EXPECT_NEAR(measured_against(wall_plate(1, 7), moved(-7)), 1, 0.1);
}

TEST(CleanplateFrameDifference, HalfAPixelIsMadeUpFor)
{
    EXPECT_NEAR(measured_against(wall_plate(1, 5.5), moved(-5.5)), 1, 0.2);
}

TEST(CleanplateFrameDifference, AFifthOfAPixelThatRegistrationLeavesIsNoGrain)
{
    EXPECT_NEAR(measured_against(wall_plate(1, 0.2), moved(0)), 1, 0.2);
}

TEST(CleanplateFrameDifference, ABrighterNeighbourIsBroughtToTheSameLight)
{
    EXPECT_NEAR(measured_against(wall_plate(1, 0, 1.15), moved(0)), 1, 0.15);
}

TEST(CleanplateFrameDifference, ANeighbourThatShowsSomethingElseMakesNothingWorse)
{
    const Image other = picture(kWindow, 1, [](const Vec2& at) { return wall(at, 99); }, kNoise);
    EXPECT_LE(measured_against(other, {}), 1.1 * measured(wall_plate(0), nullptr));
}

TEST(CleanplateFrameDifference, FlatPlatesMeasureTheSameWithANeighbour)
{
    const auto flat = [](int frame) {
        return picture(kWindow, frame, [](const Vec2& at) { return 0.1 + at[0] / 1000; }, kNoise);
    };
    const Image plate = flat(0), other = flat(1);
    const grain::Neighbour neighbour{other, nullptr, {}};
    EXPECT_NEAR(measured(plate, &neighbour) / measured(plate, nullptr), 1, 0.03);
}

TEST(CleanplateFrameDifference, WhatEitherFrameBlocksIsNotCompared)
{
    const Image plate = wall_plate(0);
    Image other = wall_plate(1);
    const Window man{0, 0, 200, 192};
    test::paint(other, man, {0.2f, 0.2f, 0.2f});
    const Image blocked = picture_of(test::box(man), kWindow);
    const grain::Neighbour neighbour{other, &blocked, {}};
    EXPECT_FALSE(grain::FrameDifference(plate, neighbour).residuals({.x = 192, .y = 32}));
    EXPECT_TRUE(grain::FrameDifference(plate, neighbour).residuals({.x = 208, .y = 32}));
    EXPECT_NEAR(measured(plate, &neighbour, 0.2f, &blocked), 1, 0.15);
}

TEST(CleanplateFrameDifference, ABlockThatLeavesTheOtherFrameIsNotCompared)
{
    const Image plate = wall_plate(0), other = wall_plate(1, 40);
    const grain::Neighbour neighbour{other, nullptr, moved(-40)};
    EXPECT_FALSE(grain::FrameDifference(plate, neighbour).residuals({.x = 32, .y = 32}));
    EXPECT_TRUE(grain::FrameDifference(plate, neighbour).residuals({.x = 48, .y = 32}));
}

TEST(CleanplateFrameDifference, APlateThatRepeatsItselfHasNoGrainThatMoves)
{
    const Image plate = wall_plate(0), same = plate, next = wall_plate(1);
    const grain::Neighbour repeated{same, nullptr, {}}, photographed{next, nullptr, {}};
    grain::NoiseMeter meter;
    meter.add(plate, nullptr, &repeated);
    EXPECT_TRUE(meter.fit().is_silent());
    meter.add(plate, nullptr, &photographed);
    EXPECT_FALSE(meter.fit().is_silent()) << "a frame held twice does not silence the others";
}

TEST(CleanplateFrameDifference, MeasuresTheSameOnOneAndTwoThreads)
{
    const auto on = [](int threads) {
        const ThreadLimit limit(threads);
        return measured_against(wall_plate(1, 5.3), moved(-5.3));
    };
    EXPECT_EQ(on(1), on(2));
}

TEST(CleanplateTakeGrain, ComparesWithTheFrameThatLiesNearlyAWholeNumberOfPixelsAway)
{
    EXPECT_EQ(frame_to_compare(test::along_the_wall(kWindow, 7, 0).take, 2, kWindow), 3u);
    EXPECT_EQ(frame_to_compare(test::along_the_wall(kWindow, 7, 0).take, 6, kWindow), 5u);
    EXPECT_EQ(frame_to_compare(test::along_the_wall(kWindow, 7, 5.33).take, 2, kWindow), 5u) << "16 px in three frames";
    EXPECT_FALSE(frame_to_compare(test::along_the_wall(kWindow, 1, 0).take, 0, kWindow));
}

TEST(CleanplateTakeGrain, NothingIsComparedWithAFrameWhoseMotionIsAGuess)
{
    Take take = test::along_the_wall(kWindow, 4, 0).take;
    take.lost = {false, true, false, false};
    EXPECT_EQ(frame_to_compare(take, 0, kWindow), 2u);
    EXPECT_FALSE(frame_to_compare(take, 1, kWindow));
}

TEST(CleanplateTakeGrain, DepthIsThatOfTheNearestFeature)
{
    Take take = test::along_the_wall(kWindow, 3, 4).take;
    take.supports = {{{50, 90}, 1}, {{250, 90}, 3}};
    EXPECT_EQ(nearest_depth(take, 0)({60, 80}), 0) << "without parallax";
    take.parallax = {{-2, 0, 0}, {0, 0, 0}, {2, 0, 0}};
    EXPECT_DOUBLE_EQ(nearest_depth(take, 0)({60, 80}), 1);
    EXPECT_DOUBLE_EQ(nearest_depth(take, 0)({240, 80}), 3);
}

}  // namespace
}  // namespace platefall::cleanplate
