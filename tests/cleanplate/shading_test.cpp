#include "cleanplate/fill/shading.h"

#include "base/random_number.h"
#include "cleanplate/fill/patch_fill.h"
#include "cleanplate/fill/patch_pyramid.h"
#include "cleanplate/fill/seams.h"
#include "cleanplate/fill/thin_plate.h"
#include "cleanplate/log_encoding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace platefall::cleanplate {
namespace {

constexpr Window kFrame{0, 0, 240, 180}, kHole{95, 60, 145, 120};

/// What a function of x and y shows, with a hole in it.
struct Scene {
    explicit Scene(const std::function<float(int, int)>& light)
        : picture(kFrame, kFrame, {{"R"}, {"G"}, {"B"}}), unknown(kFrame, kFrame, {{"A"}})
    {
        for (int y = kFrame.y0; y < kFrame.y1; ++y)
            for (int x = kFrame.x0; x < kFrame.x1; ++x) {
                for (int c = 0; c < 3; ++c)
                    picture.pixel(x, y)[c] = light(x, y) * (1.0f + 0.2f * static_cast<float>(c));
                *unknown.pixel(x, y) = kHole.contains(x, y);
            }
    }

    FillRequest request(std::uint64_t seed = 1) const
    {
        return {picture, unknown, nullptr, nullptr, seed, {}};
    }

    Image picture, unknown;
};

/// The hole of a scene, all of it copied by one offset.
struct Copied {
    Copied(const Scene& scene, const Offset& offset)
        : part(part_to_solve(scene.request())), level(std::move(make_pyramid(scene.request(), part).front())),
          composite(scene.picture, part, level, std::vector<Shift>(level.hole.size(), shift_by(offset)))
    {
    }

    Window part;
    Level level;
    Composite composite;
};

float grain(int x, int y)
{
    const auto random = random_number(7, static_cast<std::uint64_t>(y * 1000 + x));
    return static_cast<float>(random >> 40) / static_cast<float>(1 << 24) - 0.5f;
}

float sky_above_a_low_sun(int x, int y)
{
    const float r = std::hypot(static_cast<float>(x - 118), static_cast<float>(y - 88));
    return 0.4f + 3.0f * std::exp(-r / 28) + 0.5f * std::exp(-r / 90);
}

TEST(CleanplateShading, ACopyOfAnotherPlaceOfTheSkyBecomesAsBrightAsTheSkyIsHere)
{
    const auto sky = [](int x, int y) {
        return std::exp2(-2.0f + 0.012f * static_cast<float>(x) + 0.004f * static_cast<float>(y))
               * (1 + 0.03f * grain(x, y));
    };
    const Scene scene(sky);
    const Copied copied(scene, {-60, 0});
    const std::vector<Colour> none(copied.level.hole.size(), Colour{});
    const std::vector<Colour> stops = shading_through(copied.composite, none);
    for (std::size_t i = 0; i < stops.size(); ++i) {
        const Pixel at = copied.level.hole[i];
        const float should = log_encode(
            std::exp2(-2.0f + 0.012f * static_cast<float>(at.x) + 0.004f * static_cast<float>(at.y)));
        const float shows = copied.composite.brightness({at.x - 60, at.y})[0] + stops[i][0];
        ASSERT_NEAR(shows, should, 0.04f) << at.x << ',' << at.y;
    }
}

TEST(CleanplateShading, WhatIsNotSmoothKeepsItsGains)
{
    const Scene scene([](int x, int y) {
        return 0.3f + 0.25f * static_cast<float>((x / 3 + y / 5) % 2) + 0.1f * grain(x, y);
    });
    const Copied copied(scene, {-60, 0});
    const std::vector<Colour> seams = level_seams(copied.composite);
    EXPECT_EQ(shading_through(copied.composite, seams), seams);
}

TEST(CleanplateShading, ANoisySkyKeepsItsGains)
{
    const Scene scene([](int x, int y) { return sky_above_a_low_sun(x, y) * (1 + 1.4f * grain(x, y)); });
    const Copied copied(scene, {-60, 0});
    const std::vector<Colour> none(copied.level.hole.size(), Colour{});
    EXPECT_EQ(shading_through(copied.composite, none), none);
}

TEST(CleanplateShading, ThePlateStaysInTheRangeOfWhatIsKnown)
{
    const Scene scene(sky_above_a_low_sun);
    const Copied copied(scene, {-60, 0});
    const ShadingCells cells(copied.composite, std::vector<Colour>(copied.level.hole.size(), Colour{}));
    float brightest = 0;
    for (int v = 0; v < cells.height(); ++v)
        for (int u = 0; u < cells.width(); ++u)
            if (cells(u, v).unknown < 0)
                brightest = std::max(brightest, cells(u, v).now[2]);
    float brightest_made = 0;
    for (const Colour& made : thin_plate(cells))
        brightest_made = std::max(brightest_made, made[2]);
    EXPECT_LE(brightest_made, brightest + 0.03f);
    EXPECT_GE(brightest_made, brightest - 0.3f) << "it falls off towards the sun";
}

TEST(PatchFillShading, ALowSunBehindTheHoleDoesNotBecomeTwo)
{
    const Scene scene([](int x, int y) { return sky_above_a_low_sun(x, y) * (1 + 0.02f * grain(x, y)); });
    for (const std::uint64_t seed : {1, 2, 3}) {
        const Filled filled = patch_fill(scene.request(seed));
        for (int y = 70; y < 110; y += 5) {
            const auto mean = [&](int x0, int x1) {
                float sum = 0;
                for (int x = x0; x < x1; ++x)
                    sum += filled.picture.pixel(x, y)[1];
                return sum / static_cast<float>(x1 - x0);
            };
            const float beside = std::min(mean(85, 95), mean(145, 155));
            for (int x = 100; x < 140; x += 5)
                EXPECT_GT(mean(x, x + 5), 0.97f * beside) << "seed " << seed << " at " << x << ',' << y;
        }
    }
}

TEST(PatchFillShading, TheSkyBecomesBrighterDownToTheRoofsAndTheyDoNot)
{
    const auto is_house = [](int, int y) { return y >= 105; };
    const auto house = [](int x, int y) { return 0.05f + 0.02f * static_cast<float>((x / 4 + y / 4) % 2); };
    const Scene scene([&](int x, int y) { return is_house(x, y) ? house(x, y) : sky_above_a_low_sun(x, y); });
    const Filled filled = patch_fill(scene.request());
    for (int x = 100; x < 140; ++x) {
        const float beside = std::min(scene.picture.pixel(92, 100)[1], scene.picture.pixel(148, 100)[1]);
        EXPECT_GT(filled.picture.pixel(x, 100)[1], 0.9f * beside) << x;
        float sum = 0;
        for (int y = 110; y < 118; ++y)
            sum += filled.picture.pixel(x, y)[1];
        EXPECT_NEAR(sum / 8, 1.2f * 0.06f, 0.012f) << x;
    }
}

TEST(PatchFillShading, APriorShowsHowBrightItIs)
{
    const auto two_suns = [](int x, int y) {
        return sky_above_a_low_sun(x, y) + sky_above_a_low_sun(x + 75, y);
    };
    const Scene truth(two_suns),
        scene([&](int x, int y) { return kHole.contains(x, y) ? 0.0f : two_suns(x, y); });
    FillRequest request = scene.request();
    request.prior = &truth.picture;
    const float* middle = patch_fill(request).picture.pixel(118, 88);
    EXPECT_GT(middle[1], 0.8f * truth.picture.pixel(118, 88)[1]);
}

}  // namespace
}  // namespace platefall::cleanplate
