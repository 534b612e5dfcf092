#include "cleanplate/complete.h"

#include "base/parallel.h"
#include "cleanplate/gather.h"
#include "cleanplate/small_take.h"
#include "support/error_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

using test::along_the_wall;
using test::for_each_pixel;
using test::same_bits;
using test::SmallTake;
using test::wall;

constexpr Window kWindow{0, 0, 160, 90};
constexpr Window kHole{70, 30, 100, 60};
constexpr Window kTree{100, 30, 112, 90};   // touches the hole, stands still

/// A camera on a tripod, so that nobody sees behind the hole.
SmallTake tripod()
{
    SmallTake made = along_the_wall(kWindow, 3, 0.0);
    for (std::size_t i = 0; i < made.count(); ++i)
        made.cover(i, kHole);
    return made;
}

Canvas gathered(const SmallTake& made)
{
    return gather(made.take, made.masks, made.plan(), {}, made.reader());
}

void complete_quietly(Canvas& canvas, std::uint64_t seed = 7)
{
    complete(canvas, seed, [](double) {});
}

float generated(const Canvas& canvas, int x, int y)
{
    return canvas.facts.pixel(x, y)[kGenerated];
}

TEST(CleanplateComplete, WhatNobodySawIsMadeUpAndSaidToBe)
{
    Canvas canvas = gathered(tripod());
    const Canvas before = canvas;
    complete_quietly(canvas);
    for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
        if (generated(before, x, y) > 0) {
            ASSERT_EQ(generated(canvas, x, y), generated(before, x, y));
            ASSERT_EQ(canvas.picture.pixel(x, y)[1], before.picture.pixel(x, y)[1]) << x << "," << y;
        }
    });
    for_each_pixel(kHole, [&](int x, int y) { ASSERT_EQ(generated(canvas, x, y), kSynthesised) << x << "," << y; });
}

TEST(CleanplateComplete, WhatIsMadeUpStaysInTheRangeOfWhatIsThere)
{
    Canvas canvas = gathered(tripod());
    float low = 100, high = 0;
    for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
        if (generated(canvas, x, y) > 0) {
            low = std::min(low, canvas.picture.pixel(x, y)[1]);
            high = std::max(high, canvas.picture.pixel(x, y)[1]);
        }
    });
    complete_quietly(canvas);
    for_each_pixel(kHole, [&](int x, int y) {
        ASSERT_GE(canvas.picture.pixel(x, y)[1], low) << x << "," << y;
        ASSERT_LE(canvas.picture.pixel(x, y)[1], high) << x << "," << y;
    });
}

TEST(CleanplateComplete, ForegroundIsNeitherFilledNorCopied)
{
    SmallTake made = tripod();
    for (std::size_t i = 0; i < made.count(); ++i)
        made.put_in_front(i, kTree);
    Canvas canvas = gathered(made);
    complete_quietly(canvas);
    for_each_pixel(canvas.picture.data_window(), [&](int x, int y) {
        const float* rgb = canvas.picture.pixel(x, y);
        ASSERT_NEAR(rgb[0], rgb[1], 0.02f) << x << "," << y;
    });
    // A cell of the grid may reach over the hole's edge.
    for_each_pixel(grown(kTree, -2), [&](int x, int y) { ASSERT_EQ(generated(canvas, x, y), 0) << x << "," << y; });
    for_each_pixel(kHole, [&](int x, int y) { ASSERT_EQ(generated(canvas, x, y), kSynthesised) << x << "," << y; });
}

TEST(CleanplateComplete, NothingIsDoneWhereEverythingWasSeen)
{
    SmallTake made = along_the_wall(kWindow, 3, 20.0);
    made.cover(1, {70, 30, 85, 60});
    Canvas canvas = gathered(made);
    const Canvas before = canvas;
    bool told = false;
    complete(canvas, 7, [&](double) { told = true; });
    EXPECT_TRUE(same_bits(canvas.picture, before.picture));
    EXPECT_TRUE(same_bits(canvas.facts, before.facts));
    EXPECT_FALSE(told);
}

TEST(CleanplateComplete, NothingToFillFromIsRefused)
{
    SmallTake made = along_the_wall(kWindow, 1, 0.0);
    made.cover(0, grown(kWindow, 5));
    Canvas canvas = gathered(made);
    EXPECT_TRUE(is_blank(canvas));
    EXPECT_FALSE(is_blank(gathered(tripod())));
    EXPECT_EQ(platefall::test::error_of([&] { complete_quietly(canvas); }),
              "patch fill: nothing of the picture is known; give a smaller matte, or frames that show more");
}

TEST(CleanplateComplete, GatherAndCompleteGiveTheSameBitsOnOneAndTwoThreads)
{
    const SmallTake made = tripod();
    const auto made_on = [&](int threads) {
        const ThreadLimit limit(threads);
        Canvas canvas = gathered(made);
        complete_quietly(canvas);
        return canvas;
    };
    const Canvas one = made_on(1), two = made_on(2);
    EXPECT_TRUE(same_bits(one.picture, two.picture));
    EXPECT_TRUE(same_bits(one.facts, two.facts));
}

/// Two canvases of one take, as a wide pan has them: the first and the last frame as bases.
struct TwoCanvases {
    SmallTake made = tripod();
    Canvas first, second;

    TwoCanvases()
    {
        for (std::size_t i = 0; i < made.count(); ++i) {
            made.take.frame_from_base[i] = test::move_by(4.0 * (1 - static_cast<double>(i)));
            made.plates[i] = test::picture(kWindow, static_cast<int>(i), [&](const Vec2& at) {
                return wall({at[0] - 4.0 * (1 - static_cast<double>(i)), at[1]});
            });
            made.masks[i] = {};
            made.cover(i, test::shifted(kHole, 4 - 4 * static_cast<int>(i)));   // hides the same of the wall
        }
        first = canvas_of({0, 1}, 0);
        second = canvas_of({2}, 2);
    }

    Canvas canvas_of(const std::vector<std::size_t>& targets, std::size_t base) const
    {
        const CanvasPlan plan{.base = base, .targets = targets, .plate = kWindow, .window = made.masks[base].hole.window()};
        return gather(made.take, made.masks, plan, {}, made.reader());
    }
};

TEST(CleanplateTakeOver, ASecondCanvasAgreesWithTheFirstOnWhatWasMadeUp)
{
    TwoCanvases two;
    complete_quietly(two.first);
    take_over(two.second, two.first, two.made.take);
    complete_quietly(two.second, 8);
    int compared = 0;
    for_each_pixel(two.made.masks[2].hole.window(), [&](int x, int y) {
        ASSERT_EQ(generated(two.second, x, y), kSynthesised);
        ASSERT_EQ(two.second.picture.pixel(x, y)[1], two.first.picture.pixel(x + 8, y)[1]) << x << "," << y;
        ++compared;
    });
    EXPECT_EQ(compared, 900);
}

TEST(CleanplateTakeOver, WhatTheSecondSawItselfIsKept)
{
    TwoCanvases two;
    complete_quietly(two.first);
    two.second.facts.pixel(75, 40)[kGenerated] = kPhotographed;
    two.second.picture.pixel(75, 40)[1] = 0.75f;
    take_over(two.second, two.first, two.made.take);
    EXPECT_EQ(generated(two.second, 75, 40), kPhotographed);
    EXPECT_EQ(two.second.picture.pixel(75, 40)[1], 0.75f);
}

TEST(CleanplateSpread, FillsSmoothlyBetweenWhatIsAround)
{
    Canvas canvas = gathered(tripod());
    float low = 100, high = 0;
    for_each_pixel(grown(kHole, 4), [&](int x, int y) {
        if (generated(canvas, x, y) > 0) {
            low = std::min(low, canvas.picture.pixel(x, y)[1]);
            high = std::max(high, canvas.picture.pixel(x, y)[1]);
        }
    });
    spread(canvas);
    for_each_pixel(kHole, [&](int x, int y) {
        ASSERT_EQ(generated(canvas, x, y), kSynthesised);
        ASSERT_GE(canvas.picture.pixel(x, y)[1], low);
        ASSERT_LE(canvas.picture.pixel(x, y)[1], high);
    });
    double steps = 0;
    for_each_pixel(grown(kHole, -4), [&](int x, int y) {
        steps = std::max(steps, std::abs(static_cast<double>(canvas.picture.pixel(x, y)[1] - canvas.picture.pixel(x + 1, y)[1])));
    });
    EXPECT_LT(steps, 0.1 * static_cast<double>(high - low));
}

TEST(CleanplateEdges, GoOnForThreePixelsThatStillCountAsNothing)
{
    Canvas canvas = gathered(tripod());
    const Canvas before = canvas;
    extend_edges(canvas);
    const auto distance = [](int x, int y) {
        return std::min({x - kHole.x0, kHole.x1 - 1 - x, y - kHole.y0, kHole.y1 - 1 - y});
    };
    for_each_pixel(grown(kHole, 10), [&](int x, int y) {
        const float value = canvas.picture.pixel(x, y)[1];
        if (generated(before, x, y) > 0) {
            ASSERT_EQ(value, before.picture.pixel(x, y)[1]) << x << "," << y;
        } else if (distance(x, y) < 2) {
            ASSERT_GE(value, 0.02f) << x << "," << y;
        } else if (distance(x, y) > 3) {
            ASSERT_EQ(value, 0.0f) << x << "," << y;
        }
    });
    EXPECT_TRUE(same_bits(canvas.facts, before.facts));
}

}  // namespace
}  // namespace platefall::cleanplate
