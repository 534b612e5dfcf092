#include "compare/flip.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace platefall::compare {
namespace {

constexpr int kWidth = 48, kHeight = 32;

template <class Fill>
Planes picture(Fill fill)
{
    Planes planes;
    planes.fill(Plane(kWidth, kHeight));
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x)
            for (int c = 0; c < 3; ++c)
                planes[static_cast<std::size_t>(c)].row(y)[x] = fill(x, y, c);
    return planes;
}

Planes grey(float value)
{
    return picture([=](int, int, int) { return value; });
}

/// Waves of three wavelengths, and a bright dot.
Planes waves(float phase = 0, float dot = 1)
{
    return picture([=](int x, int y, int c) {
        const bool is_dot = x >= 20 && x < 23 && y >= 10 && y < 13;
        return is_dot ? dot : 0.4f + 0.3f * std::sin(0.2f * static_cast<float>(x * (c + 1)) + phase) * std::cos(0.3f * static_cast<float>(y));
    });
}

TEST(Flip, OfAPictureWithItselfIsExactlyZero)
{
    EXPECT_EQ(mean(flip(waves(), waves())), 0.0);
    EXPECT_EQ(mean(hdr_flip(waves(), waves())), 0.0);
}

TEST(Flip, BlackAgainstWhiteIsNearlyOne)
{
    // Lightness alone: 100 of the 41.3^(1/0.7) = 203.6 that green against blue has; with q_c and the knee that is 0.968.
    const Plane map = flip(grey(0), grey(1));
    EXPECT_NEAR(mean(map), 0.968, 0.005);
    EXPECT_NEAR(map.row(5)[7], mean(map), 1e-4);
}

TEST(Flip, GreenAgainstBlueIsOne)
{
    const auto only = [](int channel) { return picture([=](int, int, int c) { return c == channel ? 1.0f : 0.0f; }); };
    EXPECT_NEAR(mean(flip(only(1), only(2))), 1.0, 1e-4);
}

TEST(Flip, HasNoSides)
{
    const Plane there = flip(waves(), waves(0.5f, 0.2f)), back = flip(waves(0.5f, 0.2f), waves());
    for (std::size_t i = 0; i < there.samples.size(); ++i)
        ASSERT_NEAR(there.samples[i], back.samples[i], 1e-6f);
}

TEST(Flip, GrowsWithTheDifference)
{
    double last = 0;
    for (const float phase : {0.05f, 0.1f, 0.2f, 0.4f, 0.8f}) {
        const double now = mean(flip(waves(), waves(phase)));
        EXPECT_GT(now, last);
        last = now;
    }
}

TEST(Flip, WeighsADotMoreThanItsPixels)
{
    const Plane map = flip(waves(), waves(0, 0));
    const float most = *std::max_element(map.samples.begin(), map.samples.end());
    EXPECT_GT(most, 0.5f);
    EXPECT_LT(map.row(30)[45], 1e-3f);
}

TEST(Flip, SeesLessFromFartherAway)
{
    const Planes fine = picture([](int x, int y, int) { return (x + y) % 2 ? 0.6f : 0.4f; });
    EXPECT_LT(mean(flip(fine, grey(0.5f), 100)), mean(flip(fine, grey(0.5f), 20)));
}

// Their program, version 1.6, says 0.415912 of the same pictures.
TEST(HdrFlip, IsWhatItsAuthorsMeasure)
{
    const auto light = [](Planes planes) {
        for (Plane& plane : planes)
            for (float& sample : plane.samples)
                sample = sample * sample * 6;
        return planes;
    };
    EXPECT_NEAR(mean(hdr_flip(light(waves()), light(waves(0.5f, 0.2f)))), 0.415912, 2e-4);
}

TEST(HdrFlip, ExposuresGoFromTheBrightestToTheMedian)
{
    Planes planes = grey(0.25f);
    for (Plane& plane : planes)
        plane.row(0)[0] = 16;
    const Exposures exposures = exposures_of(planes);
    EXPECT_NEAR(exposures.stop - exposures.start, 6, 1e-4);
    EXPECT_EQ(exposures.count, 6);
}

TEST(HdrFlip, BlackAroundALayerDoesNotCount)
{
    Planes planes = grey(0);
    for (Plane& plane : planes)
        plane.row(3)[3] = 2, plane.row(3)[4] = 1, plane.row(3)[5] = 1;
    EXPECT_NEAR(exposures_of(planes).stop - exposures_of(planes).start, 1, 1e-4);
    EXPECT_EQ(exposures_of(grey(0)).count, 1);
}

TEST(HdrFlip, SeesWhatIsBrighterThanWhite)
{
    const Planes sun = grey(40), brighter = grey(60);
    EXPECT_EQ(mean(flip(sun, brighter)), 0.0);
    EXPECT_GT(mean(hdr_flip(sun, brighter)), 0.01);
}

}  // namespace
}  // namespace platefall::compare
