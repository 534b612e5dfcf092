#include "cleanplate/motion/take_motion.h"

#include "cleanplate/motion/parallax.h"
#include "cleanplate/motion/refine.h"

#include <algorithm>
#include <cmath>
#include <ranges>

namespace platefall::cleanplate {
namespace {

constexpr double kNoise = 1.0;       // working pixels; where a feature's misplacement begins to count less
constexpr int kMostMatches = 500;        // of one pair of frames, in the refinement
constexpr double kMaybeGrain = 0.25;     // working pixels; a motion that small may be none
constexpr double kNoWorse = 1.05;        // of the median distance

std::vector<FramePoints> points_of(const TakeMatches& take)
{
    std::vector<FramePoints> all;
    for (const FramePair& pair : take.pairs) {
        FramePoints points{.first = pair.first, .second = pair.second, .points = {}};
        const std::size_t stride = pair.matches.size() / kMostMatches + 1;
        for (std::size_t i = 0; i < pair.matches.size(); i += stride)
            points.points.push_back({.first = take.frames[pair.first].points[pair.matches[i].first],
                                     .second = take.frames[pair.second].points[pair.matches[i].second]});
        all.push_back(std::move(points));
    }
    return all;
}

double median_distance(const std::vector<FramePoints>& all, const std::vector<Homography>& base_from_frame)
{
    std::vector<double> distances;
    for (const FramePoints& pair : all) {
        const Homography map = compose(inverse(base_from_frame[pair.second]), base_from_frame[pair.first]);
        for (const PointPair& points : pair.points) {
            const Vec2 there = map(points.first);
            distances.push_back(std::hypot(there[0] - points.second[0], there[1] - points.second[1]));
        }
    }
    const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
    std::nth_element(distances.begin(), middle, distances.end());
    return *middle;
}

/// The furthest that a corner of any frame lies from where it does in the base.
double farthest_corner(const TakeMatches& take, const std::vector<Homography>& base_from_frame)
{
    double farthest = 0;
    for (std::size_t i = 0; i < take.frames.size(); ++i) {
        const Window& window = take.frames[i].window;
        for (const double x : {window.x0, window.x1})
            for (const double y : {window.y0, window.y1}) {
                const Vec2 there = base_from_frame[i]({x, y});
                farthest = std::max(farthest, std::hypot(there[0] - x, there[1] - y));
            }
    }
    return farthest;
}

/// Nothing moves, or what seems to is grain: the features lie no worse when nothing does.
bool is_locked_off(const TakeMatches& take, const std::vector<FramePoints>& points,
                   const std::vector<Homography>& base_from_frame)
{
    const double moved_px = farthest_corner(take, base_from_frame);
    if (moved_px < kLockedOff_px)
        return true;
    if (moved_px > kMaybeGrain * working_pixel(take.frames.front()))
        return false;
    const std::vector<Homography> still(take.frames.size());
    return median_distance(points, still) < kNoWorse * median_distance(points, base_from_frame);
}

/// `share` of the way from one frame's motion to another's.
void place_between(Take& take, std::size_t index, std::size_t before, std::size_t after, double share)
{
    const auto between = [share](double a, double b) { return a + share * (b - a); };
    auto& map = take.frame_from_base[index].m;
    for (std::size_t i = 0; i < map.size(); ++i)
        map[i] = between(take.frame_from_base[before].m[i], take.frame_from_base[after].m[i]);
    for (std::size_t i = 0; i < 3; ++i)
        take.parallax[index][i] = between(take.parallax[before][i], take.parallax[after][i]);
}

/// Frames that match nothing move as those around them do.
void interpolate(const std::vector<bool>& placed, Take& take)
{
    const auto is_placed = [&](std::size_t i) { return placed[i]; };
    const auto all = std::views::iota(std::size_t{0}, placed.size());
    for (const std::size_t i : all) {
        if (placed[i])
            continue;
        const auto after = std::ranges::find_if(all.begin() + i, all.end(), is_placed);
        std::size_t before = i;
        while (before > 0 && !placed[before])
            --before;
        if (!placed[before])
            place_between(take, i, *after, *after, 0);
        else if (after == all.end())
            place_between(take, i, before, before, 0);
        else
            place_between(take, i, before, *after,
                          double(take.frames[i] - take.frames[before]) / (take.frames[*after] - take.frames[before]));
    }
}

}  // namespace

Take still_take(std::span<const FrameFeatures> frames)
{
    Take take;
    for (const FrameFeatures& frame : frames)
        take.frames.push_back(frame.frame);
    take.frame_from_base.resize(frames.size());
    take.parallax.resize(frames.size());
    take.locked_off = true;
    return take;
}

Take register_take(const TakeMatches& matches)
{
    Take take = still_take(matches.frames);
    take.base = matches.base;
    if (matches.pairs.empty())
        return take;

    const double pixel = working_pixel(matches.frames[matches.base]);
    const std::vector<FramePoints> points = points_of(matches);
    std::vector<Homography> base_from_frame = matches.base_from_frame;
    refine_jointly(points, matches.base, kNoise * pixel, base_from_frame);
    take.lost = matches.placed;
    take.lost.flip();
    take.locked_off = is_locked_off(matches, points, base_from_frame);
    if (take.locked_off)
        return take;
    std::ranges::transform(base_from_frame, take.frame_from_base.begin(), inverse);
    add_parallax(take, join_matches(matches.frames, matches.pairs), pixel);
    interpolate(matches.placed, take);
    return take;
}

}  // namespace platefall::cleanplate
