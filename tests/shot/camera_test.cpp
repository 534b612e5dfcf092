#include "shot/camera_test_support.h"

#include <platefall/camera.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace platefall {
namespace {

using test::camera_faults;
using test::camera_track;
using test::expect_pixel;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr double kExact = 1e-9;

/// A table with a sensor of 36 x 18 mm and a lens of 36 mm: a picture of 100 x 50 px has 100 px of focal length.
std::string square_lens(const std::string& keys)
{
    return "film_back_mm = [36, 18]\nfocal_length_mm = 36\n" + keys;
}

TEST(Camera, PointStraightAheadFallsOnTheMiddle)
{
    expect_pixel(Camera{}.project({0, 0, -10}, 960, 540), 480, 270, kExact);
}

TEST(Camera, RightIsRightAndUpIsUp)
{
    const Camera camera{.focal_length_mm = 36, .film_back_mm = {36, 18}};
    expect_pixel(camera.project({1, 2, -10}, 100, 50), 60, 5, kExact);
}

TEST(Camera, PictureOfAnotherShapeShowsTheFullWidth)
{
    const Camera camera{.focal_length_mm = 36, .film_back_mm = {36, 18}};
    expect_pixel(camera.project({5, 0, -10}, 100, 100), 100, 50, kExact);
    expect_pixel(camera.project({0, 5, -10}, 100, 100), 50, 0, kExact);
}

TEST(Camera, PointBehindOrBesideIsNowhere)
{
    EXPECT_FALSE(Camera{}.project({0, 0, 1}, 960, 540));
    EXPECT_FALSE(Camera{}.project({1, 0, 0}, 960, 540));
    EXPECT_FALSE(Camera{}.project({0, 0, std::numeric_limits<double>::quiet_NaN()}, 960, 540));
}

TEST(StaticCamera, StandsStillForEveryFrame)
{
    const CameraTrack track = camera_track(square_lens("position_m = [1, 2, 3]"));
    expect_pixel(track.at(1001).project({1, 2, -7}, 100, 50), 50, 25, kExact);
    expect_pixel(track.at(-5).project({2, 2, -7}, 100, 50), 60, 25, kExact);
    EXPECT_THAT(track.missing({1, 2, 3}), IsEmpty());
}

TEST(StaticCamera, TurningAboutYLooksToTheLeft)
{
    const CameraTrack track =
        camera_track(square_lens("position_m = [0, 0, 0]\nrotation_deg = [0, 90, 0]\nrotation_order = \"xyz\""));
    expect_pixel(track.at(1).project({-10, 0, -1}, 100, 50), 60, 25, kExact);
}

TEST(StaticCamera, OrderOfRotationsIsTheOrderOfTurns)
{
    // Tilt up by 90 degrees about x, then turn left by 90 about y: it still looks up, its top towards +x.
    const std::string angles = "position_m = [0, 0, 0]\nrotation_deg = [90, 90, 0]\n";
    expect_pixel(camera_track(square_lens(angles + "rotation_order = \"xyz\"")).at(1).project({1, 10, 0}, 100, 50),
                 50, 15, kExact);
    // The other way round: first left, then about the world's x, which leaves it looking along -x.
    expect_pixel(camera_track(square_lens(angles + "rotation_order = \"yxz\"")).at(1).project({-10, 0, 1}, 100, 50),
                 50, 15, kExact);
}

TEST(StaticCamera, EveryOrderMultipliesItsTurns)
{
    // One point through R = Rlast Rmiddle Rfirst with 10, 20 and 30 degrees, worked out by hand from the formulas
    // of the single turns.
    const auto turned = [](const std::string& order) {
        const Mat4 m = camera_track(square_lens("position_m = [0, 0, 0]\nrotation_deg = [10, 20, 30]\nrotation_order = "
                                                "\"" + order + "\"")).at(1).world_from_camera;
        return Vec3{m[0][0], m[1][1], m[2][2]};
    };
    // Diagonals: xyz has cy cz, cx cz + sx sy sz, cx cy; the others by renaming the axes and the signs.
    const double cx = 0.984807753012208, sx = 0.17364817766693033, cy = 0.9396926207859084, sy = 0.3420201433256687,
                 cz = 0.8660254037844387, sz = 0.5;
    const auto near = [](double a, double b, double c) {
        return ElementsAre(testing::DoubleNear(a, 1e-12), testing::DoubleNear(b, 1e-12), testing::DoubleNear(c, 1e-12));
    };
    EXPECT_THAT(turned("xyz"), near(cy * cz, cx * cz + sx * sy * sz, cx * cy));
    EXPECT_THAT(turned("xzy"), near(cy * cz, cx * cz, cx * cy - sx * sy * sz));
    EXPECT_THAT(turned("yxz"), near(cy * cz - sx * sy * sz, cx * cz, cx * cy));
    EXPECT_THAT(turned("yzx"), near(cy * cz, cx * cz, cx * cy + sx * sy * sz));
    EXPECT_THAT(turned("zxy"), near(cy * cz + sx * sy * sz, cx * cz, cx * cy));
    EXPECT_THAT(turned("zyx"), near(cy * cz, cx * cz - sx * sy * sz, cx * cy));
}

TEST(StaticCamera, LooksAtAPointWithALevelHorizon)
{
    const Camera camera = camera_track(square_lens("position_m = [3, 1, 5]\nlook_at_m = [-4, 9, -20]")).at(1);
    expect_pixel(camera.project({-4, 9, -20}, 100, 50), 50, 25, 1e-6);
    // Straight above the target is straight above it in the picture.
    const auto above = camera.project({-4, 12, -20}, 100, 50);
    ASSERT_TRUE(above);
    EXPECT_NEAR((*above)[0], 50, 1e-6);
    EXPECT_LT((*above)[1], 25);
}

TEST(StaticCamera, FieldOfViewIsOverTheHeight)
{
    const CameraTrack track =
        camera_track("position_m = [0, 0, 0]\nfilm_back_mm = [36, 18]\nvertical_fov_deg = 90");
    expect_pixel(track.at(1).project({0, 10, -10}, 100, 50), 50, 0, kExact);
    EXPECT_NEAR(track.at(1).focal_length_mm, 9, kExact);
}

TEST(StaticCamera, LookingStraightDownLeavesTheRollOpen)
{
    EXPECT_THAT(camera_faults(square_lens("position_m = [0, 5, 0]\nlook_at_m = [0, 0, 0]")),
                ElementsAre(HasSubstr("'look_at_m' is the camera's position, or straight above or below it, which "
                                      "leaves the roll open; use 'rotation_deg'")));
}

TEST(StaticCamera, EverythingThatIsMissingIsSaidAtOnce)
{
    EXPECT_THAT(camera_faults("rotation_deg = [1, 2, 3]"),
                ElementsAre(HasSubstr("[camera] needs 'position_m': or 'path' for a camera that comes from a file"),
                            HasSubstr("[camera] needs 'film_back_mm': the size of the sensor"),
                            HasSubstr("[camera] needs 'focal_length_mm': or 'vertical_fov_deg'")));
    EXPECT_THAT(camera_faults(square_lens("position_m = [0, 0, 0]\nrotation_deg = [1, 2, 3]")),
                ElementsAre(HasSubstr("[camera] needs 'rotation_order': the angles mean nothing without it")));
}

TEST(StaticCamera, WhatContradictsIsPointedAt)
{
    EXPECT_THAT(camera_faults(square_lens("position_m = [0, 5, 0]\nlook_at_m = [0, 0, 9]\nrotation_deg = [1, 2, 3]\n"
                                          "vertical_fov_deg = 40\nup = \"z\"")),
                ElementsAre(StartsWith("/shots/shot.toml:8:6: 'up' is only for a camera that comes from a file"),
                            StartsWith("/shots/shot.toml:7:20: 'vertical_fov_deg' and 'focal_length_mm' exclude "
                                       "each other"),
                            StartsWith("/shots/shot.toml:6:16: 'rotation_deg' and 'look_at_m' exclude each other")));
}

}  // namespace
}  // namespace platefall
