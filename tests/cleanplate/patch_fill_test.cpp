#include "cleanplate/fill/patch_fill.h"

#include "base/parallel.h"
#include "support/error_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

namespace platefall::cleanplate {
namespace {

using Colour = std::array<float, 3>;

Image mask(const Window& window)
{
    return Image(window, window, {{"A"}});
}

void set(Image& mask, const Window& where)
{
    for (int y = where.y0; y < where.y1; ++y)
        for (int x = where.x0; x < where.x1; ++x)
            *mask.pixel(x, y) = 1.0f;
}

template <class Paint>
Image picture(const Window& window, Paint paint)
{
    Image image(window, window, {{"R"}, {"G"}, {"B"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            const Colour colour = paint(x, y);
            std::copy_n(colour.data(), 3, image.pixel(x, y));
        }
    return image;
}

Filled fill(const Image& picture, const Image& unknown, const Image* not_a_source = nullptr,
            const Image* prior = nullptr)
{
    return patch_fill({picture, unknown, not_a_source, prior, 7, {}});
}

bool same_bits(const Image& a, const Image& b)
{
    return a.data_window() == b.data_window() && a.sample_count() == b.sample_count()
           && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

template <class Use>
void for_each_pixel(const Window& window, Use use)
{
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            use(x, y);
}

/// A picture with something of everything, the same on every machine.
Colour speckle(int x, int y)
{
    const auto mix = static_cast<unsigned>(x * 73856093) ^ static_cast<unsigned>(y * 19349663);
    const float noise = static_cast<float>((mix * 2654435761u) >> 16 & 0xff) / 2550.0f;
    return {0.3f + noise, 0.2f + 0.002f * static_cast<float>(x), 0.5f - noise};
}

Colour tiles(int x, int y)
{
    const bool joint = x % 12 < 2 || y % 8 < 2;
    return joint ? Colour{0.8f, 0.8f, 0.75f} : Colour{0.4f, 0.12f, 0.08f};
}

constexpr Window kFrame{0, 0, 96, 80};
constexpr Window kHole{36, 28, 60, 52};

TEST(PatchFill, AConstantPictureStaysConstant)
{
    const Image grey = picture(kFrame, [](int, int) { return Colour{0.18f, 0.25f, 0.31f}; });
    Image holed = grey, unknown = mask(kFrame);
    set(unknown, kHole);
    for_each_pixel(kHole, [&](int x, int y) { std::fill_n(holed.pixel(x, y), 3, 99.0f); });
    EXPECT_TRUE(same_bits(fill(holed, unknown).picture, grey));
}

TEST(PatchFill, WithoutAHoleNothingChanges)
{
    const Image any = picture(kFrame, speckle);
    const Filled filled = fill(any, mask(kFrame));
    EXPECT_TRUE(same_bits(filled.picture, any));
    EXPECT_EQ(*filled.noise_gain.pixel(0, 0), 1.0f);
}

TEST(PatchFill, KnownPixelsKeepTheirBits)
{
    const Image any = picture(kFrame, speckle);
    Image unknown = mask(kFrame);
    set(unknown, kHole);
    const Filled filled = fill(any, unknown);
    int changed = 0;
    for_each_pixel(kFrame, [&](int x, int y) {
        if (!kHole.contains(x, y))
            changed += std::memcmp(filled.picture.pixel(x, y), any.pixel(x, y), 3 * sizeof(float)) != 0;
    });
    EXPECT_EQ(changed, 0);
}

TEST(PatchFill, ARepeatingPatternIsContinued)
{
    const Image wall = picture(kFrame, tiles);
    Image unknown = mask(kFrame);
    set(unknown, kHole);
    const Filled filled = fill(wall, unknown);
    int wrong = 0;
    for_each_pixel(kHole, [&](int x, int y) {
        wrong += std::abs(filled.picture.pixel(x, y)[0] - wall.pixel(x, y)[0]) > 0.1f;
    });
    EXPECT_LE(wrong, kHole.width() * kHole.height() / 50);
}

TEST(PatchFill, AnEdgeGoesOnThroughTheHole)
{
    const Image roof = picture(kFrame, [](int x, int y) {
        const auto grain = 0.02f * speckle(x, y)[0];
        return y < 41 ? Colour{0.2f + grain, 0.4f, 0.9f} : Colour{0.3f + grain, 0.25f, 0.2f};
    });
    Image unknown = mask(kFrame);
    set(unknown, kHole);
    const Filled filled = fill(roof, unknown);
    int wrong = 0;
    for_each_pixel(kHole, [&](int x, int y) {
        wrong += (filled.picture.pixel(x, y)[2] > 0.5f) != (roof.pixel(x, y)[2] > 0.5f);
    });
    EXPECT_LE(wrong, 2 * kHole.width());
}

/// Evenly spread over 0 to 1, for each place.
float dice(int x, int y)
{
    unsigned mix = static_cast<unsigned>(x * 73856093) ^ static_cast<unsigned>(y * 19349663);
    mix *= 2654435761u;
    mix ^= mix >> 15;
    mix *= 2246822519u;
    mix ^= mix >> 13;
    return static_cast<float>(mix >> 8 & 0xffff) / 65535.0f;
}

/// Blotches of a size in pixels.
float blotches(int x, int y, int size)
{
    const int i = x / size, j = y / size;
    const float u = static_cast<float>(x % size) / static_cast<float>(size);
    const float v = static_cast<float>(y % size) / static_cast<float>(size);
    return std::lerp(std::lerp(dice(i, j), dice(i + 1, j), u), std::lerp(dice(i, j + 1), dice(i + 1, j + 1), u), v);
}

/// A yellow wall that ends at x = 104, darker bricks behind it, and a dark floor.
Colour end_of_a_wall(int x, int y)
{
    if (y > 96)
        return {0.05f + 0.05f * blotches(x, y, 5), 0.05f, 0.05f};
    if (x < 104) {
        const float light = 0.5f + 0.1f * blotches(x, y, 9);
        return {light, 0.7f * light, 0.3f * light};
    }
    const float light = 0.2f + 0.12f * blotches(x + 3 * y, y, 6);
    return {light, 0.5f * light, 0.4f * light};
}

TEST(PatchFill, OfSeveralDraftsOneThatDoesNotBiteIntoTheWallGoesOn)
{
    const Window frame{0, 0, 200, 140}, hole{70, 20, 110, 80};
    const Image plate = picture(frame, end_of_a_wall);
    Image unknown = mask(frame);
    set(unknown, hole);
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 6u}) {  // with 4 the first draft bites into it, with 6 the worst one does
        const Filled filled = patch_fill({plate, unknown, nullptr, nullptr, seed, {}});
        int wrong = 0;
        for_each_pixel(hole, [&](int x, int y) {
            const float* rgb = filled.picture.pixel(x, y);
            wrong += (rgb[0] > 0.3f && rgb[2] < 0.35f * rgb[0]) != (x < 104);
        });
        EXPECT_LT(wrong, hole.width() * hole.height() / 10) << "seed " << seed;
    }
}

TEST(PatchFill, NothingLeavesTheRangeOfWhatIsKnown)
{
    const Image sun = picture(kFrame, [](int x, int y) {
        const Colour sky = speckle(x, y);
        const bool in_the_sun = (x - 20) * (x - 20) + (y - 40) * (y - 40) < 100;
        return in_the_sun ? Colour{900.0f, 800.0f, 600.0f} : Colour{sky[0], sky[1], sky[2] - 0.45f};
    });
    Image unknown = mask(kFrame);
    set(unknown, {16, 36, 40, 60});
    const Filled filled = fill(sun, unknown);
    Colour low{1e9f, 1e9f, 1e9f}, high{-1e9f, -1e9f, -1e9f};
    for_each_pixel(kFrame, [&](int x, int y) {
        for (int c = 0; c < 3 && *unknown.pixel(x, y) == 0.0f; ++c) {
            low[c] = std::min(low[c], sun.pixel(x, y)[c]);
            high[c] = std::max(high[c], sun.pixel(x, y)[c]);
        }
    });
    EXPECT_LT(low[2], 0.0f) << "negative samples are part of this test";
    float brightest = 0;
    for_each_pixel(kFrame, [&](int x, int y) {
        for (int c = 0; c < 3; ++c) {
            EXPECT_GE(filled.picture.pixel(x, y)[c], low[c]);
            EXPECT_LE(filled.picture.pixel(x, y)[c], high[c]);
        }
        if (*unknown.pixel(x, y) != 0.0f)
            brightest = std::max(brightest, filled.picture.pixel(x, y)[0]);
    });
    EXPECT_EQ(brightest, 900.0f) << "the cut sun goes on inside the hole, unclamped";
}

TEST(PatchFill, WhatIsNotASourceIsNeverCopied)
{
    const auto is_lamp = [](int x, int) { return x >= 62 && x < 68; };
    const Image street = picture(kFrame, [&](int x, int y) {
        return is_lamp(x, y) ? Colour{0.0f, 7.0f, 0.0f} : Colour{0.3f, 0.2f + 0.1f * tiles(x, y)[0], 0.25f};
    });
    Image unknown = mask(kFrame), lamp = mask(kFrame);
    set(unknown, {36, 28, 62, 52});
    set(lamp, {62, 0, 68, 80});
    const Filled filled = fill(street, unknown, &lamp);
    for_each_pixel({36, 28, 62, 52},
                   [&](int x, int y) { EXPECT_LT(filled.picture.pixel(x, y)[1], 1.0f) << x << ',' << y; });
    EXPECT_EQ(filled.picture.pixel(64, 40)[1], 7.0f) << "the lamp itself stays";
}

TEST(PatchFill, AHoleMayTouchTheWindowsEdgeAndTheWindowMayStartAnywhere)
{
    const Window frame{-17, 23, 79, 103}, hole{-17, 60, 5, 103};
    const Image wall = picture(frame, [](int x, int y) { return tiles(x + 24, y); });
    Image unknown = mask(frame);
    set(unknown, hole);
    const Filled filled = fill(wall, unknown);
    EXPECT_EQ(filled.picture.data_window(), frame);
    int wrong = 0;
    for_each_pixel(hole, [&](int x, int y) {
        wrong += std::abs(filled.picture.pixel(x, y)[0] - wall.pixel(x, y)[0]) > 0.1f;
    });
    EXPECT_LE(wrong, hole.width() * hole.height() / 10);
}

TEST(PatchFill, OneAndTwoThreadsGiveTheSameBits)
{
    const Image any = picture(kFrame, speckle);
    Image unknown = mask(kFrame);
    set(unknown, kHole);
    const auto with_threads = [&](int threads) {
        const ThreadLimit limit(threads);
        return fill(any, unknown);
    };
    const Filled one = with_threads(1), two = with_threads(2);
    EXPECT_TRUE(same_bits(one.picture, two.picture));
    EXPECT_TRUE(same_bits(one.noise_gain, two.noise_gain));
}

TEST(PatchFill, APriorDecidesWhatTheBorderLeavesOpen)
{
    const auto two_rooms = [](int x, int y) {
        return x < 48 ? Colour{0.6f, 0.1f + 0.01f * speckle(x, y)[0], 0.1f} : Colour{0.1f, 0.1f, 0.6f};
    };
    const Image rooms = picture(kFrame, two_rooms);
    Image unknown = mask(kFrame);
    set(unknown, {30, 0, 66, 80});  // the whole border between the two is hidden
    const auto colour_in_the_middle = [&](int border) {
        const Image prior = picture(kFrame, [&](int x, int) {
            return x < border ? Colour{0.6f, 0.1f, 0.1f} : Colour{0.1f, 0.1f, 0.6f};
        });
        const Filled filled = fill(rooms, unknown, nullptr, &prior);
        return Colour{filled.picture.pixel(48, 40)[0], 0.0f, filled.picture.pixel(48, 40)[2]};
    };
    EXPECT_GT(colour_in_the_middle(34)[2], 0.5f);
    EXPECT_GT(colour_in_the_middle(62)[0], 0.5f);
}

TEST(PatchFill, ACopiedSampleKeepsTheNoiseOfItsSource)
{
    const Image any = picture(kFrame, speckle);
    Image unknown = mask(kFrame);
    set(unknown, kHole);
    const Filled filled = fill(any, unknown);
    for_each_pixel(kFrame, [&](int x, int y) {
        EXPECT_GT(*filled.noise_gain.pixel(x, y), 0.0f);
        EXPECT_LE(*filled.noise_gain.pixel(x, y), 1.0f);
    });
}

TEST(PatchFill, LessThanAPatchIsSpreadSmoothlyAndHasNoNoiseLeft)
{
    const Image ramp = picture(kFrame, [](int x, int) { return Colour{static_cast<float>(x), 1.0f, 2.0f}; });
    Image unknown = mask(kFrame);
    set(unknown, kFrame);
    for (int y = 0; y < 80; ++y)
        *unknown.pixel(0, y) = *unknown.pixel(95, y) = 0.0f;
    const Filled filled = fill(ramp, unknown);
    for (int x = 1; x < 95; ++x)
        EXPECT_NEAR(filled.picture.pixel(x, 40)[0], static_cast<float>(x), 2.0f);
    EXPECT_EQ(filled.picture.pixel(40, 40)[1], 1.0f);
    EXPECT_EQ(*filled.noise_gain.pixel(40, 40), 0.0f);
    EXPECT_EQ(*filled.noise_gain.pixel(0, 40), 1.0f);
}

TEST(PatchFill, APictureWithNothingKnownIsRefused)
{
    const Image any = picture(kFrame, speckle);
    Image unknown = mask(kFrame), blocked = mask(kFrame);
    set(unknown, {0, 0, 96, 40});
    set(blocked, {0, 40, 96, 80});
    EXPECT_EQ(test::error_of([&] { fill(any, unknown, &blocked); }),
              "patch fill: nothing of the picture is known; give a smaller matte, or frames that show more");
}

TEST(PatchFill, ProgressGrowsToOneAndMayStopTheWork)
{
    const Image any = picture(kFrame, speckle);
    Image unknown = mask(kFrame);
    set(unknown, kHole);
    std::vector<double> seen;
    patch_fill({any, unknown, nullptr, nullptr, 7, [&](double fraction) { seen.push_back(fraction); }});
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    EXPECT_EQ(seen.back(), 1.0);
    EXPECT_THROW(
        patch_fill({any, unknown, nullptr, nullptr, 7, [](double) { throw std::runtime_error("stop"); }}),
        std::runtime_error);
}

}  // namespace
}  // namespace platefall::cleanplate
