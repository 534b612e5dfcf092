#include "cleanplate/fill/perspective.h"

#include "base/parallel.h"
#include "cleanplate/fill/patch_fill.h"
#include "cleanplate/fill/vanishing_points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace platefall::cleanplate {
namespace {

constexpr int kWidth = 320, kHeight = 240;
constexpr Plane kFacade{.x0 = 160, .y0 = 120, .across = 0.0025f, .down = 0.0008f};

bool is_window(const Place& flat)
{
    const float x = flat.x - 34 * std::floor(flat.x / 34), y = flat.y - 26 * std::floor(flat.y / 26);
    return x > 8 && x < 28 && y > 6 && y < 19;
}

/// Light walls and dark windows, 34 x 26 pixels a bay at the plane's origin; the share of a pixel that is wall.
float facade(const Plane& plane, int x, int y)
{
    constexpr int kSamples = 4;
    int wall = 0;
    for (int j = 0; j < kSamples; ++j)
        for (int i = 0; i < kSamples; ++i) {
            const auto part = [](int k) { return (static_cast<float>(k) + 0.5f) / kSamples - 0.5f; };
            wall += !is_window(plane.flattened({static_cast<float>(x) + part(i), static_cast<float>(y) + part(j)}));
        }
    return static_cast<float>(wall) / (kSamples * kSamples);
}

template <class Brightness>
Level level_with_hole(Brightness brightness)
{
    Raster<Feature> features(kWidth, kHeight, kPatchRadius, Feature{});
    Raster<Kind> kinds(kWidth, kHeight, kPatchRadius, Kind::ignored);
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x) {
            const bool is_hole = x >= 130 && x < 190 && y >= 90 && y < 150;
            kinds(x, y) = is_hole ? Kind::hole : Kind::source;
            const auto code = static_cast<std::int16_t>(600 + 800 * brightness(x, y));
            features(x, y).lane = {code, code, code};
        }
    return make_level(std::move(features), std::move(kinds));
}

TEST(Perspective, AnOffsetLeadsFromOnePlaceToTheOther)
{
    const Place from{40, 200}, to{290, 33};
    const Place there = kFacade.moved(from, kFacade.offset(from, to));
    EXPECT_NEAR(there.x, to.x, 1e-3f);
    EXPECT_NEAR(there.y, to.y, 1e-3f);
}

TEST(Perspective, WhatIsMovedAwayBecomesSmallerAndNeverReachesTheHorizon)
{
    const Plane street{.x0 = 0, .y0 = 100, .across = 0, .down = 0.01f};  // the horizon is y = 0
    float before = 100;
    for (int step = 1; step < 20; ++step) {
        const float y = street.moved({0, 100}, {0, -100.0f * static_cast<float>(step)}).y;
        EXPECT_NEAR(y, 100.0f / static_cast<float>(step + 1), 1e-3f) << "as far again, half as high";
        EXPECT_LT(y, before);
        before = y;
    }
}

TEST(Perspective, APlaneThatFacesTheCameraMovesWholePixels)
{
    const Plane wall;
    EXPECT_EQ(wall.moved({17, 4}, {-3, 250}), (Place{14, 254}));
    EXPECT_EQ(wall.offset({14, 254}, {17, 4}), (Place{3, -250}));
}

TEST(Perspective, AtHalfTheSizeEverythingMovesHalfAsFar)
{
    Perspective full;
    full.add(kFacade, Raster<float>(32, 24, 0, 0.75f), 10);
    const Perspective half = full.reduced(2);
    ASSERT_EQ(half.count(), 2u);
    const Place there = full[1].moved({60.5f, 80.5f}, {70, 20}), halfway = half[1].moved({30, 40}, {35, 10});
    EXPECT_NEAR(halfway.x, (there.x - 0.5f) / 2, 1e-3f);
    EXPECT_NEAR(halfway.y, (there.y - 0.5f) / 2, 1e-3f);
    EXPECT_EQ(half.share(1, 159, 119), 0.75f);
    EXPECT_EQ(half.share(0, 159, 119), 0.25f);
}

TEST(PerspectiveOf, AFacadesHorizonIsFoundFromItsWindows)
{
    const Perspective found = perspective_of(level_with_hole([](int x, int y) { return facade(kFacade, x, y); }), 1);
    ASSERT_EQ(found.count(), 2u);
    for (const Place from : {Place{60, 60}, Place{160, 120}, Place{90, 200}}) {
        const Place true_step = kFacade.moved(from, {34, 26});
        // Any H of the same horizon will do, so an offset is taken from the place to its neighbour and used elsewhere.
        const Place offset = found[1].offset(from, true_step), elsewhere{200, 100};
        const Place there = found[1].moved(elsewhere, offset), truth = kFacade.moved(elsewhere, {34, 26});
        EXPECT_NEAR(there.x, truth.x, 1.0f) << from.x << ',' << from.y;
        EXPECT_NEAR(there.y, truth.y, 1.0f) << from.x << ',' << from.y;
    }
    EXPECT_GT(found.share(1, 160, 120), 0.5f) << "the hole in it belongs to it as well";
}

TEST(PerspectiveOf, NothingIsFoundInAFacadeSeenFromTheFront)
{
    EXPECT_EQ(perspective_of(level_with_hole([](int x, int y) { return facade(Plane{}, x, y); }), 1).count(), 1u);
}

TEST(PerspectiveOf, NothingIsFoundWhereNothingIsStraight)
{
    const auto waves = [](int x, int y) {
        return 0.5 + 0.25 * (std::sin(0.0021 * (x * x + y * y)) + std::sin(0.11 * x + 2 * std::sin(0.07 * y)));
    };
    EXPECT_EQ(perspective_of(level_with_hole(waves), 1).count(), 1u);
    EXPECT_EQ(perspective_of(level_with_hole([](int, int) { return 0.5; }), 1).count(), 1u);
}

struct Facade {
    Window frame{60, 40, 260, 190}, hole{130, 90, 176, 136};
    Image truth{frame, frame, {{"R"}, {"G"}, {"B"}}}, unknown{frame, frame, {{"A"}}};

    Facade()
    {
        for (int y = frame.y0; y < frame.y1; ++y)
            for (int x = frame.x0; x < frame.x1; ++x) {
                std::fill_n(truth.pixel(x, y), 3, 0.05f + 0.4f * facade(kFacade, x, y));
                *unknown.pixel(x, y) = hole.contains(x, y);
            }
    }

    Filled filled() const { return patch_fill({truth, unknown, nullptr, nullptr, 1, {}}); }
};

TEST(PatchFill, AFacadeInPerspectiveGoesOnInPerspective)
{
    const Facade facade;
    const Filled filled = facade.filled();
    int wrong = 0;
    for (int y = facade.hole.y0; y < facade.hole.y1; ++y)
        for (int x = facade.hole.x0; x < facade.hole.x1; ++x)
            wrong += std::abs(filled.picture.pixel(x, y)[0] - facade.truth.pixel(x, y)[0]) > 0.15f;
    EXPECT_LT(wrong, facade.hole.width() * facade.hole.height() / 20) << "moved straight, a sixth is wrong";
}

TEST(PatchFill, CopiesInPerspectiveAreTheSameBitsOnTwoThreadsAndSayHowMuchNoiseIsLeft)
{
    const Facade facade;
    const auto with_threads = [&](int threads) {
        const ThreadLimit limit(threads);
        return facade.filled();
    };
    const Filled one = with_threads(1), two = with_threads(2);
    EXPECT_EQ(std::memcmp(one.picture.data(), two.picture.data(), one.picture.bytes()), 0);
    EXPECT_EQ(std::memcmp(one.noise_gain.data(), two.noise_gain.data(), one.noise_gain.bytes()), 0);
    int between_pixels = 0;
    for (int y = facade.hole.y0; y < facade.hole.y1; ++y)
        for (int x = facade.hole.x0; x < facade.hole.x1; ++x) {
            EXPECT_GT(*one.noise_gain.pixel(x, y), 0.1f);
            between_pixels += *one.noise_gain.pixel(x, y) < 1;
        }
    EXPECT_GT(between_pixels, facade.hole.width() * facade.hole.height() / 4);
}

}  // namespace
}  // namespace platefall::cleanplate
