/// Dust and light that tests know everything about.
#pragma once

#include "render/dust/dust_volume.h"

#include <cmath>
#include <functional>

namespace platefall::render {

/// A box of `cells`^3 cells of `cell_m` with its lowest corner at the origin, `kg_m3` of fine dust in it by place.
inline DustFrame dust_in_box(int cells, float cell_m, const std::function<float(const V3& at)>& kg_m3)
{
    DustFrame frame{.low = {}, .cell_m = cell_m, .cells = {cells, cells, cells}, .density = {}, .velocity = {}, .strain = {}};
    for (int z = 0; z < cells; ++z)
        for (int y = 0; y < cells; ++y)
            for (int x = 0; x < cells; ++x)
                frame.density[0].push_back(kg_m3(
                    cell_m * V3(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f, static_cast<float>(z) + 0.5f)));
    frame.density[1].assign(frame.density[0].size(), 0.0f);
    frame.velocity.resize(frame.density[0].size() / 8);
    frame.strain.resize(frame.velocity.size());
    return frame;
}

/// Extinction 1/m where there is 1 kg/m3.
inline DustLook plain_look()
{
    DustLook look;
    look.extinction_m2_kg = 1;
    look.detail = 0;
    return look;
}

inline Light sun_only(const V3& to_sun, const Colour& irradiance = Colour(1))
{
    Light light;
    light.to_sun = to_sun.normalized();
    light.sun = irradiance;
    return light;
}

inline Ray ray_from(const V3& origin, const V3& direction)
{
    Ray ray;
    ray.origin = origin;
    ray.direction = direction;
    ray.time = 0.5f;
    return ray;
}

/// The mean over evenly spread jitters.
inline DustAlong mean_along(const DustVolume& volume, const Ray& ray, int jitters)
{
    DustAlong mean{.light = Colour(0), .transmittance = 0, .depth = 0};
    const float part = 1 / static_cast<float>(jitters);
    for (int i = 0; i < jitters; ++i) {
        const DustAlong one = volume.along(ray, (static_cast<float>(i) + 0.5f) * part);
        mean.light += part * one.light;
        mean.transmittance += part * one.transmittance;
        mean.depth += part * one.depth;
    }
    return mean;
}

}  // namespace platefall::render
