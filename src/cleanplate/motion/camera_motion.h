/// The motion of frames whose camera is known.
#pragma once

#include "cleanplate/motion/take_matches.h"

#include <optional>
#include <span>
#include <vector>

namespace platefall::cleanplate {

/// Frames by their cameras: homographies of the plane at infinity, and depth in one over metres along the base's view
/// axis. Supports come from the depths that are known; where none are, from the features that `matches` tell of, those
/// of one or several ranges that together are `frames`.
///
/// Nothing, and a note, when the camera does not fit what the plate shows.
std::optional<Take> register_with_camera(std::span<const FrameFeatures> frames,
                                         const std::vector<TakeMatches>& matches, const KnownGeometry& known,
                                         std::vector<Motion::Note>& notes);

/// Runs of ranges, first to last, which the camera holds together: it bridges frames that show too little and moves that
/// are too fast. A cut stays one: both sides show enough, the camera has them look at the same, and they do not match.
std::vector<std::vector<TakeRange>> bridge_by_camera(const std::vector<TakeRange>& ranges,
                                                     std::span<const FrameFeatures> frames,
                                                     const KnownGeometry& known);

}  // namespace platefall::cleanplate
