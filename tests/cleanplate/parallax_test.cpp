#include "cleanplate/motion/parallax.h"

#include "base/parallel.h"
#include "cleanplate/moving_points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall::cleanplate {
namespace {

using test::chance;
using test::Projection;
using test::tracks_of_points;
using testing::Each;

const Window kWindow{0, 0, 640, 360};
constexpr double kFocal = 500;   // px
constexpr double kWall = 20;     // m

/// Turns about the vertical axis and about the view axis, and the place in metres: x right, y down, z forward.
struct Pose {
    double pan = 0, roll = 0;
    Vec3 at{0, 0, 0};
};

using Move = std::function<Pose(int frame)>;

using Mat3 = std::array<std::array<double, 3>, 3>;

Mat3 rotation(const Pose& pose)
{
    const double c = std::cos(pose.pan), s = std::sin(pose.pan), u = std::cos(pose.roll), v = std::sin(pose.roll);
    return {{{u * c, v, -u * s}, {-v * c, u, v * s}, {s, 0, c}}};
}

Vec3 seen_from(const Pose& pose, const Vec3& point)
{
    const Mat3 r = rotation(pose);
    Vec3 seen{};
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t i = 0; i < 3; ++i)
            seen[row] += r[row][i] * (point[i] - pose.at[i]);
    return seen;
}

std::optional<Vec2> project(const Pose& pose, const Vec3& point)
{
    const Vec3 seen = seen_from(pose, point);
    if (!(seen[2] > 0.5))
        return std::nullopt;
    return Vec2{320 + kFocal * seen[0] / seen[2], 180 + kFocal * seen[1] / seen[2]};
}

/// Points on the wall z = kWall, and `share` of them in front of it, along `length_m` of it.
Vec3 place_of(int point, double share, double length_m)
{
    const bool is_near = chance(point, 0, 21) < share;
    const double z = is_near ? 5 + 13 * chance(point, 1, 21) : kWall;
    return {length_m * (chance(point, 2, 21) - 0.5), 0.9 * z * (chance(point, 3, 21) - 0.5), z};
}

Projection projection(const Move& move, double share, double length_m = 40)
{
    return [=](int point, int frame) { return project(move(frame), place_of(point, share, length_m)); };
}

/// Of the wall, exactly: x' = K R (1 + (at_base - at) n^T / distance) R_base^T K^-1.
Homography through_wall(const Pose& to, const Pose& base)
{
    const auto pixels_from_wall = [](const Pose& pose) {   // (x, y, 1) on the wall in metres
        const Mat3 r = rotation(pose);
        Homography map;
        const std::array<Vec3, 3> columns{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{-pose.at[0], -pose.at[1], kWall - pose.at[2]}};
        for (std::size_t column = 0; column < 3; ++column) {
            Vec3 seen{};
            for (std::size_t row = 0; row < 3; ++row)
                for (std::size_t i = 0; i < 3; ++i)
                    seen[row] += r[row][i] * columns[column][i];
            map.m[column] = kFocal * seen[0] + 320 * seen[2];
            map.m[3 + column] = kFocal * seen[1] + 180 * seen[2];
            map.m[6 + column] = seen[2];
        }
        return map;
    };
    return compose(pixels_from_wall(to), inverse(pixels_from_wall(base)));
}

Take take_of(const Move& move, int frames)
{
    Take take;
    take.base = static_cast<std::size_t>(frames / 2);
    for (int frame = 0; frame < frames; ++frame) {
        take.frames.push_back(1001 + frame);
        take.frame_from_base.push_back(through_wall(move(frame), move(frames / 2)));
    }
    take.parallax.resize(take.frames.size());
    return take;
}

/// How well a take explains tracks that it was not made from, each given the one depth that suits it best.
double median_error_px(const Take& take, const std::vector<Track>& tracks)
{
    std::vector<double> errors;
    for (const Track& track : tracks) {
        const Sighting& from = track[track.size() / 2];
        const auto error = [&](double depth) {
            double sum = 0;
            for (const Sighting& to : track) {
                const Vec2 at = view_map(take, static_cast<std::size_t>(to.frame), static_cast<std::size_t>(from.frame))(
                                    from.point, depth)
                                    .at;
                sum += std::pow(at[0] - to.point[0], 2) + std::pow(at[1] - to.point[1], 2);
            }
            return std::sqrt(sum / static_cast<double>(track.size()));
        };
        double best = 0;
        for (double step = 4096; step > 1e-6; step /= 2)
            for (const double depth : {best - step, best + step})
                if (error(depth) < error(best))
                    best = depth;
        errors.push_back(error(best));
    }
    std::ranges::nth_element(errors, errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2));
    return errors[errors.size() / 2];
}

Pose handheld(int frame)
{
    const double t = frame;
    return {.pan = 0.02 * std::sin(0.3 * t), .roll = 0.01 * std::sin(0.7 * t),
            .at = {0.08 * t, 0.05 * std::sin(0.5 * t), 0.03 * t}};
}

constexpr int kPoints = 500;
constexpr double kNoise = 0.2;   // px

/// Tracks of other points than those that the tests hand in, all in front of the wall, without noise.
std::vector<Track> other_tracks(const Move& move, int frames, double length_m = 40)
{
    const Projection known = projection(move, 1, length_m);
    const auto other = [&](int point, int frame) { return known(point + kPoints * 100, frame); };
    std::vector<Track> tracks = tracks_of_points(kWindow, frames, kPoints / 5, other, 0);
    std::erase_if(tracks, [](const Track& track) { return track.size() < 5; });
    return tracks;
}

Take solved(const Move& move, int frames, double share)
{
    Take take = take_of(move, frames);
    add_parallax(take, tracks_of_points(kWindow, frames, kPoints, projection(move, share), kNoise), 1);
    return take;
}

TEST(CleanplateParallax, ExplainsWhatStandsInFrontOfAWall)
{
    const Take take = solved(handheld, 24, 0.5);
    EXPECT_GT(take.supports.size(), 100u);
    EXPECT_LT(median_error_px(take, other_tracks(handheld, 24)), 0.15);
    EXPECT_GT(median_error_px(take_of(handheld, 24), other_tracks(handheld, 24)), 2);
}

TEST(CleanplateParallax, SupportsAreWhereTheirDepthsPutThem)
{
    const Take take = solved(handheld, 24, 0.5);
    const Projection known = projection(handheld, 0.5);
    std::size_t good = 0;
    for (const Take::Support& support : take.supports) {
        const auto& [at, depth, seen_in] = support;
        static_cast<void>(seen_in);
        const ViewMap::Hit there = view_map(take, 22, 12)(at, depth);
        ASSERT_TRUE(there.in_front);
        // Some point is seen at both places.
        for (int point = 0; point < kPoints; ++point)
            if (const auto here = known(point, 12); here && std::hypot((*here)[0] - at[0], (*here)[1] - at[1]) < 1)
                if (const auto truth = known(point, 22);
                    truth && std::hypot((*truth)[0] - there.at[0], (*truth)[1] - there.at[1]) < 2) {
                    ++good;
                    break;
                }
    }
    EXPECT_GT(good, take.supports.size() * 9 / 10);
}

TEST(CleanplateParallax, IsThereWhenTheCameraWalksForwardToo)
{
    // The epipole lies inside the picture.
    const auto dolly = [](int frame) { return Pose{.pan = 0.001 * frame, .roll = 0, .at = {0.01 * frame, 0, 0.15 * frame}}; };
    EXPECT_LT(median_error_px(solved(dolly, 24, 0.5), other_tracks(dolly, 24)), 0.3);
}

TEST(CleanplateParallax, DoesNotDriftOverFortyEightFrames)
{
    EXPECT_LT(median_error_px(solved(handheld, 48, 0.5), other_tracks(handheld, 48)), 0.3);
}

TEST(CleanplateParallax, IsNotSpoiltByAFifthOfTracksThatMoveOnTheirOwn)
{
    std::vector<Track> tracks = tracks_of_points(kWindow, 24, kPoints, projection(handheld, 0.5), kNoise);
    for (std::size_t i = 0; i < tracks.size(); i += 5)
        for (Sighting& sighting : tracks[i]) {
            sighting.point[0] += 3 * (chance(static_cast<int>(i), 0, 31) - 0.5) * sighting.frame;
            sighting.point[1] += 20 * chance(static_cast<int>(i), sighting.frame, 32);
        }
    Take take = take_of(handheld, 24);
    add_parallax(take, tracks, 1);
    EXPECT_LT(median_error_px(take, other_tracks(handheld, 24)), 0.3);
}

TEST(CleanplateParallax, IsNotMadeUpForAWallAlone)
{
    EXPECT_THAT(solved(handheld, 24, 0).parallax, Each(Vec3{0, 0, 0}));
}

TEST(CleanplateParallax, IsNotMadeUpForACameraThatOnlyTurns)
{
    const auto turn = [](int frame) { return Pose{.pan = 0.01 * frame, .roll = 0.002 * frame}; };
    const Take take = solved(turn, 24, 0.5);
    EXPECT_THAT(take.parallax, Each(Vec3{0, 0, 0}));
    EXPECT_TRUE(take.supports.empty());
}

TEST(CleanplateParallax, FollowsALongWalk)
{
    constexpr int kFrames = 100;
    const auto walk = [](int frame) {
        return Pose{.pan = 0.02 * std::sin(0.2 * frame), .roll = 0.01 * std::sin(0.5 * frame),
                    .at = {0.3 * (frame - kFrames / 2), 0.03 * std::sin(0.9 * frame), 0}};
    };
    Take take = take_of(walk, kFrames);
    add_parallax(take, tracks_of_points(kWindow, kFrames, 2 * kPoints, projection(walk, 0.5, 60), kNoise), 1);
    EXPECT_LT(median_error_px(take, other_tracks(walk, kFrames, 60)), 0.3);
}

TEST(CleanplateParallax, SameBitsOnOneAndTwoThreads)
{
    const auto found = [](int threads) {
        const ThreadLimit limit(threads);
        return solved(handheld, 12, 0.5);
    };
    const Take one = found(1), two = found(2);
    EXPECT_NE(one.parallax.front(), (Vec3{0, 0, 0}));
    EXPECT_EQ(one.parallax, two.parallax);
    EXPECT_EQ(one.frame_from_base, two.frame_from_base);
}

}  // namespace
}  // namespace platefall::cleanplate
