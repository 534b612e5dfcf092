#include "cleanplate/motion/view_map.h"

#include <gtest/gtest.h>

#include <cmath>

namespace platefall::cleanplate {
namespace {

/// A camera that turns and moves: focal length 500 px, principal point (320, 180).
struct TestCamera {
    double turn, x, z;

    Vec2 project(const Vec3& world) const
    {
        const double c = std::cos(turn), s = std::sin(turn);
        const double u = world[0] - x, w = world[2] - z;
        const double right = c * u - s * w, ahead = s * u + c * w;
        return {320 + 500 * right / ahead, 180 + 500 * world[1] / ahead};
    }
    double ahead(const Vec3& world) const
    {
        return std::sin(turn) * (world[0] - x) + std::cos(turn) * (world[2] - z);
    }
};

const TestCamera kCameras[] = {{0.0, 0.0, 0.0}, {0.05, 0.4, 0.3}, {-0.1, -0.2, 1.0}};

/// The infinite homography and the parallax of each camera, base the first.
Take take()
{
    Take take;
    take.frames = {1001, 1002, 1003};
    for (const TestCamera& camera : kCameras) {
        const double c = std::cos(camera.turn), s = std::sin(camera.turn), f = 500, u = 320, v = 180;
        // K R K^-1 with R = [c 0 -s; 0 1 0; s 0 c].
        const double a = f * c + u * s, b = -f * s + u * c;
        take.frame_from_base.push_back({{a / f, 0, -a * u / f + b,                     //
                                         v * s / f, 1, -v * s * u / f - v + v * c,     //
                                         s / f, 0, -s * u / f + c}});
        const double right = -c * camera.x + s * camera.z, ahead = -s * camera.x - c * camera.z;
        take.parallax.push_back({f * right + u * ahead, v * ahead, ahead});
    }
    return take;
}

const Vec3 kPlaces[] = {{0.5, -0.3, 6}, {-1, 0.4, 9}, {2, 1, 30}};

TEST(CleanplateViewMap, FollowsAPlaceInSpaceFromTheBase)
{
    for (const Vec3& place : kPlaces)
        for (std::size_t t = 0; t < 3; ++t) {
            const ViewMap::Hit hit = view_map(take(), t, 0)(kCameras[0].project(place), 1 / kCameras[0].ahead(place));
            EXPECT_TRUE(hit.in_front);
            EXPECT_NEAR(hit.at[0], kCameras[t].project(place)[0], 1e-6);
            EXPECT_NEAR(hit.at[1], kCameras[t].project(place)[1], 1e-6);
        }
}

TEST(CleanplateViewMap, FollowsItBetweenAnyTwoFramesWithTheDepthItHasThere)
{
    for (const Vec3& place : kPlaces) {
        const double depth = depth_in(take(), 1, kCameras[0].project(place), 1 / kCameras[0].ahead(place));
        const ViewMap::Hit hit = view_map(take(), 2, 1)(kCameras[1].project(place), depth);
        EXPECT_NEAR(hit.at[0], kCameras[2].project(place)[0], 1e-6);
        EXPECT_NEAR(hit.at[1], kCameras[2].project(place)[1], 1e-6);
        EXPECT_NEAR(depth, 1 / kCameras[1].ahead(place), 1e-9);
    }
}

TEST(CleanplateViewMap, AFrameSeenFromItselfIsTheIdentity)
{
    EXPECT_EQ(view_map(take(), 1, 1)({12.5, 7.5}, 0.3).at, (Vec2{12.5, 7.5}));
    EXPECT_FALSE(view_map(take(), 1, 1).has_parallax());
}

TEST(CleanplateViewMap, WhatTheCameraHasPassedIsNotInFront)
{
    const double depth = 1 / 0.5;   // half a metre away, and the third camera has moved a metre ahead
    EXPECT_FALSE(view_map(take(), 2, 0)({320, 180}, depth).in_front);
}

}  // namespace
}  // namespace platefall::cleanplate
