#include "cleanplate/registration.h"

#include "cleanplate/take_motion.h"
#include "cleanplate/takes.h"

namespace platefall::cleanplate {

Motion register_frames(const std::vector<FrameFeatures>& frames, const KnownGeometry&)
{
    const std::vector<TakeRange> ranges = split_into_takes(frames);
    Motion motion{.takes = {}, .notes = notes_on(ranges, frames)};
    for (const TakeRange& range : ranges)
        motion.takes.push_back(register_take(frames, range));
    return motion;
}

}  // namespace platefall::cleanplate
