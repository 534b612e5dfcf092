#include "cleanplate/mask.h"

#include <gtest/gtest.h>

namespace platefall::cleanplate {
namespace {

const Window kWindow{-3, 2, 13, 12};

Image matte()
{
    Image image(kWindow, kWindow, {{"A"}});
    *image.pixel(4, 5) = 1;
    *image.pixel(6, 9) = 0.4f;
    return image;
}

TEST(CleanplateMask, BoundsAreTheSmallestWindowAroundWhatCounts)
{
    EXPECT_EQ(bounds_above(matte(), 0.1f), (Window{4, 5, 7, 10}));
    EXPECT_EQ(bounds_above(matte(), 0.5f), (Window{4, 5, 5, 6}));
    EXPECT_TRUE(bounds_above(matte(), 1.5f).empty());
}

TEST(CleanplateMask, SaysYesAboveTheThresholdAndNoEverywhereElse)
{
    const Mask mask = mask_above(matte(), 0.1f);
    EXPECT_TRUE(mask.at(4, 5));
    EXPECT_TRUE(mask.at(6, 9));
    EXPECT_FALSE(mask.at(5, 5));
    EXPECT_FALSE(mask.at(-100, 400));
}

TEST(CleanplateMask, UnionSaysYesWhereEitherDoes)
{
    Mask other({20, 20, 22, 22});
    other.set(21, 20);
    const Mask both = unite(mask_above(matte(), 0.5f), other);
    EXPECT_TRUE(both.at(4, 5));
    EXPECT_TRUE(both.at(21, 20));
    EXPECT_FALSE(both.at(10, 10));
    EXPECT_EQ(both.window(), (Window{4, 5, 22, 22}));
}

TEST(CleanplateMask, CoversAWindowWhenItSaysYesAtEveryPixelOfIt)
{
    Mask mask({0, 0, 3, 2});
    for (const auto& [x, y] : {std::pair{0, 0}, {1, 0}, {2, 0}, {0, 1}, {1, 1}})
        mask.set(x, y);
    EXPECT_TRUE(covers(mask, {0, 0, 2, 2}));
    EXPECT_FALSE(covers(mask, {0, 0, 3, 2}));
    EXPECT_FALSE(covers(mask, {-1, 0, 2, 2}));
}

TEST(CleanplateMask, ComesBackFromItsPicture)
{
    const Mask mask = mask_above(matte(), 0.1f);
    const Mask back = mask_above(picture_of(mask, kWindow), 0.5f);
    for (int y = kWindow.y0; y < kWindow.y1; ++y)
        for (int x = kWindow.x0; x < kWindow.x1; ++x)
            EXPECT_EQ(back.at(x, y), mask.at(x, y));
}

}  // namespace
}  // namespace platefall::cleanplate
