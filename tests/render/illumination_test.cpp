#include "render/sampling.h"
#include "render/small_scene.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace platefall::render {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

Light sun_only(const V3& to_sun)
{
    Light light;
    light.to_sun = to_sun.normalized();
    light.sun_radius_rad = 0;
    light.sun = Colour(3, 2, 1);
    return light;
}

TEST(Illumination, AFreeSurfaceInTheSunFollowsLambert)
{
    const Light light = sun_only({1, 1, 0});
    const Illumination open(light, {});
    const V3 tilted = V3(0.3f, 0.9f, 0.1f).normalized();
    EXPECT_NEAR(open.sun({{0, 0, 0}, tilted}, tilted, {0.5f, 0.5f}).x, 3 * tilted.dot(light.to_sun), 1e-4f);
    EXPECT_EQ(open.sun({{0, 0, 0}, {-1, 0, 0}}, {-1, 0, 0}, {0.5f, 0.5f}), Colour(0));
}

TEST(Illumination, AHouseShadesTheGroundThatItsHeightReaches)
{
    // The sun stands 45 degrees high behind the house: its shadow is 4 m wide and reaches 4 m before the front.
    const SmallScene scene(at_rest(small_house()), sun_only({0, 1, -1}));
    int shaded = 0;
    for (int i = 0; i < 200; ++i)
        for (int j = 0; j < 200; ++j) {
            const V3 at(-5 + 0.05f * (static_cast<float>(i) + 0.5f), 0, 0.05f * (static_cast<float>(j) + 0.5f));
            shaded += scene.illumination->sun({at, {0, 1, 0}}, {0, 1, 0}, {0.5f, 0.5f}) == Colour(0);
        }
    EXPECT_NEAR(static_cast<float>(shaded) * 0.05f * 0.05f, 16.0f, 0.16f);
}

TEST(Illumination, InAnEvenFurnaceEverySurfaceGetsPi)
{
    Light light;
    light.sky = Sky([](const V3&) { return Colour(1); });
    const Illumination open(light, {});
    const V3 normal = V3(0.1f, 0.7f, -0.4f).normalized();
    for (std::uint32_t i = 0; i < 32; ++i)
        EXPECT_NEAR(open.sky({{0, 0, 0}, normal}, normal, PixelSamples(1, 1, 1, 1).pair(i, 0)).y, kPi, 1e-4f);
}

TEST(Illumination, AWallHidesHalfOfTheSkyFromItsFoot)
{
    Light light;
    light.sky = Sky([](const V3& d) { return Colour(d.y > 0 ? 1.0f : 0.0f); });
    const SmallScene scene(at_rest(small_house()), light);
    float sum = 0;
    constexpr int kRays = 4096;
    for (std::uint32_t i = 0; i < kRays; ++i) {
        const Colour seen = scene.illumination->sky({{0, 0, 0.001f}, {0, 1, 0}}, {0, 1, 0}, PixelSamples(1, 1, 1, 1).pair(i, 0));
        sum += seen == scene.illumination->reflected() * kPi ? 0.0f : 1.0f;
    }
    // Nearly: one sees past its ends and over its top at a slant.
    EXPECT_NEAR(sum / kRays, 0.5f, 0.02f);
}

}  // namespace
}  // namespace platefall::render
