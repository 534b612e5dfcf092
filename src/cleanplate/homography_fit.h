/// Homographies from places of the same things.
#pragma once

#include "cleanplate/homography.h"

#include <platefall/image.h>

#include <array>

namespace platefall::cleanplate {

using Corners = std::array<Vec2, 4>;

Corners corners_of(const Window& window);

/// The map that takes four points, no three of them on a line, exactly to four others.
Homography from_corners(const Corners& from, const Corners& to);

/// Part of the way from the identity to `map` (0..1): the corners of the window go straight.
Homography part_of(const Homography& map, const Window& window, double share);

}  // namespace platefall::cleanplate
