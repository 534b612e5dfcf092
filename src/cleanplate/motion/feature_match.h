/// Which features of two frames show the same thing.
#pragma once

#include "cleanplate/motion/registration.h"

#include <vector>

namespace platefall::cleanplate {

struct Match {
    int first, second;  ///< indices of features in the two frames
    bool operator==(const Match&) const = default;
};

/// Compares everything with everything. A match is the best one for both of its features and clearly better
/// than the second best (Lowe 2004). Ascending by `first`.
std::vector<Match> match_everywhere(const FrameFeatures& first, const FrameFeatures& second);

/// The same, but only features within `radius_px` of where `second_from_first` puts them are compared, so
/// that windows of a facade are not taken for one another.
std::vector<Match> match_near(const FrameFeatures& first, const FrameFeatures& second,
                              const Homography& second_from_first, double radius_px);

}  // namespace platefall::cleanplate
