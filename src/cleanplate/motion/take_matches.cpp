#include "cleanplate/motion/take_matches.h"

#include "base/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace platefall::cleanplate {
namespace {

constexpr double kFewestOverlap = 0.25;  // of two frames that are worth matching

using Ends = std::pair<int, int>;

Vec2 centre_of(const Window& window)
{
    return {(window.x0 + window.x1) / 2.0, (window.y0 + window.y1) / 2.0};
}

/// Steps from the first placed frame along the links, the strongest first; each is made from a frame that is there.
struct Step {
    int from, to;
    Homography to_from_from;
};

std::vector<Step> spanning_steps(const TakeMatches& take)
{
    std::vector<bool> there(take.frames.size());
    const auto first = std::find(take.placed.begin(), take.placed.end(), true);
    there[static_cast<std::size_t>(first - take.placed.begin())] = true;
    std::vector<Step> steps;
    while (true) {
        const FramePair* best = nullptr;
        for (const FramePair& pair : take.pairs)
            if (there[pair.first] != there[pair.second] && (!best || pair.followers > best->followers))
                best = &pair;
        if (!best)
            return steps;
        steps.push_back(there[best->first] ? Step{best->first, best->second, best->second_from_first}
                                           : Step{best->second, best->first, inverse(best->second_from_first)});
        there[steps.back().to] = true;
    }
}

/// The frame in the middle of the camera's move, so that no frame is far from the base: the sums of the steps of the
/// picture's centre unroll a pan, which a single projection could not.
std::size_t middle_frame(const TakeMatches& take, const std::vector<Step>& steps)
{
    std::vector<Vec2> way(take.frames.size());
    Vec2 low{}, high{};
    for (const Step& step : steps) {
        const Vec2 centre = centre_of(take.frames[step.from].window), moved = step.to_from_from(centre);
        for (std::size_t axis = 0; axis < 2; ++axis) {
            way[step.to][axis] = way[step.from][axis] + centre[axis] - moved[axis];
            low[axis] = std::min(low[axis], way[step.to][axis]);
            high[axis] = std::max(high[axis], way[step.to][axis]);
        }
    }
    std::size_t middle = 0;
    double nearest = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < way.size(); ++i) {
        const double distance = std::hypot(way[i][0] - (low[0] + high[0]) / 2, way[i][1] - (low[1] + high[1]) / 2);
        if (take.placed[i] && distance < nearest) {
            nearest = distance;
            middle = i;
        }
    }
    return middle;
}

std::vector<Homography> chained(const TakeMatches& take, const std::vector<Step>& steps)
{
    std::vector<Homography> first_from_frame(take.frames.size());
    for (const Step& step : steps)
        first_from_frame[step.to] = compose(first_from_frame[step.from], inverse(step.to_from_from));
    const Homography base_from_first = inverse(first_from_frame[take.base]);
    for (Homography& map : first_from_frame)
        map = compose(base_from_first, map);
    return first_from_frame;
}

/// Frames 2, 4, 8 ... apart, ever fewer of them, and every frame with the base: linear in the number of frames.
std::vector<Ends> wider_pairs(const TakeMatches& take)
{
    const int count = static_cast<int>(take.frames.size()), base = static_cast<int>(take.base);
    std::set<Ends> ends;
    for (int span = 2; span < count; span *= 2)
        for (int first = 0; first + span < count; first += span / 2)
            ends.emplace(first, first + span);
    for (int i = 0; i < count; ++i)
        if (i != base)
            ends.emplace(std::min(i, base), std::max(i, base));
    for (const FramePair& known : take.pairs)
        ends.erase({known.first, known.second});
    std::erase_if(ends, [&](const Ends& pair) { return !take.placed[pair.first] || !take.placed[pair.second]; });
    return {ends.begin(), ends.end()};
}

void add_wider_pairs(TakeMatches& take)
{
    const std::vector<Ends> ends = wider_pairs(take);
    std::vector<FramePair> wider(ends.size());
    parallel_each(static_cast<int>(ends.size()), [&](int i) {
        const auto [first, second] = ends[i];
        const Homography map = compose(inverse(take.base_from_frame[second]), take.base_from_frame[first]);
        if (overlap(take.frames[first].window, take.frames[second].window, map) >= kFewestOverlap)
            wider[i] = pair_frames_near(take.frames, first, second, map);
    });
    std::erase_if(wider, [](const FramePair& pair) { return pair.matches.empty(); });
    take.pairs.insert(take.pairs.end(), wider.begin(), wider.end());
}

}  // namespace

TakeMatches match_take(std::span<const FrameFeatures> frames, const TakeRange& range)
{
    TakeMatches take;
    take.frames = frames.subspan(range.first, range.last - range.first + 1);
    take.placed = range.placed;
    take.pairs = range.links;
    for (FramePair& pair : take.pairs) {
        pair.first -= range.first;
        pair.second -= range.first;
    }
    const std::vector<Step> steps = spanning_steps(take);
    take.base = middle_frame(take, steps);
    take.base_from_frame = chained(take, steps);
    add_wider_pairs(take);
    return take;
}

}  // namespace platefall::cleanplate
