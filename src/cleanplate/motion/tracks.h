/// The same thing through many frames.
#pragma once

#include "cleanplate/motion/frame_pairs.h"

#include <span>
#include <vector>

namespace platefall::cleanplate {

struct Sighting {
    int frame;  ///< index
    Vec2 point;
};

/// Ascending by frame, at most one sighting a frame, at least two.
using Track = std::vector<Sighting>;

/// Joins matches, those between close frames first. A match that would show a track twice in one frame is left out.
std::vector<Track> join_matches(std::span<const FrameFeatures> frames, const std::vector<FramePair>& pairs);

}  // namespace platefall::cleanplate
