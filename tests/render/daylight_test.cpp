#include "render/light/daylight.h"

#include "render/small_scene.h"

#include <gmock/gmock.h>

#include <platefall/error.h>

#include <cmath>

namespace platefall::render {
namespace {

using testing::HasSubstr;

const auto kAsItIs = [](const Colour& colour) { return colour; };
const Window kPlate{0, 0, 64, 36};

/// A grey street, 0.4 in the sun and blue-grey in a shadow on its left.
Image street()
{
    Image plate(kPlate, kPlate, {{"R"}, {"G"}, {"B"}}, 0.4f);
    for (int y = 0; y < 36; ++y)
        for (int x = 0; x < 20; ++x) {
            plate.pixel(x, y)[0] = 0.10f;
            plate.pixel(x, y)[1] = 0.11f;
            plate.pixel(x, y)[2] = 0.14f;
        }
    return plate;
}

DaylightSettings marked(const V2& lit, const V2& shaded)
{
    DaylightSettings settings;
    settings.sun_azimuth_deg = 90;
    settings.sun_height_deg = 30;
    settings.marked_shadow = {lit, shaded};
    return settings;
}

V3 sun_of(const DaylightSettings& settings)
{
    return direction_of(settings.sun_azimuth_deg, settings.sun_height_deg);
}

std::string refusal(const DaylightSettings& settings)
{
    const Image plate = street();
    try {
        daylight(settings, sun_of(settings), kAsItIs, nullptr, &plate);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(Daylight, AzimuthAndHeightSayWhereTheSunStands)
{
    EXPECT_NEAR((direction_of(90, 0) - V3(0, 0, 1)).length(), 0, 1e-6);
    EXPECT_NEAR((direction_of(0, 90) - V3(0, 1, 0)).length(), 0, 1e-6);
    EXPECT_NEAR(direction_of(126, 38).y, std::sin(38 * 3.14159265 / 180), 1e-6);
}

V2 pixel(const View& view, const V3& place)
{
    const auto at = view.pixel(place, 0.5f);
    return {at->x, at->y};
}

TEST(SunDirection, IsReadOffAPoleAndItsShadow)
{
    const View view(small_shot(), 2, 0);
    const V3 foot(1, 0, 2), top(1, 2.5f, 2), to_sun = direction_of(200, 35);
    const V3 tip = top - to_sun * (top.y / to_sun.y);
    const V3 found = sun_direction({pixel(view, top), pixel(view, foot), pixel(view, tip)}, view, 0);
    EXPECT_GT(found.dot(to_sun), std::cos(0.1 * 3.14159 / 180));
}

TEST(SunDirection, MarksThatMakeNoSenseAreRefused)
{
    const View view(small_shot(), 2, 0);
    const auto refused = [&](const SunMarks& marks) {
        try {
            sun_direction(marks, view, 0);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    const V2 foot = pixel(view, {1, 0, 2}), tip = pixel(view, {3, 0, 2}), top = pixel(view, {1, 2, 2});
    EXPECT_THAT(refused({top, {40, 5}, tip}), HasSubstr("of 'sun_marks' the foot (40, 5) does not lie on the ground"));
    EXPECT_THAT(refused({top, foot, {40, 5}}), HasSubstr("of 'sun_marks' the tip (40, 5) does not lie on the ground"));
    EXPECT_THAT(refused({foot, foot, tip}), HasSubstr("is not above the foot"));
    EXPECT_THAT(refused({top, foot, foot}), HasSubstr("lies on the foot"));
}

TEST(Daylight, AMarkedShadowGivesTheStreetItsLight)
{
    const Image plate = street();
    const Light light = daylight(marked({40, 18}, {10, 18}), direction_of(90, 30), kAsItIs, nullptr, &plate);
    const Colour sky = light.sky.irradiance({0, 1, 0}), all = sky + light.sun * 0.5f;   // sin 30
    const float scale = all.x / 0.4f;
    EXPECT_NEAR(all.y, 0.4f * scale, 0.01f * scale);
    EXPECT_NEAR(all.z, 0.4f * scale, 0.01f * scale);
    EXPECT_NEAR(sky.x, 0.10f * scale, 0.005f * scale);
    EXPECT_NEAR(sky.z, 0.14f * scale, 0.005f * scale);
}

TEST(Daylight, AMarkOutsideThePlateOrNotDarkerIsRefused)
{
    EXPECT_THAT(refusal(marked({40, 18}, {100, 18})),
                HasSubstr("render: the marked shadow's point (100, 18) lies outside the plate, 64x36"));
    EXPECT_THAT(refusal(marked({10, 18}, {40, 18})), HasSubstr("is not darker than the light at (10, 18) in every channel"));
}

TEST(Daylight, AnHdriTakesTheSkysPlaceWithItsColoursAndTurns)
{
    // Its left half is red, its right half blue; the left edge is azimuth 0, or where it is turned to.
    Image hdri({0, 0, 512, 256}, {0, 0, 512, 256}, {{"R"}, {"G"}, {"B"}});
    for (int y = 0; y < 256; ++y)
        for (int x = 0; x < 512; ++x)
            hdri.pixel(x, y)[x < 256 ? 0 : 2] = 3;
    DaylightSettings settings;
    settings.sun_height_deg = 40;
    Light light = daylight(settings, sun_of(settings), kAsItIs, &hdri, nullptr);
    const V3 first = direction_of(90, 30), second = direction_of(270, 30);
    EXPECT_GT(light.sky.radiance(first).x, 10 * light.sky.radiance(first).z);
    EXPECT_GT(light.sky.radiance(second).z, 10 * light.sky.radiance(second).x);
    settings.hdri_turn_deg = 180;
    light = daylight(settings, sun_of(settings), kAsItIs, &hdri, nullptr);
    EXPECT_GT(light.sky.radiance(first).z, 10 * light.sky.radiance(first).x);
}

TEST(Daylight, AnHdriWithoutColoursIsRefused)
{
    const Image hdri({0, 0, 8, 4}, {0, 0, 8, 4}, {{"Y"}});
    EXPECT_THROW(daylight({}, sun_of({}), kAsItIs, &hdri, nullptr), Error);
}

TEST(Daylight, TheGroundSendsBackItsShare)
{
    DaylightSettings settings;
    settings.ground_albedo = Colour(0);
    EXPECT_LT(luminance(daylight(settings, sun_of(settings), kAsItIs, nullptr, nullptr).sky.radiance({0, -1, 0})), 1e-6f);
    settings.ground_albedo = Colour(0.3f);
    EXPECT_GT(luminance(daylight(settings, sun_of(settings), kAsItIs, nullptr, nullptr).sky.radiance({0, -1, 0})), 0.1f);
}

TEST(Daylight, ScalingChangesNothingButTheLevel)
{
    const Light light = daylight({}, sun_of({}), kAsItIs, nullptr, nullptr), twice = scaled(light, 2);
    EXPECT_NEAR(twice.sun.y, 2 * light.sun.y, 1e-4f);
    EXPECT_NEAR(twice.sky.irradiance({0, 1, 0}).z, 2 * light.sky.irradiance({0, 1, 0}).z, 0.02f * twice.sun.y);
    EXPECT_EQ(twice.to_sun, light.to_sun);
}

}  // namespace
}  // namespace platefall::render
