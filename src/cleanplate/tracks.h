/// The same thing through many frames.
#pragma once

#include "cleanplate/frame_pairs.h"

#include <vector>

namespace platefall::cleanplate {

struct Sighting {
    int frame;  ///< index
    Vec2 point;
};

/// Ascending by frame, at most one sighting a frame, at least two.
using Track = std::vector<Sighting>;

struct Tracks {
    std::vector<Track> all;
    std::vector<std::vector<int>> of_feature;  ///< by frame and feature: an index into `all`, or -1

    /// Where `track` is seen in a frame, or nullptr.
    const Sighting* find(int track, int frame) const;
};

/// Joins matches, those between close frames first. A match that would show a track twice in one frame is
/// left out.
Tracks join_matches(const std::vector<FrameFeatures>& frames, const std::vector<FramePair>& pairs);

}  // namespace platefall::cleanplate
