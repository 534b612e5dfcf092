/// Where the range is cut, and which frames nothing can be said about.
#pragma once

#include "cleanplate/motion/frame_pairs.h"

#include <span>
#include <vector>

namespace platefall::cleanplate {

/// Frames between two cuts, as indices [first, last].
struct TakeRange {
    int first = 0, last = 0;
    std::vector<bool>
        placed;  ///< one a frame of the range: matched, directly or by others, with the most of them
    std::vector<FramePair> links;  ///< that matched, between placed frames
};

/// Neighbours are matched; where they do not match, frames up to four apart, so that up to three spoilt
/// frames do not make a cut.
std::vector<TakeRange> split_into_takes(std::span<const FrameFeatures> frames);

/// What the user should know of cuts, and of frames that stand alone or between others.
std::vector<Motion::Note> notes_on(const std::vector<TakeRange>& takes, std::span<const FrameFeatures> frames,
                                   bool has_camera);

}  // namespace platefall::cleanplate
