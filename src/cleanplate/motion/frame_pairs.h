/// Two frames at a time: what they both show, and whether they belong to one camera move.
#pragma once

#include "cleanplate/motion/feature_match.h"
#include "cleanplate/motion/registration.h"

#include <span>
#include <vector>

namespace platefall::cleanplate {

struct FramePair {
    int first = 0, second = 0;  ///< indices of frames, first < second
    std::vector<Match> matches;
    Homography second_from_first;  ///< the one that most matches follow
    int followers = 0;             ///< how many do
    bool linked = false;           ///< enough of them, for a map that a camera can make
};

/// One pixel at the size at which features were found, in pixels of the plate.
double working_pixel(const FrameFeatures& features);

/// Matches everything with everything; the homography by MAGSAC++ (Barath et al. 2020) with a fixed seed.
FramePair pair_frames(std::span<const FrameFeatures> frames, int first, int second);

/// Matches around where `second_from_first` is expected to put things.
FramePair pair_frames_near(std::span<const FrameFeatures> frames, int first, int second,
                           const Homography& second_from_first);

/// The share of the first frame that the second sees, from 0 to 1, on a coarse grid.
double overlap(const Window& first, const Window& second, const Homography& second_from_first);

}  // namespace platefall::cleanplate
