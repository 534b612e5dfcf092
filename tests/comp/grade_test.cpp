#include "comp/grade.h"

#include "comp_helpers.h"

#include <gtest/gtest.h>

namespace platefall::comp {
namespace {

/// One premultiplied pixel through a grade.
std::array<float, 3> graded(const Grade& grade, std::array<float, 3> colour, float alpha)
{
    const RowPlanes planes{{&colour[0], &colour[1], &colour[2]}, &alpha, nullptr, nullptr};
    apply(grade, planes, 3, 1);
    return colour;
}

TEST(Grade, GoesGainOffsetGamma)
{
    const auto [r, g, b] =
        graded({.gain = {2, 1, 1}, .offset = {0.14f, 0, 0}, .gamma = 2.0f}, {0.25f, 0.25f, 0.0f}, 1.0f);
    EXPECT_FLOAT_EQ(r, 0.8f); // sqrt(0.25 * 2 + 0.14)
    EXPECT_FLOAT_EQ(g, 0.5f);
    EXPECT_EQ(b, 0.0f);
}

TEST(Grade, ActsOnUnpremultipliedColour)
{
    for (const float gamma : {1.0f, 2.2f}) {
        const Grade grade{.gain = {1.5f, 1.5f, 1.5f}, .offset = {0.1f, 0.1f, 0.1f}, .gamma = gamma};
        const float solid = graded(grade, {0.4f, 0, 0}, 1.0f)[0];
        EXPECT_FLOAT_EQ(graded(grade, {0.1f, 0, 0}, 0.25f)[0], 0.25f * solid) << "gamma " << gamma;
    }
}

TEST(Grade, KeepsTheSignOfNegativeColour)
{
    EXPECT_FLOAT_EQ(graded({.gamma = 2.0f}, {-0.25f, 0, 0}, 1.0f)[0], -0.5f);
}

TEST(Grade, LeavesTransparentBlackAlone)
{
    const Grade grade{.gain = {3, 3, 3}, .offset = {0.5f, 0.5f, 0.5f}, .gamma = 0.7f, .saturation = 2.0f};
    EXPECT_EQ(graded(grade, {0, 0, 0}, 0.0f), (std::array<float, 3>{0, 0, 0}));
}

TEST(Grade, TakesColourWithoutAlphaAsItIs)
{
    EXPECT_FLOAT_EQ(graded({.gain = {2, 2, 2}, .offset = {9, 9, 9}, .gamma = 2.0f}, {2.0f, 0, 0}, 0.0f)[0],
                    2.0f);
}

TEST(Grade, SaturationZeroLeavesLuma)
{
    const auto [r, g, b] = graded({.saturation = 0.0f}, {1.0f, 0.5f, 0.25f}, 1.0f);
    EXPECT_FLOAT_EQ(r, 0.2126f + 0.5f * 0.7152f + 0.25f * 0.0722f);
    EXPECT_EQ(r, g);
    EXPECT_EQ(g, b);
}

TEST(Grade, DoesNothingAtItsFallbacks)
{
    EXPECT_TRUE(Grade{}.is_grey());
    EXPECT_FALSE((Grade{.gain = {1, 2, 1}}.is_grey()));
    const ShotInfo shot = test_shot();
    Frame frame(shot, 1001);
    frame.set("plate", noise(kDisplay, "RGB", 41));
    run_comp("layers = [{ name = 'plate', gain = [1, 1, 1], offset = [0, 0, 0], gamma = 1, saturation = 1 }]",
             frame);
    EXPECT_EQ(differing_samples(frame.layer("comp"), frame.layer("plate")), 0);
}

} // namespace
} // namespace platefall::comp
