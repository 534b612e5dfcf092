/// All pairs of frames together decide where each frame lies, so that errors of neighbours do not add up.
#pragma once

#include "cleanplate/motion/homography.h"

#include <vector>

namespace platefall::cleanplate {

/// Places of the same thing in two frames.
struct PointPair {
    Vec2 first, second;
    double weight = 1;
};

struct FramePoints {
    int first, second;  ///< indices of frames
    std::vector<PointPair> points;
};

/// Least squares over all pairs, each residual measured in the pixels of the pair's second frame, with the
/// loss of Geman and McClure: pairs of points further off than a few `noise_px` count less and less. Begins
/// with a wide loss and narrows it. The base frame stays the identity; a frame without pairs stays where it
/// is.
///
/// Every frame moves by small changes in its own coordinates, so that a pan may turn as far as it likes from
/// the base.
void refine_jointly(const std::vector<FramePoints>& pairs, std::size_t base, double noise_px,
                    std::vector<Homography>& base_from_frame);

}  // namespace platefall::cleanplate
