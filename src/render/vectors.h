/// The vectors that rendering computes with, and the way between them and those of scenes on disk.
#pragma once

#include "scene/vectors.h"

#include <Imath/ImathVec.h>

#include <algorithm>

namespace platefall::render {

using V2 = Imath::V2f;
using V3 = Imath::V3f;
using Colour = Imath::V3f;            ///< scene-linear R, G, B of the working space

inline V3 to_v3(const Vec3f& v)
{
    return {v.x, v.y, v.z};
}

inline float luminance(const Colour& c)
{
    return 0.2126f * c.x + 0.7152f * c.y + 0.0722f * c.z;
}

/// A ray; `direction` need not be of unit length, distances count in its lengths.
struct Ray {
    V3 origin, direction;
    float near = 0, far = 1e30f;
    float time = 0;                   ///< within the shutter: 0 when it opens, 1 when it closes
};

}  // namespace platefall::render
