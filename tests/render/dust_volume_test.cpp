#include "base/parallel.h"
#include "render/dust/dust_volume.h"
#include "render/dust_support.h"
#include "render/sampling.h"

#include <gtest/gtest.h>

#include <cmath>

namespace platefall::render {
namespace {

constexpr float kPi = 3.14159265f;

/// Full of dust, and 8 m wide.
DustFrame full_box(float kg_m3)
{
    return dust_in_box(16, 0.5f, [=](const V3&) { return kg_m3; });
}

/// Lumps, 12 m wide in all.
DustFrame lumps(float kg_m3 = 1.5f)
{
    DustFrame frame = dust_in_box(24, 0.5f, [=](const V3& at) {
        return std::max(0.0f, std::sin(at.x) * std::sin(1.3f * at.y) * std::sin(0.7f * at.z)) * kg_m3;
    });
    std::fill(frame.strain.begin(), frame.strain.end(), 2.0f);
    return frame;
}

/// One puff with its middle at `middle`, in 12 m.
DustFrame puff(const V3& middle, float radius_m, float kg_m3)
{
    return dust_in_box(24, 0.5f, [=](const V3& at) {
        return kg_m3 * std::clamp((radius_m - (at - middle).length()) / 0.5f + 0.5f, 0.0f, 1.0f);
    });
}

TEST(DustVolume, ClearAirIsNothingAtAll)
{
    const DustVolume volume(DustFrame{}, {}, sun_only({0, 1, 0}), 0.02f, [](const V3&) -> bool {
        throw std::logic_error("asked about a place without dust");
    });
    const Ray ray = ray_from({0, 0, 0}, {0, 0, 1});
    EXPECT_TRUE(volume.is_clear());
    EXPECT_FALSE(volume.may_meet(ray));
    EXPECT_EQ(volume.along(ray, 0.5f).transmittance, 1);
    EXPECT_EQ(volume.along(ray, 0.5f).light, Colour(0));
    EXPECT_TRUE(volume.slices(ray, 0.5f).empty());
    EXPECT_EQ(volume.sun_transmittance({0, 0, 0}), 1);
    EXPECT_EQ(volume.sky_transmittance({0, 0, 0}), 1);
}

TEST(DustVolume, UniformSlabFollowsBeerAndLambert)
{
    for (const float extinction : {0.01f, 0.1f, 0.4f}) {
        const DustVolume volume(full_box(extinction), plain_look(), sun_only({0, 1, 0}), 0, {});
        const float seen = mean_along(volume, ray_from({4, 4.1f, -10}, {0, 0, 1}), 16).transmittance;
        EXPECT_NEAR(seen, std::exp(-8 * extinction), 0.01f * std::exp(-8 * extinction)) << extinction;
    }
}

TEST(DustVolume, LengthOfTheDirectionIsTheUnitOfDistance)
{
    const DustVolume volume(full_box(0.2f), plain_look(), sun_only({0, 1, 0}), 0, {});
    const DustAlong once = volume.along(ray_from({4, 4.1f, -10}, {0, 0, 1}), 0.5f),
                    twice = volume.along(ray_from({4, 4.1f, -10}, {0, 0, 2}), 0.5f);
    EXPECT_NEAR(once.transmittance, twice.transmittance, 1e-5f);
    EXPECT_NEAR(once.depth, 2 * twice.depth, 1e-3f);
}

TEST(DustVolume, NothingOutsideTheBox)
{
    const DustVolume volume(full_box(2), plain_look(), sun_only({0, 1, 0}), 0, {});
    for (const Ray& ray : {ray_from({4, 9, -10}, {0, 0, 1}), ray_from({4, 4, -10}, {0, 0, -1}), ray_from({-1, 4, 4}, {0, 1, 0})}) {
        EXPECT_FALSE(volume.may_meet(ray));
        EXPECT_EQ(volume.along(ray, 0.5f).transmittance, 1);
    }
    Ray before = ray_from({4, 4, -10}, {0, 0, 1});
    before.far = 9;
    EXPECT_EQ(volume.along(before, 0.5f).transmittance, 1);
    EXPECT_TRUE(volume.may_meet(ray_from({4, 4, -10}, {0, 0, 1})));
}

TEST(DustVolume, TwoPartsOfARayAreTheWhole)
{
    const DustVolume volume(lumps(), plain_look(), sun_only({1, 1, 0.3f}), 0, {});
    const Ray whole = ray_from({1, 2, -5}, {0.5f, 0.4f, 1});
    Ray front = whole, back = whole;
    front.far = back.near = 9.37f;
    const DustAlong all = mean_along(volume, whole, 64), first = mean_along(volume, front, 64), rest = mean_along(volume, back, 64);
    ASSERT_LT(all.transmittance, 0.7f);
    EXPECT_NEAR(first.transmittance * rest.transmittance, all.transmittance, 0.005f);
    EXPECT_NEAR(first.light.x + first.transmittance * rest.light.x, all.light.x, 0.01f * all.light.x);
}

TEST(DustVolume, SlicesCompositeToTheWhole)
{
    DustLook look = plain_look();
    look.detail = 1;
    const DustVolume volume(lumps(), look, sun_only({1, 1, 0.3f}), 0, {});
    for (float y = 0.6f; y < 11; y += 0.7f) {
        const Ray ray = ray_from({1, y, -5}, {0.3f, 0.1f, 1});
        const DustAlong all = volume.along(ray, 0.3f);
        Colour light(0);
        float left = 1, end = 0;
        for (const DustSlice& slice : volume.slices(ray, 0.3f)) {
            EXPECT_LT(slice.front, slice.back);
            EXPECT_GE(slice.front, end * 0.9999f);
            end = slice.back;
            light += left * slice.light;
            left *= 1 - slice.alpha;
        }
        EXPECT_NEAR(left, all.transmittance, 0.005f);
        EXPECT_NEAR(light.x, all.light.x, 0.01f * all.light.x + 1e-6f);
    }
}

TEST(DustVolume, JitterConvergesToAFinerMarch)
{
    DustLook fine = plain_look();
    fine.detail = 1;
    DustLook usual = fine;
    fine.step /= 16;
    const Light light = sun_only({1, 1, 0.3f});
    const DustVolume coarse(lumps(), usual, light, 0, {}), exact(lumps(), fine, light, 0, {});
    for (const float y : {1.2f, 3.4f, 7.7f}) {
        const Ray ray = ray_from({1, y, -5}, {0.3f, 0.1f, 1});
        const DustAlong a = mean_along(coarse, ray, 256), b = mean_along(exact, ray, 16);
        EXPECT_NEAR(a.transmittance, b.transmittance, 0.01f);
        EXPECT_NEAR(a.light.x, b.light.x, 0.06f * b.light.x);      // pieces count as even, and detail is not
    }
}

TEST(DustVolume, APuffIsSeenWhereItWasWhenTheShutterOpened)
{
    DustFrame frame = puff({6, 6, 6}, 1.5f, 1);
    std::fill(frame.velocity.begin(), frame.velocity.end(), Vec3f{100, 0, 0});
    const DustVolume volume(frame, plain_look(), sun_only({0, 1, 0}), 0.04f, {});
    for (const float time : {0.0f, 0.25f, 0.5f, 1.0f}) {
        float weights = 0, places = 0;
        for (float x = 0; x < 12; x += 0.1f) {
            Ray ray = ray_from({x, 6, -5}, {0, 0, 1});
            ray.time = time;
            const float alpha = 1 - volume.along(ray, 0.5f).transmittance;
            weights += alpha;
            places += alpha * x;
        }
        EXPECT_NEAR(places / weights, 6 + 100 * 0.04f * (time - 0.5f), 0.05f) << time;
    }
}

TEST(DustVolume, WithoutDetailTheStoredDensityIsSeen)
{
    const DustFrame frame = lumps(0.1f);
    const DustVolume volume(frame, plain_look(), sun_only({0, 1, 0}), 0, {});
    double stored = 0, seen = 0;                      // the optical depth of all dust, per square metre
    for (const float density : frame.density[0])
        stored += density * 0.125;
    for (int y = 0; y < 24; ++y)
        for (int x = 0; x < 24; ++x) {
            const Ray ray = ray_from({0.5f * static_cast<float>(x) + 0.25f, 0.5f * static_cast<float>(y) + 0.25f, -5}, {0, 0, 1});
            double depth = 0;
            for (int i = 0; i < 16; ++i)
                depth -= std::log(volume.along(ray, (static_cast<float>(i) + 0.5f) / 16).transmittance) / 16;
            seen += 0.25 * depth;
        }
    EXPECT_NEAR(seen, stored, 0.002 * stored);
}

TEST(DustVolume, DetailKeepsTheMeanAndChangesTheRest)
{
    DustLook look = plain_look();
    const DustFrame frame = lumps(0.1f);
    const DustVolume plain(frame, look, sun_only({0, 1, 0}), 0, {});
    double worst_mean = 0;
    for (const float time_s : {0.0f, 0.13f, 7.4f}) {
        look.detail = 1;
        look.time_s = time_s;
        const DustVolume detailed(frame, look, sun_only({0, 1, 0}), 0, {});
        double before = 0, after = 0, apart = 0;
        for (std::uint32_t i = 0; i < 4000; ++i) {
            const Ray ray = ray_from({12 * unit_of(hashed(i, 1)), 12 * unit_of(hashed(i, 2)), -5}, {0, 0, 1});
            const double a = -std::log(plain.along(ray, 0.5f).transmittance),
                         b = -std::log(detailed.along(ray, 0.5f).transmittance);
            before += a;
            after += b;
            apart += std::abs(a - b);
        }
        worst_mean = std::max(worst_mean, std::abs(after / before - 1));
        EXPECT_GT(apart, 0.1 * before) << time_s;
    }
    EXPECT_LT(worst_mean, 0.05);
}

TEST(DustVolume, DetailDoesNotPopFromFrameToFrame)
{
    DustLook look = plain_look();
    look.detail = 1;
    const DustFrame frame = lumps();
    const auto opacities = [&](float time_s) {
        look.time_s = time_s;
        const DustVolume volume(frame, look, sun_only({0, 1, 0}), 0, {});
        std::vector<float> all;
        for (std::uint32_t i = 0; i < 300; ++i)
            all.push_back(volume.along(ray_from({12 * unit_of(hashed(i, 1)), 12 * unit_of(hashed(i, 2)), -5}, {0, 0, 1}), 0.5f).transmittance);
        return all;
    };
    std::vector<float> last = opacities(0.88f);
    for (float time_s = 0.89f; time_s < 1.12f; time_s += 0.01f) {     // a layer starts anew at 1 s
        const std::vector<float> now = opacities(time_s);
        for (std::size_t i = 0; i < now.size(); ++i)
            EXPECT_NEAR(now[i], last[i], 0.06f) << time_s;
        last = now;
    }
}

TEST(DustVolume, SameBitsOnOneAndTwoThreads)
{
    DustLook look = plain_look();
    look.detail = 1;
    Light light = sun_only({1, 1, 0.3f});
    light.sky = Sky([](const V3& d) { return Colour(1 + d.y, 1, 1 - d.y); });
    const auto blocked = [](const V3& at) { return at.x + at.y < 8; };
    const auto all = [&](int threads) {
        const ThreadLimit limit(threads);
        const DustVolume volume(lumps(), look, light, 0.02f, blocked);
        std::vector<float> values;
        for (std::uint32_t i = 0; i < 200; ++i) {
            const Ray ray = ray_from({12 * unit_of(hashed(i, 1)), 12 * unit_of(hashed(i, 2)), -5}, {0.1f, 0, 1});
            const DustAlong along = volume.along(ray, unit_of(hashed(i, 3)));
            values.insert(values.end(), {along.light.x, along.light.y, along.light.z, along.transmittance, along.depth});
        }
        return values;
    };
    EXPECT_EQ(all(1), all(2));
}

TEST(DustShadow, ASphereShadesTheGroundBelowIt)
{
    const DustVolume volume(puff({6, 6, 6}, 3, 0.5f), plain_look(), sun_only({0, 1, 0}), 0, {});
    EXPECT_GT(volume.sun_transmittance({6, 11.9f, 6}), 0.99f);
    EXPECT_LT(volume.sun_transmittance({6, 0, 6}), 0.7f);
    EXPECT_FLOAT_EQ(volume.sun_transmittance({6, -20, 6}), volume.sun_transmittance({6, -0.5f, 6}));
    EXPECT_GT(volume.sun_transmittance({1.5f, 0, 6}), 0.99f);
    EXPECT_EQ(volume.sun_transmittance({-20, 0, 6}), 1);
    EXPECT_LT(volume.sky_transmittance({6, 0.5f, 6}), 0.95f);
    EXPECT_GT(volume.sky_transmittance({6, 11.9f, 6}), 0.99f);
}

TEST(DustShadow, LightFromTheSideShadesTheOtherSide)
{
    const DustVolume volume(puff({6, 6, 6}, 3, 1), plain_look(), sun_only({1, 0, 0}), 0, {});
    EXPECT_GT(volume.sun_transmittance({9.5f, 6, 6}), 0.95f);
    EXPECT_LT(volume.sun_transmittance({2.5f, 6, 6}), 0.5f);
}

TEST(DustLightTest, DustInTheShadowOfSomethingSolidHasNoSun)
{
    const Light light = sun_only({0, 1, 0});
    const DustFrame frame = full_box(0.1f);
    const Ray ray = ray_from({4, 4.1f, -10}, {0, 0, 1});
    const DustVolume open(frame, plain_look(), light, 0, {}), shut(frame, plain_look(), light, 0, [](const V3&) { return true; });
    EXPECT_GT(open.along(ray, 0.5f).light.x, 0.01f);
    EXPECT_EQ(shut.along(ray, 0.5f).light, Colour(0));
}

/// Of dust this thin, light that is scattered twice is less than a fiftieth.
TEST(DustLightTest, ThinDustInTheSunScattersAsMuchAsItShould)
{
    constexpr float kExtinction = 0.002f;
    const DustLook look = plain_look();
    const DustVolume volume(full_box(kExtinction), look, sun_only({0, 1, 0}, Colour(kPi)), 0, {});
    const DustAlong seen = mean_along(volume, ray_from({4, 4, -10}, {0, 0, 1}), 16);
    const float g = look.anisotropy, phase = (1 - g * g) / (4 * kPi * std::pow(1 + g * g, 1.5f));
    const float in_front = std::exp(-4 * kExtinction), behind = 1 - std::exp(-8 * kExtinction);
    const float once = look.albedo.x * phase * kPi * in_front * behind;
    EXPECT_NEAR(seen.light.x, once, 0.03f * once);
}

}  // namespace
}  // namespace platefall::render
