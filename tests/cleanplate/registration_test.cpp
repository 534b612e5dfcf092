#include "cleanplate/moving_picture.h"

#include "base/parallel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall::cleanplate {
namespace {

using test::error_between;
using test::features_of_wall;
using test::picture;
using test::wall;
using testing::ElementsAre;
using testing::IsEmpty;

const Window kWindow{0, 0, 640, 360};

/// A hand-held move: it turns, rolls, comes closer and looks up a little.
Homography handheld(double t)
{
    const double roll = 0.02 * std::sin(t), zoom = 1 + 0.004 * t, c = zoom * std::cos(roll),
                 s = zoom * std::sin(roll);
    return {{c, -s, 3.3 * t + 4 * std::sin(1.7 * t), s, c, 2.0 * std::cos(2.3 * t), 1e-5 * std::sin(t),
             4e-6 * t, 1}};
}

std::vector<Homography> handheld_move(int frames)
{
    std::vector<Homography> wall_from_frame;
    for (int i = 0; i < frames; ++i)
        wall_from_frame.push_back(handheld(i));
    return wall_from_frame;
}

/// A camera that turns on the spot, `fov_deg` wide, over `turn_deg` in all. The wall is the picture plane of
/// the frame in the middle.
std::vector<Homography> pan(int frames, double turn_deg, double fov_deg)
{
    const double f = kWindow.width() / 2.0 / std::tan(fov_deg / 2 * std::numbers::pi / 180), cx = 320,
                 cy = 180;
    const Homography picture_from_ray{{f, 0, cx, 0, f, cy, 0, 0, 1}};
    std::vector<Homography> maps;
    for (int i = 0; i < frames; ++i) {
        const double angle = (double(i) / (frames - 1) - 0.5) * turn_deg * std::numbers::pi / 180;
        const double c = std::cos(angle), s = std::sin(angle);
        maps.push_back(
            compose(picture_from_ray, compose({{c, 0, s, 0, 1, 0, -s, 0, c}}, inverse(picture_from_ray))));
    }
    return maps;
}

std::vector<std::string> texts(const Motion& motion)
{
    std::vector<std::string> all;
    for (const Motion::Note& note : motion.notes)
        all.push_back(note.text);
    return all;
}

FrameFeatures blank(int frame)
{
    return {.frame = frame, .window = kWindow, .points = {}, .descriptors = {}};
}

TEST(CleanplateRegistration, FindsAHandheldMoveToATenthOfAPixel)
{
    const std::vector<Homography> truth = handheld_move(8);
    const Motion motion = register_frames(features_of_wall(kWindow, truth), {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_FALSE(motion.takes[0].locked_off);
    EXPECT_THAT(motion.takes[0].frames, ElementsAre(1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008));
    EXPECT_THAT(texts(motion), IsEmpty());
    for (std::size_t i = 0; i + 1 < truth.size(); ++i)
        EXPECT_LT(error_between(motion.takes[0], truth, kWindow, i + 1, i), 0.1) << i;
}

TEST(CleanplateRegistration, DoesNotDriftOverFortyEightFrames)
{
    const std::vector<Homography> truth = handheld_move(48);
    const Motion motion = register_frames(features_of_wall(kWindow, truth), {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_LT(error_between(motion.takes[0], truth, kWindow, 0, 47), 0.3);
}

TEST(CleanplateRegistration, FollowsAPanOfAHundredDegrees)
{
    // The wall is squeezed into the range of the arc tangent, so that the outer frames do not look along it.
    const std::vector<Homography> truth = pan(24, 100, 50);
    std::vector<FrameFeatures> frames;
    for (int i = 0; i < 24; ++i)
        frames.push_back(find_features(
            1001 + i,
            picture(kWindow, i,
                    [&](const Vec2& at) {
                        const auto& m = truth[static_cast<std::size_t>(i)].m;
                        const double w = m[6] * at[0] + m[7] * at[1] + m[8],
                                     x = (m[0] * at[0] + m[1] * at[1] + m[2]) / m[8],
                                     y = (m[3] * at[0] + m[4] * at[1] + m[5]) / m[8];
                        const double f = 686, angle = std::atan2(x - 320 * w / m[8], f * w / m[8]);
                        const double height =
                            (y - 180 * w / m[8]) / std::hypot(x - 320 * w / m[8], f * w / m[8]);
                        return wall({f * angle, f * height});
                    }),
            nullptr));

    const Motion motion = register_frames(frames, {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_THAT(texts(motion), IsEmpty());
    for (std::size_t i = 0; i + 1 < truth.size(); ++i)
        EXPECT_LT(error_between(motion.takes[0], truth, kWindow, i + 1, i), 0.1) << i;
    EXPECT_LT(error_between(motion.takes[0], truth, kWindow, 10, 2), 0.2);
}

TEST(CleanplateRegistration, NoiseOnALockedOffPlateIsNoMove)
{
    const Motion motion = register_frames(features_of_wall(kWindow, std::vector<Homography>(6), 0.02), {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_TRUE(motion.takes[0].locked_off);
    for (const Homography& map : motion.takes[0].frame_from_base)
        EXPECT_EQ(map, Homography{});
}

TEST(CleanplateRegistration, AThirdOfAPixelIsAMove)
{
    std::vector<Homography> truth(6);
    for (std::size_t i = 0; i < truth.size(); ++i)
        truth[i].m[2] = 0.06 * double(i);
    const Motion motion = register_frames(features_of_wall(kWindow, truth), {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_FALSE(motion.takes[0].locked_off);
    EXPECT_LT(error_between(motion.takes[0], truth, kWindow, 0, 5), 0.1);
}

TEST(CleanplateRegistration, ACutMakesTwoTakes)
{
    std::vector<FrameFeatures> frames;
    for (int i = 0; i < 6; ++i)
        frames.push_back(find_features(
            1001 + i,
            picture(kWindow, i, [&](const Vec2& at) { return wall(handheld(i)(at), i < 3 ? 1 : 5); }),
            nullptr));
    const Motion motion = register_frames(frames, {});
    ASSERT_EQ(motion.takes.size(), 2u);
    EXPECT_THAT(motion.takes[0].frames, ElementsAre(1001, 1002, 1003));
    EXPECT_THAT(motion.takes[1].frames, ElementsAre(1004, 1005, 1006));
    EXPECT_THAT(texts(motion),
                ElementsAre("cut between 1003 and 1004: nothing is carried across; a camera in the "
                            "manifest would bridge it"));
    EXPECT_EQ(motion.notes[0].frame, 1003);
}

TEST(CleanplateRegistration, ABlurredFrameMovesAsThoseAroundItDo)
{
    std::vector<Homography> truth(5);
    for (std::size_t i = 0; i < truth.size(); ++i)
        truth[i].m[2] = 4.0 * double(i);
    std::vector<FrameFeatures> frames = features_of_wall(kWindow, truth);
    frames[2] =
        find_features(1003, picture(kWindow, 2, [](const Vec2& at) { return 0.2 + 1e-4 * at[0]; }), nullptr);

    const Motion motion = register_frames(frames, {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_LT(error_between(motion.takes[0], truth, kWindow, 2, 1), 0.2);
    ASSERT_EQ(motion.notes.size(), 1u);
    EXPECT_EQ(motion.notes[0].frame, 1003);
    EXPECT_EQ(motion.notes[0].text,
              "1003 is too blurred, or too different from the other frames, to register; its "
              "motion is interpolated from 1002 and 1004");
}

TEST(CleanplateRegistration, OneFrameIsALockedOffTake)
{
    const Motion motion = register_frames({blank(1001)}, {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_TRUE(motion.takes[0].locked_off);
    EXPECT_THAT(motion.takes[0].frames, ElementsAre(1001));
    EXPECT_THAT(motion.takes[0].frame_from_base, ElementsAre(Homography{}));
    EXPECT_THAT(texts(motion), IsEmpty());
}

TEST(CleanplateRegistration, FramesThatShowNothingStandAlone)
{
    const Motion motion = register_frames({blank(1001), blank(1002), blank(1003)}, {});
    EXPECT_EQ(motion.takes.size(), 3u);
    EXPECT_THAT(
        texts(motion),
        ElementsAre("1001-1003 show too little outside the mattes to register; they take nothing from other "
                    "frames; smaller mattes, or a camera in the manifest, can help"));
}

TEST(CleanplateRegistration, NoFramesMakeNoTakes)
{
    EXPECT_TRUE(register_frames({}, {}).takes.empty());
}

TEST(CleanplateRegistration, SameBitsOnOneAndTwoThreads)
{
    const std::vector<FrameFeatures> frames = features_of_wall(kWindow, handheld_move(6));
    const auto found = [&](int threads) {
        const ThreadLimit limit(threads);
        return register_frames(frames, {}).takes.at(0);
    };
    const Take one = found(1), two = found(2);
    EXPECT_EQ(one.frame_from_base, two.frame_from_base);
    EXPECT_EQ(one.parallax, two.parallax);
}

}  // namespace
}  // namespace platefall::cleanplate
