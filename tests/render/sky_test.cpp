#include "render/light/light.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace platefall::render {
namespace {

const V3 kSun = V3(-0.55f, 0.72f, 0.75f).normalized();

TEST(Sky, EvenLightAllAroundGivesPiTimesItsRadiance)
{
    const Sky even([](const V3&) { return Colour(0.5f, 1.0f, 2.0f); });
    for (const V3& normal : {V3(0, 1, 0), V3(1, 0, 0), V3(0.6f, 0, -0.8f)}) {
        const Colour light = even.irradiance(normal);
        EXPECT_NEAR(light.x, 0.5f * std::numbers::pi_v<float>, 0.01f);
        EXPECT_NEAR(light.z, 2.0f * std::numbers::pi_v<float>, 0.03f);
    }
    EXPECT_NEAR(even.mean().y, 1.0f, 0.005f);
}

TEST(Sky, TheUpperHalfAloneLightsAWallHalf)
{
    const Sky upper([](const V3& d) { return Colour(d.y > 0 ? 1.0f : 0.0f); });
    EXPECT_NEAR(upper.irradiance({0, 1, 0}).x, std::numbers::pi_v<float>, 0.02f);
    EXPECT_NEAR(upper.irradiance({0, 0, 1}).x, 0.5f * std::numbers::pi_v<float>, 0.03f);
}

TEST(Sky, AskingReturnsWhatItWasMadeFrom)
{
    const auto clear = clear_sky(kSun, 3);
    const Sky sky(clear);
    for (const float height : {0.3f, 0.8f, 1.4f}) {
        const V3 away(0.3f * std::cos(height), std::sin(height), -0.954f * std::cos(height));
        EXPECT_NEAR(sky.radiance(away.normalized()).y, clear(away.normalized()).y, 0.02f);
    }
}

TEST(ClearSky, IsBlueAwayFromTheSunAndBrighterAroundIt)
{
    const auto sky = clear_sky(kSun, 3);
    const Colour away = sky(V3(0.3f, 0.7f, -0.6f).normalized());
    EXPECT_GT(away.z, 2 * away.x);
    EXPECT_GT(luminance(sky(kSun)), 4 * luminance(away));
    EXPECT_EQ(sky({0, -1, 0}), Colour(0));
}

TEST(ClearSky, ALowSunIsDimmerAndRedder)
{
    const Colour high = clear_sun(kSun, 3), low = clear_sun(V3(1, 0.1f, 0).normalized(), 3);
    EXPECT_GT(low.x / low.z, 1.5f * high.x / high.z);
    EXPECT_GT(high.x / high.z, 1.1f);
}

TEST(Ground, ReflectsItsShareOfSunAndSky)
{
    const Sky lit = with_ground([](const V3&) { return Colour(1); }, {0, 1, 0}, Colour(2), Colour(0.3f));
    const float ground = 0.3f * (std::numbers::pi_v<float> + 2) / std::numbers::pi_v<float>;
    EXPECT_NEAR(lit.radiance({0, -1, 0}).x, ground, 0.01f);
    EXPECT_NEAR(lit.irradiance({0, -1, 0}).x, ground * std::numbers::pi_v<float>, 0.03f);
}

}  // namespace
}  // namespace platefall::render
