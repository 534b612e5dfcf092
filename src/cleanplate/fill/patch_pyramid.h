/// The picture around a hole at halving sizes, as patches see it.
#pragma once

#include "cleanplate/fill/patch_fill.h"
#include "cleanplate/fill/patch_level.h"

#include <vector>

namespace platefall::cleanplate {

/// The part of the picture that takes part: the hole's bounding box and one and a half times its size around
/// it, at least 256 pixels. Empty when there is no hole.
Window part_to_solve(const FillRequest& request);

/// Finest first. Stops where the hole is a few patches across, or where too few patches would be left to
/// copy. At least one level, which may have no source.
///
/// What must not be copied and lies near the hole is filled along with it, so that the background goes on
/// behind it; farther away it is ignored.
std::vector<Level> make_pyramid(const FillRequest& request, const Window& part);

/// Sets the guess in the level's hole from a picture: the level is that many halvings down from the full
/// size.
void guess_from(const Image& prior, const Window& part, int halvings, Level& level);

}  // namespace platefall::cleanplate
