#include "render/picture.h"

#include "base/parallel.h"
#include "render/dust_support.h"
#include "render/filter/guided.h"
#include "render/put_together.h"
#include "render/small_scene.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numbers>

namespace platefall::render {
namespace {

const Window kWindow{0, 0, 96, 54};

Light sun_and_sky()
{
    Light light;
    light.to_sun = V3(0.5f, 0.8f, 0.7f).normalized();
    light.sun = Colour(3.0f, 2.8f, 2.5f);
    light.sky = Sky([](const V3& d) { return d.y > 0 ? Colour(0.2f, 0.3f, 0.5f) : Colour(0.1f); });
    return light;
}

/// A plate with a pattern, so that a texture which is not where it should be is found out.
Image patterned_plate()
{
    Image plate(kWindow, kWindow, {{"R"}, {"G"}, {"B"}});
    for (int y = 0; y < 54; ++y)
        for (int x = 0; x < 96; ++x)
            for (int c = 0; c < 3; ++c)
                plate.pixel(x, y)[c] = 0.3f + 0.2f * std::sin(0.35f * static_cast<float>(x) + static_cast<float>(c))
                                       + 0.1f * std::cos(0.4f * static_cast<float>(y));
    return plate;
}

Picture picture_of(const SmallScene& scene, int samples = 16)
{
    Picture picture = take_picture(scene.moment(), {.samples = samples, .dust_samples = 1, .seed = 5, .frame = 2,
                                                    .shutter_frames = 0.5f},
                                   kWindow, kWindow, {});
    smooth_guided(picture.skylight, {picture.normal, picture.depth}, 3);
    return picture;
}

TEST(Picture, WhatStandsStillIsLeftToThePlate)
{
    const SmallScene scene(at_rest(small_house()), sun_and_sky());
    const Picture picture = picture_of(scene);
    int standing = 0;
    for (int y = 0; y < 54; ++y)
        for (int x = 0; x < 96; ++x) {
            EXPECT_EQ(picture.direct.pixel(x, y)[3], 0);
            EXPECT_EQ(picture.fallen.pixel(x, y)[0], 0);
            standing += picture.fallen.pixel(x, y)[1] > 0;
        }
    EXPECT_GT(standing, 300);
}

TEST(Picture, AHalfThatHasGoneLeavesAHoleForTheCleanPlate)
{
    DebrisFrame poses = at_rest(small_house());
    poses[1].centre.y += 500;
    const SmallScene scene(poses, sun_and_sky());
    const Picture picture = picture_of(scene);
    const auto upper = scene.view.pixel({0, 3, 0}, 0.5f), lower = scene.view.pixel({0, 1, 0}, 0.5f);
    EXPECT_EQ(picture.fallen.pixel(static_cast<int>(upper->x), static_cast<int>(upper->y))[0], 1);
    EXPECT_EQ(picture.fallen.pixel(static_cast<int>(lower->x), static_cast<int>(lower->y))[0], 0);
}

TEST(Picture, TheSkinOfAHouseThatMovesByAHairIsThePlate)
{
    const Image plate = patterned_plate();
    DebrisFrame poses = at_rest(small_house());
    for (DebrisPose& pose : poses)
        pose.centre.x += 0.0015f;                            // so that it counts as moved
    const SmallScene scene(poses, sun_and_sky(), &plate);
    const Picture picture = picture_of(scene);
    const LitDebris lit = lit_debris(picture);
    double difference = 0, sum = 0;
    for (int y = 0; y < 54; ++y)
        for (int x = 0; x < 96; ++x)
            if (picture.direct.pixel(x, y)[3] == 1)
                for (int c = 0; c < 3; ++c) {
                    difference += std::abs(lit.all.pixel(x, y)[c] - plate.pixel(x, y)[c]);
                    sum += plate.pixel(x, y)[c];
                }
    EXPECT_GT(sum, 100);
    EXPECT_LT(difference / sum, 0.02);
}

TEST(Picture, SkinThatComesOutOfTheSunGetsDarker)
{
    const Image plate = patterned_plate();
    DebrisFrame poses = at_rest(small_house());
    for (DebrisPose& pose : poses)
        pose.centre.x += 0.0015f;
    Light turned = sun_and_sky();
    SmallScene scene(poses, sun_and_sky(), &plate);
    turned.to_sun = V3(0, 0.5f, -1).normalized();            // the sun has gone behind the house
    const Illumination now(turned, {&scene.rest.set, &*scene.moved, nullptr});
    const Moment here = scene.moment();
    const Picture picture = take_picture({here.view, here.rest, here.debris, here.now, here.look, now, here.at_rest, nullptr},
                                         {.samples = 16, .dust_samples = 1, .seed = 5, .frame = 2, .shutter_frames = 0.5f},
                                         kWindow, kWindow, {});
    const auto at = scene.view.pixel({0, 1, 0}, 0.5f);
    const int x = static_cast<int>(at->x), y = static_cast<int>(at->y);
    const float relit = lit_debris(picture).all.pixel(x, y)[1] / plate.pixel(x, y)[1];
    EXPECT_LT(relit, 0.6f);
    EXPECT_GE(relit, 0.25f * 0.9f);
}

TEST(Picture, SunAndSkyAddUpToTheLayer)
{
    const Image plate = patterned_plate();
    DebrisFrame poses = at_rest(small_house());
    poses[1].centre.z += 1;
    const SmallScene scene(poses, sun_and_sky(), &plate);
    const LitDebris lit = lit_debris(picture_of(scene));
    for (int y = 0; y < 54; ++y)
        for (int x = 0; x < 96; ++x)
            for (int c = 0; c < 3; ++c)
                EXPECT_EQ(lit.all.pixel(x, y)[c], lit.sun.pixel(x, y)[c] + lit.sky.pixel(x, y)[c]);
}

/// Three quarters of the pixels may have their dust from those around them, but not where something stands in it.
TEST(Picture, DustIsThatOfThePixelsOwnRay)
{
    DebrisFrame poses = at_rest(small_house());
    poses[1].centre.x += 2;
    poses[1].centre.z += 6;                                  // into the middle of the dust
    const SmallScene scene(poses, sun_only({0, 1, 1}));
    const DustVolume dust(dust_in_box(8, 1, [](const V3&) { return 0.15f; }), plain_look(), sun_only({0, 1, 1}), 0.02f, {});
    Moment moment = scene.moment();
    moment.dust = &dust;
    const Picture picture = take_picture(moment, {.samples = 4, .dust_samples = 4, .seed = 5, .frame = 2, .shutter_frames = 0.5f},
                                         kWindow, kWindow, {});
    int in_front = 0, behind = 0;
    for (int y = 1; y < 53; ++y)
        for (int x = 1; x < 95; ++x) {
            Ray ray = scene.view.ray(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f, 0.5f);
            const float coverage = picture.direct.pixel(x, y)[3];
            if (!dust.may_meet(ray) || (coverage > 0 && coverage < 1))
                continue;                                    // an edge of the piece is a mixture
            if (const auto wall = moment.rest.set.nearest(ray))
                ray.far = wall->distance;
            if (const auto hit = moment.debris.nearest(ray); hit && coverage == 1)
                ray.far = std::min(ray.far, hit->distance);
            const float alpha = 1 - mean_along(dust, ray, 16).transmittance;
            EXPECT_NEAR(picture.dust.pixel(x, y)[3], alpha, 0.05f + 0.1f * alpha) << x << "," << y;
            (coverage == 1 ? in_front : behind) += alpha > 0.2f;
        }
    EXPECT_GT(in_front, 50);
    EXPECT_GT(behind, 300);
}

TEST(Picture, InAnEvenFurnaceDebrisShowsItsAlbedo)
{
    Light furnace;
    furnace.sky = Sky([](const V3&) { return Colour(1); });
    DebrisFrame poses = at_rest(small_house());
    poses[1].centre.y += 20;                                 // nothing near it
    poses[1].centre.z -= 90;
    const SmallScene scene(poses, furnace);
    const Picture picture = picture_of(scene);
    const LitDebris lit = lit_debris(picture);
    int seen = 0;
    for (int y = 0; y < 54; ++y)
        for (int x = 0; x < 96; ++x)
            if (*picture.depth.pixel(x, y) < 1e9f && *picture.depth.pixel(x, y) > 50) {
                ++seen;
                EXPECT_NEAR(lit.all.pixel(x, y)[0], picture.albedo.pixel(x, y)[0], 0.01f * picture.albedo.pixel(x, y)[0]);
            }
    EXPECT_GT(seen, 5);
}

TEST(Picture, AFastPieceIsBlurredAlongItsWayAndItsVelocitySaysHowFar)
{
    DebrisFrame poses = at_rest(small_house());
    poses[1].centre.y += 0.5f;
    poses[1].velocity = {0, -24, 0};                         // half a metre while a shutter of 1/48 s is open
    SmallScene scene(poses, sun_and_sky());
    scene.now.moment = scene.mesh.moment(poses, 1.0f / 48);
    scene.moved.emplace(scene.device, mesh_of(scene.now));
    const Picture picture = picture_of(scene, 32);
    const auto edge = scene.view.pixel({0, 4.5f, 0}, 0.5f), middle = scene.view.pixel({0, 3.5f, 0}, 0.5f);
    const float cover = picture.direct.pixel(static_cast<int>(edge->x), static_cast<int>(edge->y))[3];
    EXPECT_GT(cover, 0.2f);
    EXPECT_LT(cover, 0.8f);
    const float* way = picture.velocity.pixel(static_cast<int>(middle->x), static_cast<int>(middle->y));
    EXPECT_NEAR(way[0], 0, 0.05f);
    EXPECT_NEAR(way[1], 1.0f * 80 / 12, 0.2f);               // 24 m/s at 24 frames a second, 80 px a metre at 1 m
}

TEST(Picture, ThreadsDoNotChangeABit)
{
    const Image plate = patterned_plate();
    DebrisFrame poses = at_rest(small_house());
    poses[1].centre.z += 1;
    const SmallScene scene(poses, sun_and_sky(), &plate);
    const auto bits_with = [&](int threads) {
        const ThreadLimit limit(threads);
        return lit_debris(picture_of(scene)).all;
    };
    const Image one = bits_with(1), two = bits_with(2);
    EXPECT_EQ(std::memcmp(one.data(), two.data(), one.bytes()), 0);
}

}  // namespace
}  // namespace platefall::render
