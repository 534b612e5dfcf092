#include "cleanplate/fill/follow_prior.h"

#include "cleanplate/small_take.h"

#include <gtest/gtest.h>

#include <functional>

namespace platefall::cleanplate {
namespace {

using test::for_each_pixel;

constexpr Window kFrame{0, 0, 120, 80};
constexpr Window kHole{30, 10, 90, 70};

Image grey(const std::function<float(int x, int y)>& light)
{
    Image image(kFrame, kFrame, {{"R"}, {"G"}, {"B"}});
    for_each_pixel(kFrame, [&](int x, int y) { std::fill_n(image.pixel(x, y), 3, light(x, y)); });
    return image;
}

float checker(int x, int y)
{
    return (x + y) % 2 == 0 ? 0.21f : 0.19f;
}

/// What becomes of a hole that patches filled in one way and the prior in another, in a picture of 0.1 to 0.4.
Filled followed(const std::function<float(int x, int y)>& patches, const std::function<float(int x, int y)>& prior_light)
{
    Image unknown(kFrame, kFrame, {{"A"}});
    for_each_pixel(kHole, [&](int x, int y) { *unknown.pixel(x, y) = 1; });
    const auto known = [&](int x, int) { return x < 60 ? 0.1f : 0.4f; };
    const Image picture = grey(known);
    const auto in_hole = [&](const auto& light) {
        return grey([&](int x, int y) { return kHole.contains(x, y) ? light(x, y) : known(x, y); });
    };
    const Image prior = in_hole(prior_light);
    Filled filled{.picture = in_hole(patches), .noise_gain = Image(kFrame, kFrame, {{"A"}}, 1.0f)};
    follow_prior({.picture = picture,
                  .unknown = unknown,
                  .not_a_source = nullptr,
                  .prior = &prior,
                  .seed = 7,
                  .progress = {},
                  .prior_px = 4},
                 filled);
    for_each_pixel(kFrame, [&](int x, int y) {
        ASSERT_TRUE(kHole.contains(x, y) || filled.picture.pixel(x, y)[1] == known(x, y)) << x << "," << y;
    });
    return filled;
}

TEST(CleanplateFollowPrior, TheSameThingInAnotherLightGetsThatLightAndKeepsItsDetail)
{
    const Filled filled = followed(checker, [](int, int) { return 0.22f; });
    EXPECT_NEAR(filled.picture.pixel(60, 40)[1] / filled.picture.pixel(61, 40)[1], 0.21f / 0.19f, 0.01f);
    EXPECT_NEAR((filled.picture.pixel(60, 40)[1] + filled.picture.pixel(61, 40)[1]) / 2, 0.22f, 0.002f);
    EXPECT_EQ(*filled.noise_gain.pixel(60, 40), 1.0f);
}

TEST(CleanplateFollowPrior, SomethingElseIsReplacedByThePriorAndHasNoNoise)
{
    const Filled filled = followed(checker, [](int, int) { return 0.35f; });
    EXPECT_NEAR(filled.picture.pixel(60, 40)[1], 0.35f, 1e-3f);
    EXPECT_NEAR(filled.picture.pixel(61, 40)[1], 0.35f, 1e-3f);
    EXPECT_EQ(*filled.noise_gain.pixel(60, 40), 0.0f);
}

TEST(CleanplateFollowPrior, NothingIsDarkerOrBrighterThanWhatIsKnown)
{
    const Filled bright = followed(checker, [](int, int) { return 30.0f; });
    const Filled dark = followed(checker, [](int, int) { return -1.0f; });
    for_each_pixel(kHole, [&](int x, int y) {
        ASSERT_LE(bright.picture.pixel(x, y)[1], 0.4f) << x << "," << y;
        ASSERT_GE(dark.picture.pixel(x, y)[1], 0.1f) << x << "," << y;
    });
}

TEST(CleanplateFollowPrior, NothingChangesWhereBothAgree)
{
    const Filled filled = followed(checker, checker);
    for_each_pixel(kHole, [&](int x, int y) { ASSERT_NEAR(filled.picture.pixel(x, y)[1], checker(x, y), 1e-6f); });
}

}  // namespace
}  // namespace platefall::cleanplate
