#include "cleanplate/moving_points.h"

#include "base/parallel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace platefall::cleanplate {
namespace {

using test::error_between;
using test::features_of_points;
using test::picture;
using test::points_of_wall;
using test::wall;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

const Window kWindow{0, 0, 640, 360};
const Window kWall{-300, -200, 940, 560};   // all that any frame of the hand-held move sees
constexpr int kPoints = 1500;

/// A hand-held move: it turns, rolls, comes closer and looks up a little.
Homography handheld(double t)
{
    const double roll = 0.02 * std::sin(t), zoom = 1 + 0.004 * t, c = zoom * std::cos(roll), s = zoom * std::sin(roll);
    return {{c, -s, 3.3 * t + 4 * std::sin(1.7 * t), s, c, 2.0 * std::cos(2.3 * t), 1e-5 * std::sin(t), 4e-6 * t, 1}};
}

std::vector<Homography> handheld_move(int frames)
{
    std::vector<Homography> wall_from_frame;
    for (int i = 0; i < frames; ++i)
        wall_from_frame.push_back(handheld(i));
    return wall_from_frame;
}

std::vector<FrameFeatures> features_of(const std::vector<Homography>& wall_from_frame, double noise_px = 0.1)
{
    return features_of_points(kWindow, static_cast<int>(wall_from_frame.size()), kPoints,
                              points_of_wall(kWall, wall_from_frame), noise_px);
}

/// A camera that turns on the spot, 50 degrees wide, over `turn_deg` in all. The wall is the picture plane of the frame
/// in the middle.
std::vector<Homography> pan(int frames, double turn_deg)
{
    const Homography picture_from_ray{{686, 0, 320, 0, 686, 180, 0, 0, 1}};
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

TEST(CleanplateRegistration, FindsAHandheldMoveOfPicturesToATenthOfAPixel)
{
    const std::vector<Homography> truth = handheld_move(5);
    const Window window{0, 0, 480, 270};
    const Motion motion = register_frames(test::features_of_wall(window, truth), {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_FALSE(motion.takes[0].locked_off);
    EXPECT_THAT(motion.takes[0].frames, ElementsAre(1001, 1002, 1003, 1004, 1005));
    EXPECT_THAT(texts(motion), IsEmpty());
    for (std::size_t i = 0; i + 1 < truth.size(); ++i)
        EXPECT_LT(error_between(motion.takes[0], truth, window, i + 1, i), 0.1) << i;
}

TEST(CleanplateRegistration, DoesNotDriftOverFortyEightFrames)
{
    const std::vector<Homography> truth = handheld_move(48);
    const Motion motion = register_frames(features_of(truth), {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_LT(error_between(motion.takes[0], truth, kWindow, 0, 47), 0.3);
}

TEST(CleanplateRegistration, AWallHasNoParallax)
{
    EXPECT_THAT(register_frames(features_of(handheld_move(8)), {}).takes.at(0).parallax, Each(Vec3{0, 0, 0}));
}

TEST(CleanplateRegistration, FollowsAPanOfAHundredDegrees)
{
    const std::vector<Homography> truth = pan(24, 100);
    // Evenly around the camera, so that the outer frames see as much as the others.
    const auto place = [&](int point, int frame) -> std::optional<Vec2> {
        const double angle = 2.8 * (test::chance(point, 0, 5) - 0.5), height = 0.8 * (test::chance(point, 1, 5) - 0.5);
        const Homography map = inverse(truth[static_cast<std::size_t>(frame)]);
        const Vec2 on_wall{320 + 686 * std::tan(angle), 180 + 686 * height / std::cos(angle)};
        if (!map.faces(on_wall))
            return std::nullopt;
        return map(on_wall);
    };
    const Motion motion = register_frames(features_of_points(kWindow, 24, 5000, place, 0.1), {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_THAT(texts(motion), IsEmpty());
    for (std::size_t i = 0; i + 1 < truth.size(); ++i)
        EXPECT_LT(error_between(motion.takes[0], truth, kWindow, i + 1, i), 0.15) << i;
    EXPECT_LT(error_between(motion.takes[0], truth, kWindow, 10, 2), 0.3);
}

TEST(CleanplateRegistration, NoiseOnALockedOffPlateIsNoMove)
{
    const Window window{0, 0, 320, 180};
    const Motion motion = register_frames(test::features_of_wall(window, std::vector<Homography>(6), 0.02), {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_TRUE(motion.takes[0].locked_off);
    EXPECT_THAT(motion.takes[0].frame_from_base, Each(Homography{}));
    EXPECT_THAT(motion.takes[0].parallax, Each(Vec3{0, 0, 0}));
}

TEST(CleanplateRegistration, AThirdOfAPixelIsAMove)
{
    std::vector<Homography> truth(6);
    for (std::size_t i = 0; i < truth.size(); ++i)
        truth[i].m[2] = 0.06 * double(i);
    const Motion motion = register_frames(features_of(truth), {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_FALSE(motion.takes[0].locked_off);
    EXPECT_LT(error_between(motion.takes[0], truth, kWindow, 0, 5), 0.1);
}

TEST(CleanplateRegistration, ACutMakesTwoTakes)
{
    const auto place = points_of_wall(kWall, handheld_move(6));
    const auto two_scenes = [&](int point, int frame) {
        return (point % 2 == 0) == (frame < 3) ? place(point, frame) : std::nullopt;
    };
    const Motion motion = register_frames(features_of_points(kWindow, 6, 2 * kPoints, two_scenes), {});
    ASSERT_EQ(motion.takes.size(), 2u);
    EXPECT_THAT(motion.takes[0].frames, ElementsAre(1001, 1002, 1003));
    EXPECT_THAT(motion.takes[1].frames, ElementsAre(1004, 1005, 1006));
    EXPECT_THAT(texts(motion), ElementsAre("cut between 1003 and 1004: nothing is carried across; if the camera just moved "
                                           "too fast, one in the manifest can bridge it"));
    EXPECT_EQ(motion.notes[0].frame, 1003);
}

/// Six frames that stand still, the last three turned about the picture's middle.
Motion turned_by(double angle_deg)
{
    const double angle = angle_deg * std::numbers::pi / 180, c = std::cos(angle), s = std::sin(angle);
    const Homography turned{{c, -s, 320 - c * 320 + s * 180, s, c, 180 - s * 320 - c * 180, 0, 0, 1}};
    std::vector<Homography> wall_from_frame(6);
    std::fill(wall_from_frame.begin() + 3, wall_from_frame.end(), turned);
    return register_frames(features_of(wall_from_frame), {});
}

TEST(CleanplateRegistration, APictureTurnedUpsideDownIsACut)
{
    for (const double angle_deg : {180.0, -90.0, 60.0}) {
        const Motion motion = turned_by(angle_deg);
        ASSERT_EQ(motion.takes.size(), 2u) << angle_deg;
        EXPECT_THAT(motion.takes[0].frames, ElementsAre(1001, 1002, 1003));
        EXPECT_THAT(texts(motion), ElementsAre(testing::StartsWith("cut between 1003 and 1004: nothing is carried across")));
    }
}

TEST(CleanplateRegistration, ACameraThatRollsThirtyDegreesInAFrameIsNoCut)
{
    EXPECT_EQ(turned_by(-30).takes.size(), 1u);
}

TEST(CleanplateRegistration, ABlurredFrameMovesAsThoseAroundItDo)
{
    std::vector<Homography> truth(5);
    for (std::size_t i = 0; i < truth.size(); ++i)
        truth[i].m[2] = 4.0 * double(i);
    std::vector<FrameFeatures> frames = features_of(truth);
    const auto blurred = [](const Vec2& at) { return 0.2 + 1e-4 * at[0]; };
    frames[2] = find_features(1003, picture(kWindow, 2, blurred), nullptr);

    const Motion motion = register_frames(frames, {});
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_LT(error_between(motion.takes[0], truth, kWindow, 2, 1), 0.2);
    ASSERT_EQ(motion.notes.size(), 1u);
    EXPECT_EQ(motion.notes[0].frame, 1003);
    EXPECT_EQ(motion.notes[0].text, "1003 is too blurred, or too different from the other frames, to register; its "
                                    "motion is interpolated from 1002 and 1004");
}

TEST(CleanplateRegistration, AFrameInBetweenHasParallaxToo)
{
    // Two walls: one moves twice as far as the other.
    const auto place = [](int point, int frame) -> std::optional<Vec2> {
        const double speed = point % 3 == 0 ? 8 : 4;
        return Vec2{800 * test::chance(point, 0, 3) - speed * frame, 360 * test::chance(point, 1, 3)};
    };
    std::vector<FrameFeatures> frames = features_of_points(kWindow, 9, kPoints, place);
    frames[5] = blank(1006);
    const Take take = register_frames(frames, {}).takes.at(0);
    ASSERT_FALSE(take.supports.empty());
    ASSERT_NE(take.base, 5u);
    for (const Take::Support& support : take.supports) {
        const Vec2 before = view_map(take, 4, take.base)(support.base_point, support.depth).at;
        const Vec2 at = view_map(take, 5, take.base)(support.base_point, support.depth).at;
        const Vec2 after = view_map(take, 6, take.base)(support.base_point, support.depth).at;
        EXPECT_NEAR(at[0], (before[0] + after[0]) / 2, 0.1);
        EXPECT_NEAR(at[1], (before[1] + after[1]) / 2, 0.1);
    }
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
    EXPECT_THAT(texts(motion),
                ElementsAre("1001-1003 show too little outside the mattes to register; they take nothing from other "
                            "frames; smaller mattes, or a camera in the manifest, can help"));
}

/// Of a wall seen in eight frames, whose first two and last one are covered.
Motion with_covered_ends(double step_px)
{
    std::vector<Homography> truth(8);
    for (std::size_t i = 0; i < truth.size(); ++i)
        truth[i].m[2] = step_px * double(i);
    std::vector<FrameFeatures> frames = features_of(truth);
    for (const std::size_t covered : {0u, 1u, 7u}) {
        frames[covered] = blank(1001 + static_cast<int>(covered));
        frames[covered].covered = true;
    }
    return register_frames(frames, {});
}

TEST(CleanplateRegistration, CoveredFramesAtTheEndsOfALockedOffShotStandStillToo)
{
    const Motion motion = with_covered_ends(0);
    ASSERT_EQ(motion.takes.size(), 1u);
    const Take& take = motion.takes[0];
    EXPECT_TRUE(take.locked_off);
    EXPECT_THAT(take.frames, ElementsAre(1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008));
    EXPECT_THAT(take.frame_from_base, Each(Homography{}));
    EXPECT_FALSE(take.is_lost(take.base));
    EXPECT_THAT(take.lost, ElementsAre(true, true, false, false, false, false, false, true));
    EXPECT_THAT(texts(motion),
                ElementsAre("1001-1002 show too little outside the mattes to register; their motion is that of 1003",
                            "1008 shows too little outside the mattes to register; its motion is that of 1007"));
}

TEST(CleanplateRegistration, CoveredFramesAtTheEndsOfAMoveStandAlone)
{
    const Motion motion = with_covered_ends(4);
    ASSERT_EQ(motion.takes.size(), 4u);
    EXPECT_THAT(motion.takes[2].frames, ElementsAre(1003, 1004, 1005, 1006, 1007));
}

TEST(CleanplateRegistration, NothingTellsThatAStillDoesNotMove)
{
    std::vector<FrameFeatures> frames = features_of({Homography{}, Homography{}});
    frames[0] = blank(1001);
    frames[0].covered = true;
    EXPECT_EQ(register_frames(frames, {}).takes.size(), 2u);
}

TEST(CleanplateRegistration, ABlackFrameAtTheEndOfALockedOffShotIsNotCovered)
{
    std::vector<FrameFeatures> frames = features_of(std::vector<Homography>(4));
    frames[3] = blank(1004);
    EXPECT_EQ(register_frames(frames, {}).takes.size(), 2u);
}

TEST(CleanplateRegistration, NoFramesMakeNoTakes)
{
    EXPECT_TRUE(register_frames({}, {}).takes.empty());
}

TEST(CleanplateRegistration, SameBitsOnOneAndTwoThreads)
{
    const std::vector<FrameFeatures> frames = features_of(handheld_move(6));
    const auto registered = [&](int threads) {
        const ThreadLimit limit(threads);
        return register_frames(frames, {}).takes.at(0);
    };
    const Take one = registered(1), two = registered(2);
    EXPECT_EQ(one.frame_from_base, two.frame_from_base);
    EXPECT_EQ(one.parallax, two.parallax);
}

}  // namespace
}  // namespace platefall::cleanplate
