#include "render/dust_front.h"

#include "render/small_scene.h"

#include <gtest/gtest.h>

namespace platefall::render {
namespace {

const Window kWindow{0, 0, 96, 54};

/// Row in which the ground is seen `depth` metres away.
int row_of(const View& view, float depth)
{
    return static_cast<int>(view.pixel({0, 0, 12 - depth}, 0.5f)->y);
}

Image matte_of(std::initializer_list<Window> boxes)
{
    Image matte(kWindow, kWindow, {{"A"}});
    for (const Window& box : boxes)
        for (int y = box.y0; y < box.y1; ++y)
            for (int x = box.x0; x < box.x1; ++x)
                *matte.pixel(x, y) = 1;
    return matte;
}

TEST(ForegroundDepth, AThingIsAsFarAsTheGroundThatItStandsOn)
{
    const View view(small_shot(), 2, 0);
    const int foot = row_of(view, 6);
    const Image depth = foreground_depth(matte_of({{40, 10, 44, foot}}), view, 0);
    EXPECT_NEAR(*depth.pixel(41, 12), 6, 0.5f);
    EXPECT_EQ(*depth.pixel(60, 12), 1e10f);
}

TEST(ForegroundDepth, AnArmOverTheHorizonIsAsFarAsItsPost)
{
    const View view(small_shot(), 2, 0);
    const int foot = row_of(view, 6);
    const Image depth = foreground_depth(matte_of({{40, 5, 44, foot}, {44, 5, 70, 8}}), view, 0);
    EXPECT_NEAR(*depth.pixel(65, 6), 6, 0.5f);
}

TEST(ForegroundDepth, ACarBehindAPostKeepsItsOwnDistance)
{
    const View view(small_shot(), 2, 0);
    const int foot = row_of(view, 5), wheels = row_of(view, 12), body = wheels - 1;
    const Image depth =
        foreground_depth(matte_of({{40, 5, 44, foot}, {30, 24, 60, body}, {32, body, 35, wheels}}), view, 0);
    EXPECT_NEAR(*depth.pixel(42, 20), 5, 0.5f);
    EXPECT_NEAR(*depth.pixel(55, 26), *depth.pixel(33, 26), 2.0f);
    EXPECT_GT(*depth.pixel(55, 26), 9);
}

}  // namespace
}  // namespace platefall::render
