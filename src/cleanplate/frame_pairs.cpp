#include "cleanplate/frame_pairs.h"

#include <opencv2/calib3d.hpp>

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr double kWorkingWidth = 1024;
constexpr double kThreshold = 1.0;      // working pixels
constexpr int kFewestFollowers = 14;    // chance alone reaches 8 or so
constexpr double kFewestShare = 0.1;    // of the matches
constexpr double kSearchRadius = 0.06;  // of the width; takes in parallax
constexpr int kGrid = 8;
constexpr int kMaxIterations = 2000;
constexpr double kConfidence = 0.999;

/// A camera does not mirror the picture, nor zoom by more than a factor of a few from one frame to the next.
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
    return determinant > 0 && scale > 1.0 / 16 && scale < 16;
}

void find_homography(const FrameFeatures& first, const FrameFeatures& second, FramePair& pair)
{
    if (static_cast<int>(pair.matches.size()) < kFewestFollowers)
        return;
    std::vector<cv::Point2f> from, to;  // about the corner, where floats are finest
    for (const Match& match : pair.matches) {
        from.emplace_back(float(first.points[match.first][0] - first.window.x0),
                          float(first.points[match.first][1] - first.window.y0));
        to.emplace_back(float(second.points[match.second][0] - second.window.x0),
                        float(second.points[match.second][1] - second.window.y0));
    }
    cv::Mat follows;
    const cv::Mat found = cv::findHomography(from, to, cv::USAC_MAGSAC, kThreshold * working_pixel(second),
                                             follows, kMaxIterations, kConfidence);
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

}  // namespace

double working_pixel(const FrameFeatures& features)
{
    return std::max(1.0, features.window.width() / kWorkingWidth);
}

FramePair pair_frames(const std::vector<FrameFeatures>& frames, int first, int second)
{
    FramePair pair{.first = first,
                   .second = second,
                   .matches = match_everywhere(frames[first], frames[second]),
                   .second_from_first = {}};
    find_homography(frames[first], frames[second], pair);
    return pair;
}

FramePair pair_frames_near(const std::vector<FrameFeatures>& frames, int first, int second,
                           const Homography& second_from_first)
{
    const double radius_px = kSearchRadius * frames[second].window.width();
    return {.first = first,
            .second = second,
            .matches = match_near(frames[first], frames[second], second_from_first, radius_px),
            .second_from_first = second_from_first};
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
