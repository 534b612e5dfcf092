/// The few types that scenes on disk are made of.
#pragma once

namespace platefall {

struct Vec3f {
    float x = 0, y = 0, z = 0;
    bool operator==(const Vec3f&) const = default;
};

/// A rotation; of length 1.
struct Quatf {
    float w = 1, x = 0, y = 0, z = 0;
    bool operator==(const Quatf&) const = default;
};

}  // namespace platefall
