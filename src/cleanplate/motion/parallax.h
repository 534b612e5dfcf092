/// What moves by more than a homography because it is nearer or further than the plane.
#pragma once

#include "cleanplate/motion/tracks.h"

#include <cstddef>

namespace platefall::cleanplate {

/// Finds parallax[t] of the take, whose homographies are known, and the depths of tracks: a first guess from the frame
/// where the epipole shows most clearly, then projective bundle adjustment, in which the homographies change a little
/// along with it. Leaves the take as it is, without parallax, when homographies alone explain the tracks about as well.
///
/// `pixel` is how large a pixel is in which features were found. The scale of depth is free.
void add_parallax(Take& take, const std::vector<Track>& tracks, double pixel);

/// How well cameras fit what was seen.
struct CameraFit {
    std::size_t tracks = 0;   ///< that were looked at
    double median_px = 0;     ///< over the tracks: how far their sightings are from where the cameras put them
};

/// Depths of tracks when all cameras are known: `take` has its homographies, of the plane at infinity, and parallax.
/// Nothing is further than infinity.
CameraFit add_depths(Take& take, const std::vector<Track>& tracks, double pixel);

}  // namespace platefall::cleanplate
