/// Which frames of a take are held against each other to tell grain from texture.
#pragma once

#include "cleanplate/motion/registration.h"

#include <cstddef>
#include <functional>
#include <optional>

namespace platefall::cleanplate {

/// Of the frames within three of it, the one that shows the middle of `plate` most nearly a whole number of pixels away,
/// so that little of its noise is lost between them; among equals the nearest. Nothing in a take of one frame, nor for a
/// lost one.
std::optional<std::size_t> frame_to_compare(const Take& take, std::size_t index, const Window& plate);

/// The depth that the nearest of the take's supports has in a frame; 0 where there is no parallax.
std::function<double(const Vec2& pixel)> nearest_depth(const Take& take, std::size_t index);

}  // namespace platefall::cleanplate
