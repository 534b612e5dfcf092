/// What moves by more than a homography because it is nearer or further than the plane.
#pragma once

#include "cleanplate/tracks.h"

namespace platefall::cleanplate {

/// Finds parallax[t] of the take, whose homographies are known, and the depths of tracks, by minimising
/// the tracks' distances in pixels, one half after the other (the projective case of resection and intersection; Hartley
/// and Zisserman 2004, sections 13.3 and 18.1): the homographies change a little along with it. Leaves the take as it is,
/// without parallax, when homographies alone explain the tracks about as well.
///
/// `pixel` is how large a pixel is in which features were found. Depth is scaled so that one is about a pixel of parallax
/// in the frame that has the most.
void add_parallax(Take& take, const std::vector<Track>& tracks, double pixel);

/// Depths of tracks when all cameras are known: `take` has its homographies and parallax. Returns the median over the
/// tracks of their distance in pixels to where the cameras put them.
double add_depths(Take& take, const std::vector<Track>& tracks, double pixel);

}  // namespace platefall::cleanplate
