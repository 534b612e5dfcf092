/// A slanted plane as if the camera stood in front of it.
#pragma once

#include "cleanplate/fill/patch_level.h"

#include <cstddef>

namespace platefall::cleanplate {

/// What the level shows of one of its planes, flattened, in a level of the same size with the plane's origin in the middle;
/// what lies where the plane is not likely, or is seen less than half or more than twice as large as at its origin, is
/// `ignored`. An offset on the plane is a whole number of pixels there. Of the first plane: the level itself.
Level seen_from_the_front(const Level& level, std::size_t plane);

}  // namespace platefall::cleanplate
