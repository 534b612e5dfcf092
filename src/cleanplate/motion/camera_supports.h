/// Depths that were given, where a take wants them.
#pragma once

#include "cleanplate/motion/registration.h"

#include <vector>

namespace platefall::cleanplate {

/// A grid over every depth picture of the take's frames, moved into its base, less what several of them agree on. The
/// take has the homographies and parallax of its cameras.
std::vector<Take::Support> supports_of_depths(const std::vector<KnownGeometry::Depth>& depths, const Take& take);

}  // namespace platefall::cleanplate
