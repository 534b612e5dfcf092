#include "render/filter/guided.h"

#include "render/sampling.h"

#include <gtest/gtest.h>

namespace platefall::render {
namespace {

const Window kWindow{0, 0, 32, 24};

Image two_colours(float fill = 0)
{
    return Image(kWindow, kWindow, {{"R"}, {"G"}, {"B"}, {"r"}, {"g"}, {"b"}}, fill);
}

struct Surfaces {
    Image normal{kWindow, kWindow, {{"X"}, {"Y"}, {"Z"}}};
    Image depth{kWindow, kWindow, {{"Z"}}, 10};

    /// Two walls that meet at x = 16.
    Surfaces()
    {
        for (int y = 0; y < 24; ++y)
            for (int x = 0; x < 32; ++x)
                normal.pixel(x, y)[x < 16 ? 0 : 2] = 1;
    }
    Guide guide() const { return {normal, depth}; }
};

TEST(SmoothGuided, NoiseGoesAndTheMeanStays)
{
    const Surfaces surfaces;
    Image light = two_colours();
    for (int y = 0; y < 24; ++y)
        for (int x = 0; x < 32; ++x)
            *light.pixel(x, y) = unit_of(hashed(hashed(0, static_cast<std::uint32_t>(x)), static_cast<std::uint32_t>(y)));
    smooth_guided(light, surfaces.guide(), 4);
    for (int y = 6; y < 18; ++y)
        for (int x = 4; x < 12; ++x)
            EXPECT_NEAR(*light.pixel(x, y), 0.5f, 0.1f);
}

TEST(SmoothGuided, LightDoesNotLeakAroundACorner)
{
    const Surfaces surfaces;
    Image light = two_colours();
    for (int y = 0; y < 24; ++y)
        for (int x = 16; x < 32; ++x)
            *light.pixel(x, y) = 1;
    smooth_guided(light, surfaces.guide(), 3);
    EXPECT_FLOAT_EQ(*light.pixel(15, 12), 0.0f);
    EXPECT_FLOAT_EQ(*light.pixel(16, 12), 1.0f);
}

TEST(SmoothGuided, EqualImagesStayEqual)
{
    const Surfaces surfaces;
    Image both = two_colours();
    for (int y = 0; y < 24; ++y)
        for (int x = 0; x < 32; ++x)
            both.pixel(x, y)[0] = both.pixel(x, y)[3] =
                unit_of(hashed(hashed(3, static_cast<std::uint32_t>(x)), static_cast<std::uint32_t>(y)));
    smooth_guided(both, surfaces.guide(), 4);
    for (int y = 0; y < 24; ++y)
        for (int x = 0; x < 32; ++x)
            EXPECT_EQ(both.pixel(x, y)[0], both.pixel(x, y)[3]);
}

TEST(SmoothGuided, WhereThereIsNothingNothingChanges)
{
    Surfaces surfaces;
    Image light = two_colours(7);
    *surfaces.depth.pixel(5, 5) = 1e10f;
    *light.pixel(5, 5) = 0;
    smooth_guided(light, surfaces.guide(), 3);
    EXPECT_EQ(*light.pixel(5, 5), 0);
    EXPECT_FLOAT_EQ(*light.pixel(6, 5), 7);
}

TEST(Spread, KnownPixelsStayAndUnknownOnesTakeTheirNeighbours)
{
    Image known(kWindow, kWindow, {{"A"}, {"W"}});
    for (int y = 0; y < 24; ++y)
        for (int x = 8; x < 24; ++x) {
            known.pixel(x, y)[0] = x < 16 ? 1.0f : 0.0f;
            known.pixel(x, y)[1] = 1;
        }
    const Image all = spread(known);
    EXPECT_EQ(*all.pixel(12, 12), 1);
    EXPECT_EQ(*all.pixel(20, 12), 0);
    EXPECT_GT(*all.pixel(7, 12), 0.9f);
    EXPECT_LT(*all.pixel(24, 12), 0.1f);
    EXPECT_GT(*all.pixel(0, 0), 0.5f);
}

TEST(Spread, NothingKnownIsNothing)
{
    const Image all = spread(Image(kWindow, kWindow, {{"A"}, {"W"}}));
    EXPECT_EQ(*all.pixel(3, 3), 0);
}

}  // namespace
}  // namespace platefall::render
