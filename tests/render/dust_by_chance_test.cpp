// The fast way to see dust against the slow one.
#include "render/dust_support.h"
#include "support/dust_by_chance.h"

#include <gtest/gtest.h>

namespace platefall::render {
namespace {

/// A ball of even dust in the middle of 12 m; its edge is a cell wide.
float ball(const V3& at, float radius_m, float extinction)
{
    return extinction * std::clamp((radius_m - (at - V3(6)).length()) / 0.25f + 0.5f, 0.0f, 1.0f);
}

float lumpy(const V3& at)
{
    return 0.4f * std::max(0.0f, std::sin(at.x) * std::sin(1.3f * at.y) * std::sin(0.7f * at.z));
}

DustByChance by_chance(const std::function<float(const V3& at)>& extinction, float most, const Light& light)
{
    const DustLook look;
    return {.extinction = extinction, .most = most, .low = V3(0), .high = V3(12), .albedo = look.albedo.x,
            .anisotropy = look.anisotropy, .to_sun = light.to_sun, .sun = light.sun.x};
}

TEST(DustByChance, SlowWayItselfFollowsBeerAndLambert)
{
    const DustByChance dust = by_chance([](const V3&) { return 0.1f; }, 0.3f, sun_only({0, 1, 0}));
    std::uint64_t random = 1;
    int passed = 0;
    for (int i = 0; i < 200000; ++i)
        passed += dust.passes({6, 6, -3}, {0, 0, 1}, random);
    EXPECT_NEAR(passed / 200000.0, std::exp(-1.2), 0.004);
}

TEST(DustByChance, SameTransmittanceThroughLumps)
{
    const Light light = sun_only({0, 1, 0});
    const DustVolume volume(dust_in_box(96, 0.125f, lumpy), plain_look(), light, 0, {});
    const DustByChance slow = by_chance(lumpy, 0.4f, light);
    const V3 from(4.0625f, 4.0625f, -3);
    std::uint64_t random = 1;
    for (const V3& direction : {V3(0, 0, 1), V3(0.3f, -0.2f, 0.9f).normalized()}) {
        constexpr int kFlights = 200000;
        int passed = 0;
        for (int i = 0; i < kFlights; ++i)
            passed += slow.passes(from, direction, random);
        const float fast = mean_along(volume, ray_from(from, direction), 64).transmittance;
        EXPECT_LT(fast, 0.9f);
        EXPECT_NEAR(fast, passed / double{kFlights}, 0.01 * fast);
    }
}

struct BallCase {
    float extinction;
    V3 to_sun;
};

/// Light that is scattered often, in a thin ball, in one like a puff, in one like a cloud; sun behind the camera, beside it
/// and in front. Averaged over the ball.
TEST(DustByChance, OctavesAreAsBrightAsScatteringOften)
{
    double squares = 0;
    int cases = 0;
    for (const float extinction : {0.15f, 0.6f, 2.0f})
        for (const V3& to_sun : {V3(0, 0.3f, -1), V3(0, 1, 0), V3(0.7f, 0.5f, 0.5f)}) {
            const Light light = sun_only(to_sun);
            const auto dust = [=](const V3& at) { return ball(at, 4, extinction); };
            const DustVolume volume(dust_in_box(48, 0.25f, dust), plain_look(), light, 0, {});
            const DustByChance slow = by_chance(dust, extinction, light);
            std::uint64_t random = 5;
            float often = 0, octaves = 0;
            constexpr int kRays = 12;
            for (int i = 0; i < kRays * kRays; ++i) {
                const V3 from(2.25f + 7.5f * (static_cast<float>(i % kRays) + 0.5f) / kRays,
                              2.25f + 7.5f * (static_cast<float>(i / kRays) + 0.5f) / kRays, -3);
                octaves += 100 * mean_along(volume, ray_from(from, {0, 0, 1}), 4).light.x;
                for (int k = 0; k < 100; ++k)
                    often += slow.radiance(from, {0, 0, 1}, random);
            }
            EXPECT_NEAR(octaves / often, 1, 0.3f) << extinction << " 1/m, sun from " << to_sun;
            squares += std::pow(std::log(octaves / often), 2);
            ++cases;
        }
    EXPECT_LT(std::sqrt(squares / cases), 0.15);
}

TEST(DustByChance, TheSideInShadowIsNotBlack)
{
    Light light = sun_only({0, 0, 1}, Colour(4));       // behind the dust
    light.sky = Sky([](const V3&) { return Colour(1); });
    const DustVolume volume(dust_in_box(48, 0.25f, [](const V3& at) { return ball(at, 4, 3); }), plain_look(), light, 0, {});
    const float dark = mean_along(volume, ray_from({6, 6, -3}, {0, 0, 1}), 8).light.x;
    EXPECT_GT(dark, 0.2f);                              // of a sky of 1; half of it is behind the dust
    EXPECT_LT(dark, 0.8f);
}

}  // namespace
}  // namespace platefall::render
