/// Antialiasing without samples: how much of each pixel a polygon covers.
#pragma once

#include <array>
#include <span>

namespace platefall::matte {

/// x right, y down, in pixels; the pixel (0, 0) spans 0..1 both ways.
using Point = std::array<double, 2>;

/// Adds up, for the pixels (x0 + i, y), the area that the closed polygon covers. The area is exact, not
/// sampled, so that a slow move changes every pixel smoothly. Where the polygon covers a pixel several times
/// it counts once; a figure of eight is filled in both loops. Either direction of the points gives the same.
void cover_row(std::span<const Point> polygon, int x0, int y, std::span<float> coverage);

} // namespace platefall::matte
