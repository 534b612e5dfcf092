#include "render/sampling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace platefall::render {
namespace {

TEST(PixelSamples, SixteenFallIntoSixteenStrataOfEachKind)
{
    const PixelSamples samples(7, 1001, 30, 40);
    for (const std::uint32_t dimension : {0u, 1u, 5u}) {
        std::set<int> across, down, squares;
        for (std::uint32_t i = 0; i < 16; ++i) {
            const auto [u, v] = samples.pair(i, dimension);
            across.insert(static_cast<int>(u * 16));
            down.insert(static_cast<int>(v * 16));
            squares.insert(static_cast<int>(u * 4) * 4 + static_cast<int>(v * 4));
        }
        EXPECT_EQ(across.size(), 16u);
        EXPECT_EQ(down.size(), 16u);
        EXPECT_EQ(squares.size(), 16u);
    }
}

TEST(PixelSamples, NeighboursFramesAndDimensionsDiffer)
{
    const auto here = PixelSamples(7, 1001, 30, 40).pair(0, 0);
    EXPECT_NE(here, PixelSamples(7, 1001, 31, 40).pair(0, 0));
    EXPECT_NE(here, PixelSamples(7, 1002, 30, 40).pair(0, 0));
    EXPECT_NE(here, PixelSamples(8, 1001, 30, 40).pair(0, 0));
    EXPECT_NE(here, PixelSamples(7, 1001, 30, 40).pair(0, 1));
    EXPECT_EQ(here, PixelSamples(7, 1001, 30, 40).pair(0, 0));
}

TEST(CosineDirection, LiesOverTheSurfaceWithItsMeanAtTwoThirds)
{
    const PixelSamples samples(1, 1, 1, 1);
    const V3 normal = V3(0.2f, -0.5f, 0.7f).normalized();
    float sum = 0;
    for (std::uint32_t i = 0; i < 256; ++i) {
        const V3 d = cosine_direction(normal, samples.pair(i, 3));
        EXPECT_NEAR(d.length(), 1.0f, 1e-5f);
        EXPECT_GE(d.dot(normal), 0.0f);
        sum += d.dot(normal);
    }
    EXPECT_NEAR(sum / 256, 2.0f / 3, 0.005f);
}

TEST(ConeDirection, StaysInsideTheCone)
{
    const PixelSamples samples(1, 1, 1, 1);
    const V3 axis = V3(0.4f, 0.8f, -0.1f).normalized();
    for (std::uint32_t i = 0; i < 64; ++i)
        EXPECT_GE(cone_direction(axis, 0.1f, samples.pair(i, 0)).dot(axis), std::cos(0.1f) - 1e-5f);
}

}  // namespace
}  // namespace platefall::render
