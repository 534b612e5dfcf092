#include "cleanplate/fill/perspective.h"

#include <utility>

namespace platefall::cleanplate {

void Perspective::add(const Plane& plane, Raster<float> shares, float cell_px)
{
    planes_.push_back(plane);
    shares_.push_back(std::move(shares));
    cell_px_ = cell_px;
}

Perspective Perspective::reduced(float factor) const
{
    Perspective result = *this;
    for (Plane& plane : result.planes_)
        plane = {.x0 = (plane.x0 + 0.5f) / factor - 0.5f,
                 .y0 = (plane.y0 + 0.5f) / factor - 0.5f,
                 .across = plane.across * factor,
                 .down = plane.down * factor};
    result.cell_px_ = cell_px_ / factor;
    return result;
}

}  // namespace platefall::cleanplate
