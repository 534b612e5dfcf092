/// A stretch of one row, channel by channel, so that the inner loops run over plain arrays.
#pragma once

#include <array>

namespace platefall::comp {

struct RowPlanes {
    std::array<float*, 3> colour{}; ///< the first only when everything is luminance
    float* alpha = nullptr;
    float* generated = nullptr; ///< how much was generated, premultiplied as the colour is
    float* coverage = nullptr;  ///< matte x holdouts x opacity; of a layer only
};

/// The same planes, further right.
inline RowPlanes shifted(RowPlanes planes, int pixels)
{
    for (float*& plane : planes.colour)
        plane = plane ? plane + pixels : nullptr;
    for (float** plane : {&planes.alpha, &planes.generated, &planes.coverage})
        *plane = *plane ? *plane + pixels : nullptr;
    return planes;
}

} // namespace platefall::comp
