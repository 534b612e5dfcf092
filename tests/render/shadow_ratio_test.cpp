#include "render/shadow/shadow_ratio.h"

#include "render/small_scene.h"

#include <gtest/gtest.h>

namespace platefall::render {
namespace {

/// The sun stands behind the house, which throws its shadow on the ground before it.
Light sun_behind()
{
    Light light;
    light.to_sun = V3(0, 1, -1).normalized();
    light.sun_radius_rad = 0.001f;
    light.sun = Colour(2, 2, 2);
    light.sky = Sky([](const V3& d) { return Colour(d.y > 0 ? 0.2f : 0.05f); });
    return light;
}

const Window kWindow{0, 0, 96, 54};

Image even_plate(float level)
{
    return Image(kWindow, kWindow, {{"R"}, {"G"}, {"B"}}, level);
}

/// A pixel that shows the ground in the house's shadow, 2 m before its front, and one beside it in the sun.
struct Pixels {
    int x, y;
};
Pixels pixel_of(const SmallScene& scene, const V3& place)
{
    const auto at = scene.view.pixel(place, 0.5f);
    return {static_cast<int>(at->x), static_cast<int>(at->y)};
}

Image ratio_of(const SmallScene& scene, const Image& plate, float gone = 0)
{
    return shadow_ratio(scene.moment(), scene.set_triangles, plate, Image(kWindow, kWindow, {{"A"}}, gone), nullptr, {16, 1});
}

TEST(ShadowRatio, IsExactlyOneBeforeAnythingMoves)
{
    const SmallScene scene(at_rest(small_house()), sun_behind());
    const Image ratio = ratio_of(scene, even_plate(0.1f));
    for (int y = 0; y < 54; ++y)
        for (int x = 0; x < 96; ++x)
            for (int c = 0; c < 3; ++c)
                EXPECT_EQ(ratio.pixel(x, y)[c], 1.0f) << x << "," << y;
}

TEST(ShadowRatio, TheHousesOwnShadowLeavesWithIt)
{
    DebrisFrame flown = at_rest(small_house());
    for (DebrisPose& pose : flown)
        pose.centre.y += 500;
    const SmallScene scene(flown, sun_behind());
    Image plate = even_plate(0.1f);
    for (int y = 30; y < 54; ++y)
        for (int x = 70; x < 96; ++x)
            for (int c = 0; c < 3; ++c)
                plate.pixel(x, y)[c] = 1.0f;                 // what the sun always reached is brighter
    const Pixels shaded = pixel_of(scene, {0, 0, 2}), open = pixel_of(scene, {5, 0, 3});
    const Image ratio = ratio_of(scene, plate);
    // Sun 2 / sqrt(2) and a sky of pi / 5, of which the house took a part.
    EXPECT_GT(ratio.pixel(shaded.x, shaded.y)[0], 3.0f);
    EXPECT_NEAR(ratio.pixel(open.x, open.y)[0], 1.0f, 0.1f);
}

TEST(ShadowRatio, NothingOutshinesItsLitWall)
{
    DebrisFrame flown = at_rest(small_house());
    for (DebrisPose& pose : flown)
        pose.centre.y += 500;
    const SmallScene scene(flown, sun_behind());
    const Pixels shaded = pixel_of(scene, {0, 0, 2});
    // The plate shows no shadow there: as bright as everywhere.
    EXPECT_NEAR(ratio_of(scene, even_plate(0.5f)).pixel(shaded.x, shaded.y)[0], 1.25f, 0.02f);
}

TEST(ShadowRatio, DebrisDarkensTheGroundAndTheCleanPlateToo)
{
    DebrisFrame moved = at_rest(small_house());
    moved[1].centre = {0, 3, 1};                             // the upper half hangs 2 m further out
    const SmallScene scene(moved, sun_behind());
    const Pixels under = pixel_of(scene, {0, 0, 5});
    EXPECT_LT(ratio_of(scene, even_plate(0.1f)).pixel(under.x, under.y)[0], 0.5f);
    EXPECT_LT(ratio_of(scene, even_plate(0.1f), 1).pixel(under.x, under.y)[0], 0.5f);
}

TEST(ShadowRatio, IsOneWhereThePlateIsHidden)
{
    DebrisFrame moved = at_rest(small_house());
    moved[1].centre = {0, 3, 1};
    const SmallScene scene(moved, sun_behind());
    const Pixels under = pixel_of(scene, {0, 0, 5});
    const Image all(kWindow, kWindow, {{"A"}}, 1);
    const Image ratio = shadow_ratio(scene.moment(), scene.set_triangles, even_plate(0.1f),
                                     Image(kWindow, kWindow, {{"A"}}), &all, {4, 1});
    EXPECT_EQ(ratio.pixel(under.x, under.y)[0], 1);
}

TEST(ShadowRatio, TheCleanPlateIsNotBrightenedAsItNeverWasInTheShadow)
{
    DebrisFrame flown = at_rest(small_house());
    for (DebrisPose& pose : flown)
        pose.centre.y += 500;
    const SmallScene scene(flown, sun_behind());
    const Pixels shaded = pixel_of(scene, {0, 0, 2});
    EXPECT_NEAR(ratio_of(scene, even_plate(0.1f), 1).pixel(shaded.x, shaded.y)[0], 1.0f, 1e-3f);
}

}  // namespace
}  // namespace platefall::render
