/// How the frames of a take map onto each other.
#pragma once

#include "cleanplate/motion/registration.h"
#include "image/view_map.h"

#include <platefall/camera.h>

#include <cstddef>
#include <vector>

namespace platefall::cleanplate {

/// Of a take's frame `to`, for pixels of its frame `from` with depths as frame `from` has them.
ViewMap view_map(const Take& take, std::size_t to, std::size_t from);

/// The depth that a place has in the frame `to`, which has `depth` at `pixel` of the take's base frame.
double depth_in(const Take& take, std::size_t to, const Vec2& base_pixel, double depth);

}  // namespace platefall::cleanplate
