#include "cleanplate/motion/frame_pairs.h"

#include <opencv2/calib3d.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platefall::cleanplate {
namespace {

constexpr double kThreshold = 1.0;      // working pixels
constexpr int kFewestFollowers = 14;    // chance alone reaches 8 or so
constexpr double kFewestShare = 0.1;    // of the matches
constexpr double kSearchRadius = 0.06;  // of the width; takes in parallax
constexpr double kMostTurn = std::numbers::pi / 4;
constexpr int kGrid = 8;
constexpr int kMaxIterations = 2000;
constexpr double kConfidence = 0.999;

/// By how far the map turns the picture about a point, in radians.
double turn_at(const Homography& map, const Vec2& point)
{
    const auto& m = map.m;
    const auto [x, y] = map(point);
    return std::atan2((m[3] - y * m[6]) - (m[1] - x * m[7]), (m[0] - x * m[6]) + (m[4] - y * m[7]));
}

/// A camera does not mirror the picture, nor turn it over or zoom by more than a factor of a few from one frame to the
/// next.
bool is_plausible(const Homography& map, const Window& window)
{
    for (const double x : {window.x0, window.x1})
        for (const double y : {window.y0, window.y1})
            if (!map.faces({x, y}))
                return false;
    const auto& m = map.m;
    const Vec2 centre{(window.x0 + window.x1) / 2.0, (window.y0 + window.y1) / 2.0};
    const double determinant = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6])
                               + m[2] * (m[3] * m[7] - m[4] * m[6]);
    const double scale = area_scale(map, centre);
    return determinant > 0 && scale > 1.0 / 16 && scale < 16 && std::abs(turn_at(map, centre)) < kMostTurn;
}

/// Matches as OpenCV wants them, about the corner, where floats are finest.
struct MatchedPoints {
    std::vector<cv::Point2f> first, second;

    MatchedPoints(const FrameFeatures& one, const FrameFeatures& other, const std::vector<Match>& matches)
    {
        for (const Match& match : matches) {
            first.push_back(about_corner(one, match.first));
            second.push_back(about_corner(other, match.second));
        }
    }

    static cv::Point2f about_corner(const FrameFeatures& frame, int index)
    {
        return {float(frame.points[index][0] - frame.window.x0), float(frame.points[index][1] - frame.window.y0)};
    }
};

void find_homography(const FrameFeatures& first, const FrameFeatures& second, FramePair& pair)
{
    if (static_cast<int>(pair.matches.size()) < kFewestFollowers)
        return;
    const MatchedPoints points(first, second, pair.matches);
    cv::Mat follows;
    const cv::Mat found = cv::findHomography(points.first, points.second, cv::USAC_MAGSAC,
                                             kThreshold * working_pixel(second), follows, kMaxIterations, kConfidence);
    if (found.empty())
        return;

    Homography map;
    std::copy_n(found.ptr<double>(), 9, map.m.begin());
    const Homography to_corner{{1, 0, -double(first.window.x0), 0, 1, -double(first.window.y0), 0, 0, 1}};
    const Homography from_corner{{1, 0, double(second.window.x0), 0, 1, double(second.window.y0), 0, 0, 1}};
    pair.second_from_first = compose(from_corner, compose(map, to_corner));
    pair.followers = cv::countNonZero(follows);
    pair.linked =
        pair.followers >= std::max<double>(kFewestFollowers, kFewestShare * double(pair.matches.size()))
        && is_plausible(pair.second_from_first, first.window);
}

/// Leaves the matches of what stands still: in two frames of one camera it lies on epipolar lines, whatever its depth.
void keep_static(const FrameFeatures& first, const FrameFeatures& second, std::vector<Match>& matches)
{
    if (static_cast<int>(matches.size()) < kFewestFollowers) {
        matches.clear();
        return;
    }
    const MatchedPoints points(first, second, matches);
    cv::Mat follows;
    cv::findFundamentalMat(points.first, points.second, cv::USAC_MAGSAC, kThreshold * working_pixel(second), kConfidence,
                           kMaxIterations, follows);
    std::vector<Match> kept;
    for (std::size_t i = 0; i < matches.size() && !follows.empty(); ++i)
        if (follows.at<std::uint8_t>(static_cast<int>(i)))
            kept.push_back(matches[i]);
    matches = std::move(kept);
}

}  // namespace

double working_pixel(const FrameFeatures& features)
{
    return std::max(1.0, features.window.width() / double(kWorkingWidth_px));
}

FramePair pair_frames(std::span<const FrameFeatures> frames, int first, int second)
{
    FramePair pair{.first = first,
                   .second = second,
                   .matches = match_everywhere(frames[first], frames[second]),
                   .second_from_first = {}};
    find_homography(frames[first], frames[second], pair);
    if (pair.linked)
        keep_static(frames[first], frames[second], pair.matches);
    return pair;
}

FramePair pair_frames_near(std::span<const FrameFeatures> frames, int first, int second,
                           const Homography& second_from_first)
{
    const double radius_px = kSearchRadius * frames[second].window.width();
    FramePair pair{.first = first,
                   .second = second,
                   .matches = match_near(frames[first], frames[second], second_from_first, radius_px),
                   .second_from_first = second_from_first};
    keep_static(frames[first], frames[second], pair.matches);
    return pair;
}

double overlap(const Window& first, const Window& second, const Homography& second_from_first)
{
    int seen = 0;
    for (int row = 0; row < kGrid; ++row)
        for (int column = 0; column < kGrid; ++column) {
            const Vec2 point{first.x0 + (column + 0.5) / kGrid * first.width(),
                             first.y0 + (row + 0.5) / kGrid * first.height()};
            if (!second_from_first.faces(point))
                continue;
            const auto [x, y] = second_from_first(point);
            seen += x >= second.x0 && x < second.x1 && y >= second.y0 && y < second.y1;
        }
    return seen / double(kGrid * kGrid);
}

}  // namespace platefall::cleanplate
