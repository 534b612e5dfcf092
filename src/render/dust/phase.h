/// How light turns in dust.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platefall::render::dust {

/// Henyey and Greenstein's phase function, 1/sr; `cosine` of the angle by which light turns.
inline float henyey_greenstein(float g, float cosine)
{
    const float below = 1 + g * g - 2 * g * cosine;
    return (1 - g * g) / (4 * std::numbers::pi_v<float> * below * std::sqrt(below));
}

/// Of light on a wide layer of this optical depth, what comes out behind it, straight or scattered: two streams. Bohren,
/// "Multiple scattering of light and some of its observable consequences", Am. J. Phys. 55 (1987), with absorption.
inline float through_layer(float depth, float albedo, float g)
{
    const float absorbed = std::max(1 - albedo, 1e-4f), turned = 1 - g * albedo;
    const float u = std::sqrt(turned / absorbed), lost = depth * std::sqrt(3 * absorbed * turned);
    if (lost > 40)
        return 0;
    const float grown = std::exp(lost);
    return 4 * u / ((u + 1) * (u + 1) * grown - (u - 1) * (u - 1) / grown);
}

}  // namespace platefall::render::dust
