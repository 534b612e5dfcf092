#include "comp/picture_fit.h"

#include "comp_helpers.h"
#include "support/error_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace platefall::comp {
namespace {

using test::error_of;
using testing::HasSubstr;

Image depth_of(const std::function<float(int, int)>& metres)
{
    Image depth(kDisplay, kDisplay, {{"Z", ChannelType::full_float}});
    for (int y = 0; y < kDisplay.y1; ++y)
        for (int x = 0; x < kDisplay.x1; ++x)
            *depth.pixel(x, y) = metres(x, y);
    return depth;
}

TEST(Transmittance, FallsByEForEachExtinctionLength)
{
    const Image through = transmittance(depth_of([](int x, int) { return 10.0f * static_cast<float>(x); }), 0.01, kDisplay);
    EXPECT_FLOAT_EQ(at(through, 0, 5, "A"), 1.0f);
    EXPECT_FLOAT_EQ(at(through, 10, 5, "A"), std::exp(-1.0f));
    EXPECT_FLOAT_EQ(at(through, 20, 31, "A"), std::exp(-2.0f));
}

TEST(Transmittance, GoesOnSmoothlyWhereNothingIsSeen)
{
    const Image through = transmittance(depth_of([](int x, int) { return x < 24 ? 100.0f : 1e10f; }), 0.01, kDisplay);
    for (int x = 0; x < kDisplay.x1; ++x)
        EXPECT_NEAR(at(through, x, 9, "A"), std::exp(-1.0f), 1e-6) << x;
}

TEST(Transmittance, OfNothingAtAllIsOne)
{
    const Image through = transmittance(depth_of([](int, int) { return 1e10f; }), 0.5, kDisplay);
    EXPECT_EQ(at(through, 7, 7, "A"), 1.0f);
}

TEST(Transmittance, ADepthWithoutZIsRefused)
{
    const Image picture = flat(kDisplay, "RG", {1, 1});
    EXPECT_THAT(error_of([&] { transmittance(picture, 0.1, kDisplay); }), HasSubstr("has no channel Z (has R G)"));
}

TEST(Veil, ColourGoesTowardsTheHazeAndAlphaStays)
{
    Image picture = flat(kDisplay, "RGBA", {0.5f, 0.25f, 0.0f, 0.5f});
    veil(picture, flat(kDisplay, "A", {0.75f}), {0.2f, 0.4f, 0.8f});
    EXPECT_FLOAT_EQ(at(picture, 3, 3, "R"), 0.5f * 0.75f + 0.2f * 0.5f * 0.25f);
    EXPECT_FLOAT_EQ(at(picture, 3, 3, "B"), 0.8f * 0.5f * 0.25f);
    EXPECT_EQ(at(picture, 3, 3, "A"), 0.5f);
}

TEST(Veil, TransparentBlackStaysSo)
{
    Image picture = flat(kDisplay, "RGBA", {0, 0, 0, 0});
    const Image before = picture;
    veil(picture, flat(kDisplay, "A", {0.25f}), {1, 1, 1});
    EXPECT_EQ(differing_samples(picture, before), 0);
}

TEST(LiftBlacks, BlackBecomesTheBlackLevelAndLightsStay)
{
    Image picture = flat(kDisplay, "RGBA", {0.0f, 0.1f, 2.0f, 1.0f});
    lift_blacks(picture, {0.01f, 0.01f, 0.01f});
    EXPECT_FLOAT_EQ(at(picture, 0, 0, "R"), 0.01f);
    EXPECT_NEAR(at(picture, 0, 0, "G"), 0.101f, 1e-4f);
    EXPECT_NEAR(at(picture, 0, 0, "B"), 2.0f, 1e-4f);
}

TEST(LiftBlacks, NothingIsLeftBelowItAndTheOrderOfTonesIsKept)
{
    float before = 0;
    for (float value = -0.05f; value < 0.5f; value += 0.001f) {
        Image picture = flat({0, 0, 1, 1}, "RGBA", {value, value, value, 1});
        lift_blacks(picture, {0.02f, 0.02f, 0.02f});
        const float now = at(picture, 0, 0, "G");
        EXPECT_GT(now, before);
        EXPECT_GE(now, std::max(value, value < 0 ? 0.0f : 0.02f));
        before = now;
    }
}

TEST(LiftBlacks, PremultipliedColourIsLiftedByItsAlphasPart)
{
    Image picture = flat(kDisplay, "RGBA", {0, 0, 0, 0.25f});
    lift_blacks(picture, {0.04f, 0.08f, 0});
    EXPECT_FLOAT_EQ(at(picture, 1, 1, "R"), 0.01f);
    EXPECT_FLOAT_EQ(at(picture, 1, 1, "G"), 0.02f);
    EXPECT_EQ(at(picture, 1, 1, "B"), 0.0f);
}

TEST(LensBlur, ItsVarianceIsTheOneAskedFor)
{
    for (const double deviation : {0.2, 0.35, 0.5, 1.0}) {
        Image dot({20, 12, 21, 13}, kDisplay, float_channels("RGBA"));
        std::fill_n(dot.pixel(20, 12), 4, 1.0f);
        const Image soft = lens_blurred(dot, deviation, kDisplay, kDisplay);
        double sum = 0, variance = 0;
        for (int y = soft.data_window().y0; y < soft.data_window().y1; ++y)
            for (int x = soft.data_window().x0; x < soft.data_window().x1; ++x) {
                sum += at(soft, x, y, "A");
                variance += static_cast<double>(at(soft, x, y, "A")) * (x - 20) * (x - 20);
            }
        EXPECT_NEAR(sum, 1, 1e-5) << deviation;
        EXPECT_NEAR(variance, deviation * deviation, 1e-3) << deviation;
    }
}

TEST(LensBlur, WhatTheFrameCutsOffStaysSolidAndWhatEndsInsideGetsSoft)
{
    const Image card = flat({0, 0, 24, 32}, "RGBA", {0.5f, 0.5f, 0.5f, 1});
    const Image soft = lens_blurred(card, 0.8, kDisplay, {-8, -8, 60, 40});
    EXPECT_EQ(soft.data_window().x0, 0);
    EXPECT_EQ(soft.data_window().y1, 32);
    EXPECT_EQ(at(soft, 0, 0, "A"), 1.0f);
    EXPECT_EQ(at(soft, 5, 31, "R"), 0.5f);
    EXPECT_LT(at(soft, 23, 9, "A"), 0.9f);
    EXPECT_GT(at(soft, 24, 9, "A"), 0.1f);
    EXPECT_EQ(at(soft, 30, 9, "A"), 0.0f);
}

TEST(ContentOf, IsTheSmallestWindowAroundWhatIsNotZero)
{
    Image picture = flat(kDisplay, "RGBA", {0, 0, 0, 0});
    EXPECT_TRUE(content_of(picture).empty());
    picture.pixel(7, 4)[3] = 1;
    picture.pixel(30, 20)[0] = -1;
    EXPECT_EQ(content_of(picture), (Window{7, 4, 31, 21}));
}

} // namespace
} // namespace platefall::comp
