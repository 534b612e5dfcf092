#include "cleanplate/motion/registration.h"

#include "cleanplate/motion/camera_motion.h"
#include "cleanplate/motion/take_motion.h"

#include <algorithm>
#include <optional>
#include <span>

namespace platefall::cleanplate {
namespace {

/// Runs of ranges that may make one take.
std::vector<std::vector<TakeRange>> runs_of(const std::vector<FrameFeatures>& frames, const KnownGeometry& known)
{
    const std::vector<TakeRange> ranges = split_into_takes(frames);
    if (known.camera)
        return bridge_by_camera(ranges, frames, known);
    std::vector<std::vector<TakeRange>> runs;
    for (const TakeRange& range : ranges)
        runs.push_back({range});
    return runs;
}

/// Lets frames from `first` to `last` belong to a take in which nothing moves.
void widen(std::span<const FrameFeatures> frames, int first, int last, TakeRange& range, Take& take)
{
    const int before = range.first - first, after = last - range.last;
    range.placed.insert(range.placed.begin(), static_cast<std::size_t>(before), false);
    range.placed.insert(range.placed.end(), static_cast<std::size_t>(after), false);
    range.first = first;
    range.last = last;
    const std::size_t base = take.base + static_cast<std::size_t>(before);
    take = still_take(frames.subspan(static_cast<std::size_t>(first), range.placed.size()));
    take.base = base;
    take.lost = range.placed;
    take.lost.flip();
}

/// Covered frames between others move as these do. At the ends of the shot there is something on one side only, which is
/// enough where nothing moves.
void join_covered_ends(std::span<const FrameFeatures> frames, std::vector<TakeRange>& ranges, std::vector<Take>& takes)
{
    const auto shows = [&](const TakeRange& range) { return range.first < range.last || !frames[range.first].covered; };
    const auto stands_still = [&](std::size_t i) { return takes[i].locked_off && takes[i].frames.size() > 1; };
    if (std::ranges::none_of(ranges, shows))
        return;
    const auto behind_last = std::find_if(ranges.rbegin(), ranges.rend(), shows).base();
    if (const auto count = static_cast<std::size_t>(behind_last - ranges.begin()); stands_still(count - 1)) {
        ranges.resize(count);
        takes.resize(count);
        widen(frames, ranges.back().first, static_cast<int>(frames.size()) - 1, ranges.back(), takes.back());
    }
    const auto first = std::ranges::find_if(ranges, shows) - ranges.begin();
    if (stands_still(static_cast<std::size_t>(first))) {
        ranges.erase(ranges.begin(), ranges.begin() + first);
        takes.erase(takes.begin(), takes.begin() + first);
        widen(frames, 0, ranges.front().last, ranges.front(), takes.front());
    }
}

}  // namespace

Motion register_frames(const std::vector<FrameFeatures>& frames, const KnownGeometry& known)
{
    Motion motion;
    std::vector<TakeRange> found;
    for (const std::vector<TakeRange>& run : runs_of(frames, known)) {
        const int first = run.front().first, last = run.back().last;
        std::vector<TakeMatches> matches;
        for (const TakeRange& range : run)
            matches.push_back(match_take(frames, range));
        std::optional<Take> by_camera;
        if (known.camera)
            by_camera = register_with_camera(std::span(frames).subspan(first, last - first + 1), matches, known,
                                             motion.notes);
        if (by_camera) {
            by_camera->by_camera = true;
            motion.takes.push_back(std::move(*by_camera));
            found.push_back({first, last, std::vector<bool>(last - first + 1, true), {}});
            continue;
        }
        for (const TakeMatches& range : matches)
            motion.takes.push_back(register_take(range));
        found.insert(found.end(), run.begin(), run.end());
    }
    join_covered_ends(frames, found, motion.takes);
    for (Motion::Note& note : notes_on(found, frames, static_cast<bool>(known.camera)))
        motion.notes.push_back(std::move(note));
    return motion;
}

}  // namespace platefall::cleanplate
