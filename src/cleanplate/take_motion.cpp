#include "cleanplate/take_motion.h"

#include "base/parallel.h"
#include "cleanplate/homography_fit.h"
#include "cleanplate/parallax.h"
#include "cleanplate/refine.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace platefall::cleanplate {
namespace {

constexpr double kNoise = 1.0;       // working pixels; where a feature's misplacement begins to count less
constexpr double kLockedOff = 0.05;  // px; what moves less at every corner, does not move
constexpr double kFewestOverlap = 0.25;  // of two frames that are worth matching
constexpr int kMostMatches = 500;        // of one pair of frames, in the refinement
constexpr double kMaybeGrain = 0.25;     // working pixels; a motion that small may be none
constexpr double kNoWorse = 1.05;        // of the median distance
constexpr double kNear = 1.5;            // working pixels; what lies on the plane
constexpr std::size_t kMostSupports = 4000;
constexpr int kNoFrame = -1;

/// The frames of one take, numbered from 0, and how they are matched with each other.
struct Graph {
    std::vector<FrameFeatures> frames;
    std::vector<bool> placed;
    std::vector<FramePair> pairs;
};

Graph graph_of(const std::vector<FrameFeatures>& frames, const TakeRange& range)
{
    Graph graph{.frames = {frames.begin() + range.first, frames.begin() + range.last + 1},
                .placed = range.placed,
                .pairs = range.links};
    for (FramePair& pair : graph.pairs) {
        pair.first -= range.first;
        pair.second -= range.first;
    }
    return graph;
}

Vec2 centre_of(const Window& window)
{
    return {(window.x0 + window.x1) / 2.0, (window.y0 + window.y1) / 2.0};
}

/// Steps from the first placed frame along the links, the strongest first; each is made from a frame that is
/// there.
struct Step {
    int from, to;
    Homography to_from_from;
};

std::vector<Step> spanning_steps(const Graph& graph)
{
    std::vector<bool> there(graph.frames.size());
    const auto first = std::find(graph.placed.begin(), graph.placed.end(), true);
    there[first - graph.placed.begin()] = true;
    std::vector<Step> steps;
    while (true) {
        const FramePair* best = nullptr;
        for (const FramePair& pair : graph.pairs)
            if (there[pair.first] != there[pair.second] && (!best || pair.followers > best->followers))
                best = &pair;
        if (!best)
            return steps;
        steps.push_back(there[best->first]
                            ? Step{best->first, best->second, best->second_from_first}
                            : Step{best->second, best->first, inverse(best->second_from_first)});
        there[steps.back().to] = true;
    }
}

/// The frame in the middle of the camera's move, so that no frame is far from the base: the sums of the steps
/// of the picture's centre unroll a pan, which a single projection could not.
int middle_frame(const Graph& graph, const std::vector<Step>& steps)
{
    std::vector<Vec2> way(graph.frames.size());
    Vec2 low{}, high{};
    for (const Step& step : steps) {
        const Vec2 centre = centre_of(graph.frames[step.from].window), moved = step.to_from_from(centre);
        for (std::size_t axis = 0; axis < 2; ++axis) {
            way[step.to][axis] = way[step.from][axis] + centre[axis] - moved[axis];
            low[axis] = std::min(low[axis], way[step.to][axis]);
            high[axis] = std::max(high[axis], way[step.to][axis]);
        }
    }
    int middle = kNoFrame;
    double nearest = std::numeric_limits<double>::max();
    for (int i = 0; i < static_cast<int>(way.size()); ++i) {
        const double distance =
            std::hypot(way[i][0] - (low[0] + high[0]) / 2, way[i][1] - (low[1] + high[1]) / 2);
        if (graph.placed[i] && distance < nearest) {
            nearest = distance;
            middle = i;
        }
    }
    return middle;
}

std::vector<Homography> chained(const Graph& graph, const std::vector<Step>& steps, int base)
{
    std::vector<Homography> first_from_frame(graph.frames.size());
    for (const Step& step : steps)
        first_from_frame[step.to] = compose(first_from_frame[step.from], inverse(step.to_from_from));
    const Homography base_from_first = inverse(first_from_frame[base]);
    for (Homography& map : first_from_frame)
        map = compose(base_from_first, map);
    return first_from_frame;
}

/// Frames 2, 4, 8 ... apart, ever fewer of them, and every frame with the base: linear in the number of
/// frames.
std::vector<std::pair<int, int>> wider_pairs(const Graph& graph, int base)
{
    const int count = static_cast<int>(graph.frames.size());
    std::vector<std::pair<int, int>> ends;
    for (int span = 2; span < count; span *= 2)
        for (int first = 0; first + span < count; first += span / 2)
            ends.emplace_back(first, first + span);
    for (int i = 0; i < count; ++i)
        if (i != base)
            ends.emplace_back(std::min(i, base), std::max(i, base));
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    std::erase_if(ends, [&](const auto& pair) {
        return !graph.placed[pair.first] || !graph.placed[pair.second]
               || std::any_of(graph.pairs.begin(), graph.pairs.end(), [&](const FramePair& known) {
                      return known.first == pair.first && known.second == pair.second;
                  });
    });
    return ends;
}

void add_wider_pairs(Graph& graph, const std::vector<Homography>& base_from_frame, int base)
{
    const auto ends = wider_pairs(graph, base);
    std::vector<FramePair> wider(ends.size());
    parallel_each(static_cast<int>(ends.size()), [&](int i) {
        const auto [first, second] = ends[i];
        const Homography map = compose(inverse(base_from_frame[second]), base_from_frame[first]);
        if (overlap(graph.frames[first].window, graph.frames[second].window, map) >= kFewestOverlap)
            wider[i] = pair_frames_near(graph.frames, first, second, map);
    });
    std::erase_if(wider, [](const FramePair& pair) { return pair.matches.empty(); });
    graph.pairs.insert(graph.pairs.end(), wider.begin(), wider.end());
}

std::vector<FramePoints> points_of(const Graph& graph)
{
    std::vector<FramePoints> all;
    for (const FramePair& pair : graph.pairs) {
        FramePoints points{.first = pair.first, .second = pair.second, .points = {}};
        const std::size_t stride = pair.matches.size() / kMostMatches + 1;
        for (std::size_t i = 0; i < pair.matches.size(); i += stride)
            points.points.push_back({.first = graph.frames[pair.first].points[pair.matches[i].first],
                                     .second = graph.frames[pair.second].points[pair.matches[i].second]});
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
double farthest_corner(const Graph& graph, const std::vector<Homography>& base_from_frame)
{
    double farthest = 0;
    for (std::size_t i = 0; i < graph.frames.size(); ++i)
        for (const Vec2& corner : corners_of(graph.frames[i].window)) {
            const Vec2 there = base_from_frame[i](corner);
            farthest = std::max(farthest, std::hypot(there[0] - corner[0], there[1] - corner[1]));
        }
    return farthest;
}

/// Nothing moves, or what seems to is grain: the features lie no worse when nothing does.
bool is_locked_off(const Graph& graph, const std::vector<FramePoints>& points,
                   const std::vector<Homography>& base_from_frame)
{
    const double moved_px = farthest_corner(graph, base_from_frame);
    if (moved_px < kLockedOff)
        return true;
    if (moved_px > kMaybeGrain * working_pixel(graph.frames.front()))
        return false;
    const std::vector<Homography> still(graph.frames.size());
    return median_distance(points, still) < kNoWorse * median_distance(points, base_from_frame);
}

/// Frames that match nothing move as those around them do.
void interpolate(const Graph& graph, std::vector<Homography>& base_from_frame)
{
    const int count = static_cast<int>(graph.frames.size());
    for (int i = 0; i < count; ++i) {
        if (graph.placed[i])
            continue;
        int before = i, after = i;
        while (before >= 0 && !graph.placed[before])
            --before;
        while (after < count && !graph.placed[after])
            ++after;
        if (before < 0 || after == count) {
            base_from_frame[i] = base_from_frame[before < 0 ? after : before];
            continue;
        }
        const Homography before_from_after =
            compose(inverse(base_from_frame[before]), base_from_frame[after]);
        const double share = double(graph.frames[i].frame - graph.frames[before].frame)
                             / (graph.frames[after].frame - graph.frames[before].frame);
        base_from_frame[i] =
            compose(base_from_frame[before], part_of(before_from_after, graph.frames[i].window, share));
    }
}

}  // namespace

Take register_take(const std::vector<FrameFeatures>& frames, const TakeRange& range)
{
    Graph graph = graph_of(frames, range);
    Take take;
    take.locked_off = true;
    for (const FrameFeatures& frame : graph.frames)
        take.frames.push_back(frame.frame);
    std::vector<Homography> maps(graph.frames.size());
    take.frame_from_base = maps;
    take.parallax.resize(maps.size());
    if (graph.pairs.empty())
        return take;

    const std::vector<Step> steps = spanning_steps(graph);
    const int base = middle_frame(graph, steps);
    maps = chained(graph, steps, base);
    add_wider_pairs(graph, maps, base);

    const std::vector<FramePoints> points = points_of(graph);
    refine_jointly(points, static_cast<std::size_t>(base), kNoise * working_pixel(graph.frames[base]), maps);
    take.locked_off = is_locked_off(graph, points, maps);
    if (take.locked_off)
        maps.assign(maps.size(), Homography{});
    interpolate(graph, maps);
    take.base = static_cast<std::size_t>(base);
    for (std::size_t i = 0; i < maps.size(); ++i)
        take.frame_from_base[i] = inverse(maps[i]);
    if (!take.locked_off)
        add_parallax(take, join_matches(graph.frames, graph.pairs).all, working_pixel(graph.frames[base]));
    return take;
}

}  // namespace platefall::cleanplate
