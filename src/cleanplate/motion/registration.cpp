#include "cleanplate/motion/registration.h"

#include "cleanplate/motion/camera_motion.h"
#include "cleanplate/motion/take_motion.h"

#include <optional>

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
            motion.takes.push_back(std::move(*by_camera));
            found.push_back({first, last, std::vector<bool>(last - first + 1, true), {}});
            continue;
        }
        for (const TakeMatches& range : matches)
            motion.takes.push_back(register_take(range));
        found.insert(found.end(), run.begin(), run.end());
    }
    for (Motion::Note& note : notes_on(found, frames, static_cast<bool>(known.camera)))
        motion.notes.push_back(std::move(note));
    return motion;
}

}  // namespace platefall::cleanplate
