/// How much light arrives at a place, past everything that stands or floats in its way.
#pragma once

#include "render/dust/dust_volume.h"
#include "render/geometry/trace_scene.h"
#include "render/light/light.h"

#include <array>

namespace platefall::render {

/// A place on a surface, in the world.
struct Place {
    V3 at, normal;                    ///< of the flat surface, of length 1
    float time = 0.5f;                ///< within the shutter
};

/// What stands in the way: any may be null.
struct Obstruction {
    const TraceScene* set = nullptr;      ///< never moves, stands on the ground
    const TraceScene* building = nullptr; ///< at rest, or what is left of it
    const DustVolume* dust = nullptr;
};

class Illumination {
public:
    Illumination(const Light& light, const Obstruction& obstruction);

    /// By the sun, on a surface with the normal `relief` there: one ray to a point of its disc.
    Colour sun(const Place& place, const V3& relief, const std::array<float, 2>& u) const;

    /// By everything else, one ray over the cosine's hemisphere: the sky and the ground where it is free, and where it is
    /// not, about what surfaces in a street reflect.
    Colour sky(const Place& place, const V3& relief, const std::array<float, 2>& u) const;

    const Light& light() const { return light_; }

    /// Radiance of what a blocked ray meets, about.
    const Colour& reflected() const { return reflected_; }

private:
    const Light& light_;
    Obstruction in_the_way_;
    Colour reflected_;                ///< radiance of what a blocked ray meets
};

}  // namespace platefall::render
