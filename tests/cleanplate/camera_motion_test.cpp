#include "cleanplate/motion/camera_motion.h"

#include "base/parallel.h"
#include "cleanplate/moving_points.h"
#include "image/read.h"
#include "shot/camera_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

namespace platefall::cleanplate {
namespace {

using test::chance;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

// The film back spans the display window; the plate has overscan on the left.
const Window kDisplay{0, 0, 480, 270}, kWindow{-32, 0, 480, 270};
constexpr int kFrames = 12;

/// A street corner: a wall 20 m away, the ground 1.5 m below the camera, and sky above 4 m. The camera walks sideways,
/// turns and comes nearer.
class CleanplateCamera : public testing::Test {
protected:
    KnownGeometry known_{.camera = [](int frame) { return camera(frame); }, .display = kDisplay, .depths = {}};

    static Camera camera(int frame)
    {
        const double t = frame - 1001, angle = 0.004 * t, c = std::cos(angle), s = std::sin(angle);
        return {.world_from_camera = {{{c, 0, s, 0.12 * t}, {0, 1, 0, 0.01 * t}, {-s, 0, c, -0.05 * t}, {0, 0, 0, 1}}},
                .focal_length_mm = 30,
                .film_back_mm = {36.0, 20.25}};
    }

    static std::optional<Vec2> project(const Vec3& place, int frame)
    {
        return camera(frame).project(place, kDisplay.width(), kDisplay.height());
    }

    /// The places of the scene, those of the sky practically at infinity.
    static Vec3 place(int point)
    {
        const double x = 30 * (chance(point, 0, 11) - 0.4), kind = chance(point, 1, 11), along = chance(point, 2, 11);
        if (kind < 0.5)
            return {x, -1.5 + 5.5 * along, -20};
        if (kind < 0.8)
            return {x * (3 + 17 * along) / 20, -1.5, -3 - 17 * along};
        return {1e7 * (x / 15), 1e7 * (0.2 + 0.3 * along), -1e7};
    }

    static std::vector<FrameFeatures> features(int frames = kFrames)
    {
        return test::features_of_points(kWindow, frames, 700,
                                        [](int point, int frame) { return project(place(point), 1001 + frame); });
    }

    /// Planar distance of what a pixel shows, as a depth pass has it.
    static double metres(int frame, const Vec2& at)
    {
        const Camera seen = camera(frame);
        const Mat4& pose = seen.world_from_camera;
        const double focal_px = 30.0 / 36 * 480;
        Vec3 ray{};
        for (std::size_t i = 0; i < 3; ++i)
            ray[i] = pose[i][0] * (at[0] - 240) / focal_px - pose[i][1] * (at[1] - 135) / focal_px - pose[i][2];
        const double to_ground = -(pose[1][3] + 1.5) / ray[1], to_wall = -(pose[2][3] + 20) / ray[2];
        if (to_ground > 0 && to_ground < to_wall)
            return to_ground;
        return pose[1][3] + to_wall * ray[1] < 4 ? to_wall : std::numeric_limits<double>::infinity();
    }

    static KnownGeometry::Depth depth(int frame)
    {
        Image z(kWindow, kDisplay, {{"Z", ChannelType::full_float}});
        for (int y = kWindow.y0; y < kWindow.y1; ++y)
            for (int x = kWindow.x0; x < kWindow.x1; ++x)
                *z.pixel(x, y) = static_cast<float>(metres(frame, {x + 0.5, y + 0.5}));
        return {frame, std::move(z)};
    }

    /// Of places in space: how far the take puts them from where the camera sees them, given their true depth.
    static double worst_error_px(const Take& take)
    {
        double worst = 0;
        const int base = take.frames[take.base];
        for (int point = 1000; point < 1200; ++point) {
            const auto from = project(place(point), base);
            if (!from)
                continue;
            for (std::size_t t = 0; t < take.frames.size(); ++t)
                if (const auto truth = project(place(point), take.frames[t])) {
                    const ViewMap::Hit hit = view_map(take, t, take.base)(*from, 1 / metres_along(place(point), base));
                    EXPECT_TRUE(hit.in_front);
                    worst = std::max(worst, std::hypot(hit.at[0] - (*truth)[0], hit.at[1] - (*truth)[1]));
                }
        }
        return worst;
    }

    /// The share of the supports whose depth is that of a true surface within five per cent.
    static double share_of_true_supports(const Take& take)
    {
        int good = 0;
        for (const Take::Support& support : take.supports) {
            const double truth = 1 / metres(take.frames[take.base], support.base_point);
            good += std::abs(support.depth - truth) < 0.05 * truth + 0.001;
        }
        return good / static_cast<double>(take.supports.size());
    }

private:
    static double metres_along(const Vec3& place, int frame)
    {
        const Mat4 pose = camera(frame).world_from_camera;
        double along = 0;
        for (std::size_t i = 0; i < 3; ++i)
            along -= pose[i][2] * (place[i] - pose[i][3]);
        return along;
    }
};

std::vector<std::string> texts(const Motion& motion)
{
    std::vector<std::string> all;
    for (const Motion::Note& note : motion.notes)
        all.push_back(note.text);
    return all;
}

TEST_F(CleanplateCamera, PutsEveryPlaceWhereItIsSeen)
{
    const Motion motion = register_frames(features(), known_);
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_THAT(texts(motion), IsEmpty());
    EXPECT_FALSE(motion.takes[0].locked_off);
    EXPECT_LT(worst_error_px(motion.takes[0]), 1e-6);
}

TEST_F(CleanplateCamera, FeaturesBecomeSupportsInMetres)
{
    const Take take = register_frames(features(), known_).takes.at(0);
    EXPECT_GT(take.supports.size(), 150u);
    EXPECT_GT(share_of_true_supports(take), 0.9);
}

TEST_F(CleanplateCamera, DepthsBecomeSupportsAllOverThePicture)
{
    known_.depths = {depth(1001), depth(1012)};
    const Take take = register_frames(features(), known_).takes.at(0);
    EXPECT_GT(take.supports.size(), 1500u);
    EXPECT_LT(take.supports.size(), 6000u);
    EXPECT_GT(share_of_true_supports(take), 0.95);
    EXPECT_GT(std::ranges::count(take.supports, 0.0, &Take::Support::depth), 100) << "of the sky";
}

TEST_F(CleanplateCamera, BlockedDepthsAreNoSupports)
{
    known_.depths = {depth(1004)};
    for (int y = 0; y < 270; ++y)
        for (int x = 100; x < 200; ++x)
            *known_.depths[0].z.pixel(x, y) = 0;
    const Take take = register_frames(features(), known_).takes.at(0);
    const ViewMap map = view_map(take, 3, take.base);
    for (const Take::Support& support : take.supports) {
        const double x = map(support.base_point, support.depth).at[0];
        EXPECT_TRUE(x < 100 || x > 200) << x;
    }
}

TEST_F(CleanplateCamera, ThatDoesNotFitIsNotBelieved)
{
    known_.camera = [](int frame) {
        Camera camera = CleanplateCamera::camera(frame);
        camera.world_from_camera[1][3] -= 0.4 * (frame - 1001);
        return camera;
    };
    const Motion motion = register_frames(features(), known_);
    ASSERT_EQ(motion.notes.size(), 1u);
    EXPECT_EQ(motion.notes[0].frame, 1001);
    EXPECT_THAT(motion.notes[0].text,
                testing::MatchesRegex("the camera does not fit the plate: half of the tracked features are more than "
                                      "[0-9]+\\.[0-9] px away from where it puts them; the motion is taken from features "
                                      "alone; check rotation_order, film_back_mm and the frame numbers of \\[camera\\]"));
    EXPECT_EQ(motion.takes.size(), 1u);
    EXPECT_EQ(motion.takes[0].frame_from_base, register_frames(features(), {}).takes.at(0).frame_from_base);
}

TEST_F(CleanplateCamera, ThatMovesTheOtherWayIsNotBelieved)
{
    // Every depth would be behind infinity.
    known_.camera = [](int frame) {
        Camera camera = CleanplateCamera::camera(frame);
        camera.world_from_camera[0][3] *= -1;
        camera.world_from_camera[1][3] *= -1;
        camera.world_from_camera[2][3] *= -1;
        return camera;
    };
    EXPECT_EQ(register_frames(features(), known_).notes.size(), 1u);
}

TEST_F(CleanplateCamera, ThatStandsStillIsLockedOff)
{
    known_.camera = [](int) { return CleanplateCamera::camera(1004); };
    const Motion motion = register_frames(
        test::features_of_points(kWindow, 4, 300, [](int point, int) { return project(place(point), 1004); }), known_);
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_TRUE(motion.takes[0].locked_off);
    EXPECT_THAT(motion.takes[0].frame_from_base, Each(Homography{}));
    EXPECT_THAT(motion.takes[0].parallax, Each(Vec3{0, 0, 0}));
}

TEST_F(CleanplateCamera, ADriftThatNobodySeesIsLockedOff)
{
    known_.camera = [](int frame) {
        Camera camera = CleanplateCamera::camera(1004);
        camera.world_from_camera[0][3] += 1e-5 * (frame - 1001);   // metres
        return camera;
    };
    const Take take = register_frames(
        test::features_of_points(kWindow, 4, 300, [](int point, int) { return project(place(point), 1004); }), known_)
                          .takes.at(0);
    EXPECT_TRUE(take.locked_off);
    EXPECT_THAT(take.frame_from_base, Each(Homography{}));
    EXPECT_THAT(take.parallax, Each(Vec3{0, 0, 0}));
}

TEST_F(CleanplateCamera, BridgesFramesThatShowNothing)
{
    std::vector<FrameFeatures> some = features();
    for (const std::size_t i : {3u, 4u, 5u, 6u, 7u})
        some[i] = {.frame = some[i].frame, .window = kWindow, .points = {}, .descriptors = {}};
    ASSERT_GT(register_frames(some, {}).takes.size(), 1u);
    const Motion motion = register_frames(some, known_);
    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_THAT(texts(motion), IsEmpty());
    EXPECT_LT(worst_error_px(motion.takes[0]), 1e-6);
}

TEST_F(CleanplateCamera, DoesNotBridgeACut)
{
    std::vector<FrameFeatures> some = features();
    for (std::size_t i = 6; i < some.size(); ++i)
        for (std::uint8_t& byte : some[i].descriptors)
            byte = static_cast<std::uint8_t>(91 - byte);
    const Motion motion = register_frames(some, known_);
    ASSERT_EQ(motion.takes.size(), 2u);
    EXPECT_EQ(motion.takes[0].frames.back(), 1006);
    EXPECT_THAT(texts(motion), ElementsAre("cut between 1006 and 1007, which do not match although the camera looks the "
                                           "same way: nothing is carried across"));
}

TEST_F(CleanplateCamera, SameBitsOnOneAndTwoThreads)
{
    const std::vector<FrameFeatures> frames = features();
    const auto found = [&](int threads) {
        const ThreadLimit limit(threads);
        return register_frames(frames, known_).takes.at(0);
    };
    const Take one = found(1), two = found(2);
    EXPECT_EQ(one.frame_from_base, two.frame_from_base);
    ASSERT_EQ(one.supports.size(), two.supports.size());
    for (std::size_t i = 0; i < one.supports.size(); ++i) {
        EXPECT_EQ(one.supports[i].base_point, two.supports[i].base_point);
        EXPECT_EQ(one.supports[i].depth, two.supports[i].depth);
    }
}

TEST(CleanplateCameraOfTheStreet, PutsFeaturesWhereItsDepthPassHasThem)
{
    const std::filesystem::path street = std::filesystem::path(PLATEFALL_SAMPLES_DIR) / "street";
    const auto file = [&](const char* folder, int frame) {
        return street / folder / ("street." + std::to_string(frame) + ".exr");
    };
    std::vector<FrameFeatures> frames(9);
    parallel_each(static_cast<int>(frames.size()), [&](int i) {
        const int frame = 1012 + 6 * i;
        frames[static_cast<std::size_t>(i)] = find_features(frame, read_image(file("plate", frame)).image, nullptr);
    });
    const CameraTrack track =
        platefall::test::camera_track("path = \"street.chan\"\nrotation_order = \"xyz\"\nfilm_back_mm = [36.0, 20.25]", street);
    const auto camera = [&](int frame) { return track.at(frame); };
    const Motion motion = register_frames(frames, {.camera = camera, .display = frames[0].window, .depths = {}});

    ASSERT_EQ(motion.takes.size(), 1u);
    EXPECT_THAT(texts(motion), IsEmpty());
    const Take& take = motion.takes[0];
    constexpr std::size_t kThere = 2;   // frame 1024
    const Image depth = read_image(file("depth", 1024)).image;
    int good = 0, all = 0;
    for (const Take::Support& support : take.supports) {
        const Vec2 at = view_map(take, kThere, take.base)(support.base_point, support.depth).at;
        const int x = static_cast<int>(at[0]), y = static_cast<int>(at[1]);
        if (!depth.data_window().contains(x, y))
            continue;
        const double truth = 1 / static_cast<double>(*depth.pixel(x, y));
        good += std::abs(depth_in(take, kThere, support.base_point, support.depth) - truth) < 0.1 * truth + 0.002;
        ++all;
    }
    EXPECT_GT(all, 200);
    EXPECT_GT(good, 0.8 * all);
}

}  // namespace
}  // namespace platefall::cleanplate
