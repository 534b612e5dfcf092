/// What moves by more than a homography because it is nearer or further than the plane.
#pragma once

#include "cleanplate/tracks.h"

namespace platefall::cleanplate {

/// Finds parallax[t] of the take, whose homographies are known, and the depths of tracks: a first guess from the frame
/// where the epipole shows most clearly, then projective bundle adjustment with a robust loss (Triggs et al. 2000; Hartley and
/// Zisserman 2004, section 18.1), in which the homographies change a little along with it. Leaves the take as it is, without
/// parallax, when homographies alone explain the tracks about as well.
///
/// `pixel` is how large a pixel is in which features were found. The scale of depth is free.
void add_parallax(Take& take, const std::vector<Track>& tracks, double pixel);

/// Depths of tracks when all cameras are known: `take` has its homographies and parallax. Returns the median over the
/// tracks of their distance in pixels to where the cameras put them.
double add_depths(Take& take, const std::vector<Track>& tracks, double pixel);

}  // namespace platefall::cleanplate
