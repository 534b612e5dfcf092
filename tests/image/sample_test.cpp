#include "image/sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace platefall {
namespace {

const Window kWindow{-4, 3, 28, 27};

Image picture(const std::function<float(int, int)>& value)
{
    Image image(kWindow, kWindow, {{"R"}, {"G"}, {"B"}});
    for (int y = kWindow.y0; y < kWindow.y1; ++y)
        for (int x = kWindow.x0; x < kWindow.x1; ++x)
            std::fill_n(image.pixel(x, y), 3, value(x, y));
    return image;
}

float at(const Image& image, double x, double y)
{
    float rgb[3];
    sample(image, {x, y}, 3, rgb);
    return rgb[1];
}

TEST(Sample, APixelCentreGivesThePixelsOwnBits)
{
    const Image image = picture([](int x, int y) { return 0.1f * static_cast<float>(x * x) + 0.37f * static_cast<float>(y); });
    float rgb[3];
    EXPECT_EQ(sample(image, {7.5, 9.5}, 3, rgb), 1.0f);
    EXPECT_EQ(rgb[0], image.pixel(7, 9)[0]);
    EXPECT_EQ(at(image, -3.5, 3.5), image.pixel(-4, 3)[0]);
}

TEST(Sample, ARampIsReadBetweenPixels)
{
    const Image image = picture([](int x, int y) { return 2 * static_cast<float>(x) - static_cast<float>(y); });
    EXPECT_NEAR(at(image, 10.5 + 0.3, 12.5 + 0.6), 2 * 10.3 - 12.6, 0.05);
}

TEST(Sample, AHighlightLeavesNoDarkHaloAndIsNotExceeded)
{
    const Image image = picture([](int x, int y) { return x == 10 && y == 12 ? 50.0f : 0.02f; });
    for (double y = 8.0; y < 17; y += 0.17)
        for (double x = 6.0; x < 15; x += 0.17) {
            EXPECT_GE(at(image, x, y), 0.02f);
            EXPECT_LE(at(image, x, y), 50.0f);
        }
}

TEST(Sample, BetweenPixelsSomeOfTheNoiseIsLost)
{
    const Image image = picture([](int, int) { return 1.0f; });
    float rgb[3];
    const float left = sample(image, {10.0, 12.0}, 3, rgb);
    EXPECT_GT(left, 0.2f);
    EXPECT_LT(left, 0.7f);
    EXPECT_LT(left, sample(image, {10.4, 12.5}, 3, rgb));
}

TEST(Sample, BeyondTheEdgeTheLastPixelsGoOn)
{
    const Image image = picture([](int x, int) { return static_cast<float>(x); });
    EXPECT_EQ(at(image, 40.5, 10.5), 27.0f);
    EXPECT_EQ(at(image, -40.2, 10.5), -4.0f);
}

TEST(Sample, LinearIsTheWeightedMeanOfFour)
{
    const Image image = picture([](int x, int y) { return static_cast<float>(x * y); });
    float rgb[3];
    sample_linear(image, {10.75, 12.5}, 3, rgb);
    EXPECT_NEAR(rgb[0], 0.75 * 120 + 0.25 * 132, 1e-4);
}

}  // namespace
}  // namespace platefall
