/// The outline of a roto shape as a polygon.
#pragma once

#include "matte/coverage.h"

#include <span>
#include <vector>

namespace platefall::matte {

/// A closed smooth curve through the points: Catmull-Rom splines with centripetal knots, which make neither
/// loops nor cusps between points (Yuksel, Schaefer, Keyser 2011). The polygon stays within about 0.01 px of
/// the curve. Needs three points.
std::vector<Point> smooth_outline(std::span<const Point> points);

} // namespace platefall::matte
