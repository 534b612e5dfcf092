#include "comp/plate_look.h"

#include "base/files.h"
#include "comp_helpers.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall::comp {
namespace {

using test::error_of;
using testing::HasSubstr;

constexpr Window kPlate{0, 0, 320, 192};

/// A sky that gets brighter down to row 96, two houses in front of it, a street below.
Image street(float noise = 0)
{
    Image image(kPlate, kPlate, {{"R"}, {"G"}, {"B"}});
    std::mt19937 random(2);
    for (int y = 0; y < kPlate.y1; ++y)
        for (int x = 0; x < kPlate.x1; ++x) {
            const bool house = y > 30 && (x < 100 || x > 220);
            const float sky = 0.3f + 0.002f * static_cast<float>(y), brick = (x / 3 + y / 3) % 2 ? 0.1f : 0.7f;
            const float value = y >= 96 ? 0.05f + 0.001f * static_cast<float>((x * 7 + y * 13) % 40) : house ? brick : sky;
            for (int c = 0; c < 3; ++c)
                image.pixel(x, y)[c] = value * (c == 2 ? 1.5f : 1.0f)
                                       + noise * (std::generate_canonical<float, 24>(random) - 0.5f);
        }
    return image;
}

TEST(PlateLook, TheBlackLevelIsWhatTheDarkestPartsShow)
{
    Image plate = street(0.01f);
    for (int y = 150; y < 170; ++y)
        for (int x = 40; x < 60; ++x)
            for (int c = 0; c < 3; ++c)
                plate.pixel(x, y)[c] = 0.01f + 0.005f * static_cast<float>(c);
    const Colour black = black_level(plate);
    EXPECT_NEAR(black[0], 0.010f, 1e-4f);
    EXPECT_NEAR(black[1], 0.015f, 1e-4f);
    EXPECT_NEAR(black[2], 0.020f, 1e-4f);
}

TEST(PlateLook, AFewDeadPixelsAreNoBlackLevelAndNoneIsNegative)
{
    Image plate = flat(kDisplay, "RGB", {0.2f, 0.2f, 0.2f});
    plate.pixel(3, 3)[0] = -5;
    EXPECT_LE(black_level(plate)[0], 0.2f);
    EXPECT_GE(black_level(plate)[0], 0.0f);
    EXPECT_EQ(black_level(flat({0, 0, 2, 2}, "RGB", {1, 1, 1})), Colour{});
}

TEST(PlateLook, HazeHasTheColourOfTheSkyJustOverTheHorizon)
{
    const Colour haze = horizon_colour(street(0.01f), 96);
    EXPECT_NEAR(haze[0], 0.3f + 0.002f * 88, 0.02f);
    EXPECT_NEAR(haze[2], 1.5f * haze[0], 0.02f);
}

TEST(PlateLook, WithoutSkyABandAroundTheHorizonCounts)
{
    Image plate = street();
    for (int y = 0; y < 60; ++y)
        for (int x = 0; x < kPlate.x1; ++x)
            std::fill_n(plate.pixel(x, y), 3, (x / 2 + y / 2) % 2 ? 0.1f : 0.9f);
    for (int y = 80; y < 130; ++y)
        for (int x = 0; x < kPlate.x1; ++x)
            std::fill_n(plate.pixel(x, y), 3, 0.25f);
    EXPECT_NEAR(horizon_colour(plate, 105)[1], 0.25f, 1e-4f);
}

TEST(PlateLook, TheHorizonComesFromTheCamera)
{
    ShotInfo shot = test_shot();
    Frame frame(shot, 1001);
    frame.set("plate", flat(kDisplay, "RGB", {1, 1, 1}));
    EXPECT_EQ(horizon_row(frame), 16);

    // Looking up by 10 degrees, the horizon sinks by tan(10 deg) focal lengths.
    const double up = 10 * 3.14159265358979 / 180;
    shot.camera = [&](int) {
        Camera camera{.focal_length_mm = 18, .film_back_mm = {36, 24}};
        camera.world_from_camera = {{{1, 0, 0, 5},
                                     {0, std::cos(up), -std::sin(up), 2},
                                     {0, std::sin(up), std::cos(up), 9},
                                     {0, 0, 0, 1}}};
        return camera;
    };
    EXPECT_NEAR(horizon_row(frame), 16 + std::tan(up) * 24, 0.01);
}

TEST(PlateLook, WhatIsSavedIsLoaded)
{
    PlateLook look{.softness_px = 0.625, .black = {0.01f, 0.02f, 0.03f}, .horizon = {1, 2, 3}};
    look.noise.variance_slope = {1e-4f, 2e-4f, 3e-4f};
    const test::TempFolder folder;
    save_look(look, folder.path);
    const PlateLook loaded = load_look(folder.path);
    EXPECT_EQ(loaded.softness_px, look.softness_px);
    EXPECT_EQ(loaded.black, look.black);
    EXPECT_EQ(loaded.horizon, look.horizon);
    EXPECT_EQ(loaded.noise.variance_slope, look.noise.variance_slope);

    write_file_atomically(folder / "look.json", "{\"softness_px\": 1}");
    EXPECT_THAT(error_of([&] { load_look(folder.path); }), HasSubstr("delete it, and it is measured again"));
}

} // namespace
} // namespace platefall::comp
