#include "cleanplate/gather.h"

#include "base/parallel.h"
#include "cleanplate/small_take.h"

#include <gtest/gtest.h>

#include <cmath>

namespace platefall::cleanplate {
namespace {

using test::along_the_wall;
using test::for_each_pixel;
using test::photon_noise;
using test::same_bits;
using test::SmallTake;
using test::wall;

constexpr Window kWindow{0, 0, 160, 90};
constexpr Window kHole{70, 30, 94, 62};
constexpr double kNoise = 0.01;

/// A pan on which every place is seen by some frame.
SmallTake pan(double noise = kNoise)
{
    SmallTake made = along_the_wall(kWindow, 9, 5.3, noise);
    for (std::size_t i = 0; i < made.count(); ++i)
        made.cover(i, kHole);
    return made;
}

Canvas gathered(const SmallTake& made, const NoiseModel& noise = photon_noise(kNoise))
{
    return gather(made.take, made.masks, made.plan(), noise, made.reader());
}

float generated(const Canvas& canvas, int x, int y)
{
    return canvas.facts.pixel(x, y)[cleanplate::kGenerated];
}

/// Root mean square, over what lies behind the holes, of the distance from the wall in units of the plate's noise.
double error_in_noises(const Canvas& canvas)
{
    double sum = 0, count = 0;
    for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
        if (!canvas.hidden.at(x, y))
            return;
        const double truth = wall({x + 0.5, y + 0.5}), apart = canvas.picture.pixel(x, y)[1] - truth;
        sum += apart * apart / (kNoise * kNoise * truth);
        ++count;
    });
    return std::sqrt(sum / count);
}

TEST(CleanplateGather, WhatOtherFramesSawIsThereWithLessThanTheirNoise)
{
    const Canvas canvas = gathered(pan());
    for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
        if (canvas.hidden.at(x, y)) {
            ASSERT_EQ(generated(canvas, x, y), kPhotographed) << x << "," << y;
        }
    });
    EXPECT_LT(error_in_noises(canvas), 0.8);
}

TEST(CleanplateGather, ACanvasReachesAllHolesAndARingAroundThem)
{
    const SmallTake made = pan();
    const Canvas canvas = gathered(made);
    for (std::size_t i = 0; i < made.count(); ++i) {
        const ViewMap map = view_map(made.take, made.take.base, i);
        for_each_pixel(kHole, [&](int x, int y) {
            const Vec2 at = map({x + 0.5, y + 0.5}, 0).at;
            ASSERT_TRUE(canvas.hidden.at(static_cast<int>(at[0]), static_cast<int>(at[1])));
        });
    }
    EXPECT_TRUE(canvas.picture.data_window().contains(grown(made.plan().window, 30)));
}

TEST(CleanplateGather, WhatNoFrameSawIsLeftOut)
{
    SmallTake made = along_the_wall(kWindow, 5, 0.0);
    for (std::size_t i = 0; i < made.count(); ++i)
        made.cover(i, kHole);
    const Canvas canvas = gathered(made);
    for_each_pixel(kHole, [&](int x, int y) { ASSERT_EQ(generated(canvas, x, y), 0) << x << "," << y; });
    for_each_pixel(kWindow, [&](int x, int y) {
        if (!grown(kHole, 3).contains(x, y) && grown(kWindow, -3).contains(x, y)) {
            ASSERT_EQ(generated(canvas, x, y), kPhotographed) << x << "," << y;
        }
    });
}

TEST(CleanplateGather, ForegroundIsNeverCopiedFrom)
{
    SmallTake made = pan();
    for (std::size_t i = 0; i < made.count(); ++i)
        made.put_in_front(i, {40 + 4 * static_cast<int>(i), 20, 70 + 4 * static_cast<int>(i), 80});
    const Canvas canvas = gathered(made);
    for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
        const float* rgb = canvas.picture.pixel(x, y);
        ASSERT_NEAR(rgb[0], rgb[1], 0.02f) << x << "," << y;
    });
}

TEST(CleanplateGather, HalfAStopBetweenFramesIsLevelledToTheBase)
{
    SmallTake made = pan(0);
    for (std::size_t i = 0; i < made.count(); ++i)
        if (i != made.take.base)
            for (std::size_t k = 0; k < made.plates[i].sample_count(); ++k)
                made.plates[i].data()[k] *= std::sqrt(2.0f);
    const Canvas canvas = gathered(made, {});
    double sum = 0, count = 0;
    for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
        if (canvas.hidden.at(x, y)) {
            sum += std::abs(std::log2(static_cast<double>(canvas.picture.pixel(x, y)[1]) / wall({x + 0.5, y + 0.5})));
            ++count;
        }
    });
    EXPECT_LT(sum / count, 0.06);
}

TEST(CleanplateGather, WhatPassesByInOneFrameIsOutvoted)
{
    for (const std::size_t passing : {3u, 5u}) {   // those nearest in time to the hole, which is in the fourth
        SmallTake made = along_the_wall(kWindow, 9, 0.7, kNoise);
        made.cover(4, kHole);
        test::paint(made.plates[passing], {74, 36, 90, 56}, {0.9f, 0.05f, 0.05f});
        const Canvas canvas = gathered(made);
        for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
            if (canvas.hidden.at(x, y)) {
                ASSERT_LT(canvas.picture.pixel(x, y)[0] - canvas.picture.pixel(x, y)[1], 0.1f) << x << "," << y;
            }
        });
        EXPECT_LT(error_in_noises(canvas), 1.0);
    }
}

TEST(CleanplateGather, ALampOfFiftyArrivesAsOneAndNothingIsBrighterOrDarkerThanTheSources)
{
    const auto lamps = [](const Vec2& at) {
        return std::fmod(at[0] + 1000, 20.0) < 5 && std::fmod(at[1], 16.0) < 5 ? 50.0 : wall(at);
    };
    SmallTake made = along_the_wall(kWindow, 9, 5.3, 0, lamps);
    for (std::size_t i = 0; i < made.count(); ++i)
        made.cover(i, kHole);
    const Canvas canvas = gathered(made, {});
    float lowest = 100, highest = 0;
    for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
        if (canvas.hidden.at(x, y)) {
            lowest = std::min(lowest, canvas.picture.pixel(x, y)[1]);
            highest = std::max(highest, canvas.picture.pixel(x, y)[1]);
        }
    });
    EXPECT_NEAR(highest, 50.0f, 0.5f);
    EXPECT_GE(lowest, 0.0f);
}

TEST(CleanplateGather, ALampOfFiftyIsOffByNoMoreThanTheShadowsAllowWhenAStopIsLevelled)
{
    const auto lamps = [](const Vec2& at) {
        return std::fmod(at[0] + 1000, 20.0) < 5 && std::fmod(at[1], 16.0) < 5 ? 50.0 : wall(at);
    };
    for (const float gain : {2.0f, 0.5f}) {
        SmallTake made = along_the_wall(kWindow, 9, 5.0, 0, lamps);
        for (std::size_t i = 0; i < made.count(); ++i) {
            for (std::size_t k = 0; i != made.take.base && k < made.plates[i].sample_count(); ++k)
                made.plates[i].data()[k] *= gain;
            made.cover(i, kHole);
        }
        const Canvas canvas = gathered(made, {});
        double brightest = 0;
        for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
            if (canvas.hidden.at(x, y))
                brightest = std::max(brightest, static_cast<double>(canvas.picture.pixel(x, y)[1]));
        });
        // docs/clean_plate.md, for a wall that is 0.18 in the middle.
        EXPECT_NEAR(brightest / 50, 1, 0.011 * std::max(1.0f, 1 / gain)) << gain;
    }
}

TEST(CleanplateGather, BlackStaysBlackWhenAnExposureIsLevelled)
{
    SmallTake made = pan(0);
    for (std::size_t i = 0; i < made.count(); ++i)
        for (std::size_t k = 0; k < made.plates[i].sample_count(); ++k) {
            float& value = made.plates[i].data()[k];
            value = std::max(value - 0.15f, 0.0f) * (i == made.take.base ? 1.0f : std::sqrt(2.0f));
        }
    const Canvas canvas = gathered(made, {});
    for_each_pixel(canvas.picture.data_window(),
                   [&](int x, int y) { ASSERT_GE(canvas.picture.pixel(x, y)[1], 0.0f) << x << "," << y; });
}

TEST(CleanplateGather, FromTheBaseAloneItIsTheBasesOwnPixels)
{
    const SmallTake made = pan();
    const Canvas canvas = gather_from_base(made.take, made.masks, made.plan(), made.reader());
    for_each_pixel(kWindow, [&](int x, int y) {
        if (kHole.contains(x, y)) {
            ASSERT_EQ(generated(canvas, x, y), 0) << x << "," << y;
        } else if (generated(canvas, x, y) > 0) {
            ASSERT_FLOAT_EQ(canvas.picture.pixel(x, y)[1], made.plates[made.take.base].pixel(x, y)[1]) << x << "," << y;
        }
    });
    EXPECT_EQ(generated(canvas, kHole.x0 - 6, kHole.y0), kPhotographed);
}

TEST(CleanplateGather, AveragedFramesSayHowMuchNoiseIsLeft)
{
    const Canvas averaged = gathered(pan()), copied = gathered(pan(), {});
    double left = 0, left_of_one = 0, count = 0;
    for_each_pixel(averaged.facts.data_window(), [&](int x, int y) {
        if (!averaged.hidden.at(x, y))
            return;
        left += averaged.facts.pixel(x, y)[cleanplate::kNoise];
        left_of_one += copied.facts.pixel(x, y)[cleanplate::kNoise];
        ++count;
    });
    EXPECT_LT(left / count, 0.5);
    EXPECT_GT(left_of_one / count, left / count);
    EXPECT_LE(left_of_one / count, 1.0);
}

TEST(CleanplateGather, SameBitsOnOneAndTwoThreads)
{
    const auto made_on = [](int threads) {
        const ThreadLimit limit(threads);
        return gathered(pan());
    };
    const Canvas one = made_on(1), two = made_on(2);
    EXPECT_TRUE(same_bits(one.picture, two.picture));
    EXPECT_TRUE(same_bits(one.facts, two.facts));
}

}  // namespace
}  // namespace platefall::cleanplate
