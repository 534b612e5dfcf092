/// Where the holes of a picture are.
#pragma once

#include <platefall/image.h>

#include <vector>

namespace platefall::model {

/// A box around each hole (channel 0 of `matte` above 0), in the order of their first rows. Holes whose surroundings,
/// `reach` times the size of their box and at least 32 pixels on each side, meet each other share one box.
std::vector<Window> boxes_around_holes(const Image& matte, double reach);

/// That much larger on each side.
Window with_surroundings(const Window& box, double reach);

}  // namespace platefall::model
