/// The frames between two cuts and how they are matched.
#pragma once

#include "cleanplate/motion/takes.h"

#include <span>
#include <vector>

namespace platefall::cleanplate {

struct TakeMatches {
    std::span<const FrameFeatures> frames;    ///< of the take
    std::vector<bool> placed;                 ///< as in TakeRange
    std::vector<FramePair> pairs;             ///< neighbours and wider ones; indices into `frames`
    std::size_t base = 0;                     ///< in the middle of the camera's move
    std::vector<Homography> base_from_frame;  ///< roughly: neighbours chained
};

/// `frames` are all frames of the shot, of which the range is a part.
TakeMatches match_take(std::span<const FrameFeatures> frames, const TakeRange& range);

}  // namespace platefall::cleanplate
