/// A box of the set as the camera sees it.
#pragma once

#include "matte/coverage.h"

#include <platefall/camera.h>
#include <platefall/image.h>

#include <vector>

namespace platefall::matte {

/// Its sides are parallel to the axes; one extent may be 0, which makes it a wall or a floor.
struct Box {
    Vec3 low_m{}, high_m{};
};

/// The outline of its silhouette, convex, in pixels of a picture whose display window the film back spans. Of a box that
/// reaches behind the camera, what lies in front; no points when all of it lies behind.
std::vector<Point> outline_of(const Box& box, const Camera& camera, const Window& display);

} // namespace platefall::matte
