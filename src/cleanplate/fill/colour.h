/// R G B in stops.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace platefall::cleanplate {

using Colour = std::array<float, 3>;

inline Colour plus(const Colour& a, const Colour& b)
{
    return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}

inline Colour minus(const Colour& a, const Colour& b)
{
    return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

inline Colour times(float factor, const Colour& colour)
{
    return {factor * colour[0], factor * colour[1], factor * colour[2]};
}

inline float largest_of(const Colour& colour)
{
    return std::max({std::abs(colour[0]), std::abs(colour[1]), std::abs(colour[2])});
}

/// 1 at 0, a half at 1, and next to nothing from there on.
inline float falling(float x)
{
    return 1 / (1 + x * x * x * x);
}

/// 1 where they are the same, a half where they are `limit` stops apart, and next to nothing from there on.
inline float likeness(const Colour& a, const Colour& b, float limit)
{
    return falling(largest_of(minus(a, b)) / limit);
}

}  // namespace platefall::cleanplate
