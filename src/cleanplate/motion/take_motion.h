/// The motion of the frames between two cuts, from what they show.
#pragma once

#include "cleanplate/motion/take_matches.h"

namespace platefall::cleanplate {

/// What moves less at every corner of the picture, does not move.
inline constexpr double kLockedOff_px = 0.05;

/// A take of these frames in which nothing moves.
Take still_take(std::span<const FrameFeatures> frames);

Take register_take(const TakeMatches& matches);

}  // namespace platefall::cleanplate
