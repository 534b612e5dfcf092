/// Noise on integer lattices: the same on every machine, and of a known size, so that what a pixel hides can
/// be left out.
#pragma once

#include "render/vectors.h"

#include <cstdint>

namespace platefall::render {

/// One scale of noise at a place.
struct Wave {
    float value = 0;    ///< about -1 to 1; 0 on average
    V3 slope{0, 0, 0};  ///< of value, per lattice step
};

/// Gradient noise with its exact slope: Perlin, "Improving Noise", SIGGRAPH 2002, with gradients from a hash
/// instead of a table. `x` counts in lattice steps.
Wave gradient_noise(const V3& x, std::uint32_t seed);

/// Smooth noise without a slope, at half the price: values at lattice points, 0 to 1, 0.5 on average.
float value_noise(const V3& x, std::uint32_t seed);

/// The nearest of points that are strewn one a lattice cell: Worley, "A Cellular Texture Basis Function",
/// SIGGRAPH 1996, looking at the eight nearest cells only.
struct Cell {
    V3 from_centre;              ///< lattice steps
    float distance;              ///< its length
    float border;                ///< how much farther the second nearest is
    std::uint32_t hash, second;  ///< of the nearest and the second nearest
};
Cell nearest_cell(const V3& x, std::uint32_t seed);

/// A hash of lattice coordinates.
inline std::uint32_t lattice_hash(int x, int y, int z, std::uint32_t seed)
{
    std::uint32_t h = (static_cast<std::uint32_t>(x) * 0x8da6b343u)
                      ^ (static_cast<std::uint32_t>(y) * 0xd8163841u)
                      ^ (static_cast<std::uint32_t>(z) * 0xcb1ab31fu) ^ (seed * 0x9e3779b1u);
    h ^= h >> 15;
    h *= 0x2c1b3c6du;
    h ^= h >> 13;
    h *= 0x297a2d39u;
    return h ^ (h >> 16);
}

/// std::floor for values within int, without a call.
inline int floor_of(float x)
{
    const int whole = static_cast<int>(x);
    return whole - (x < static_cast<float>(whole) ? 1 : 0);
}

inline float smooth_step(float low, float high, float x)
{
    const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3.0f - 2.0f * t);
}

inline float mixed(float a, float b, float t)
{
    return a + (b - a) * t;
}

inline Colour mixed(const Colour& a, const Colour& b, float t)
{
    return a + (b - a) * t;
}

/// How much of a pattern with this step survives under a pixel of this width: 1 well above it, 0 where it
/// would alias.
inline float shown(float size_m, float width_m)
{
    const float share = smooth_step(0.9f, 2.3f, size_m / width_m);
    return share < 0.04f ? 0.0f : share;  // not worth its price
}

/// The share of a pixel at `x` that a stripe from -half to half covers.
inline float stripe(float x, float half, float width)
{
    return std::max(0.0f, std::min(x + 0.5f * width, half) - std::max(x - 0.5f * width, -half)) / width;
}

/// Where x lies among equal intervals that begin at 0.
struct Course {
    int index;
    float place;  ///< 0 to size
};
inline Course course_of(float x, float size)
{
    const int index = floor_of(x / size);
    return {index, x - static_cast<float>(index) * size};
}

}  // namespace platefall::render
