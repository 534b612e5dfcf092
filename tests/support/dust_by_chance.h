/// The slow and certain way to see dust: one photon at a time.
#pragma once

#include "render/vectors.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>

namespace platefall::render {

/// Dust whose extinction (1/m) is known everywhere and nowhere more than `most`, in a box, in the light of a sun. Woodcock's
/// delta tracking: flights of constant mean length, of which some end nowhere.
struct DustByChance {
    std::function<float(const V3& at)> extinction;
    float most = 1;
    V3 low{0}, high{1};
    float albedo = 0.9f, anisotropy = 0.6f;
    V3 to_sun{0, 1, 0};
    float sun = 1;                    ///< irradiance

    /// Whether light comes through; on average the transmittance.
    bool passes(V3 at, const V3& direction, std::uint64_t& random) const { return !collides(at, direction, random); }

    /// One estimate of what a ray sees, scattered as often as light is.
    float radiance(V3 at, V3 direction, std::uint64_t& random) const
    {
        float seen = 0, weight = 1;
        while (weight > 0 && collides(at, direction, random)) {
            weight *= albedo;
            if (passes(at, to_sun, random))
                seen += weight * sun * phase(direction.dot(to_sun));
            direction = scattered(direction, random);
            if (weight < 0.1f)
                weight = unit(random) < 0.5f ? 0.0f : 2 * weight;
        }
        return seen;
    }

    static float unit(std::uint64_t& random)
    {
        random = random * 6364136223846793005u + 1442695040888963407u;      // Knuth's, the high bits of it
        return static_cast<float>(random >> 40) * 0x1p-24f;
    }

private:
    /// Moves `at` to where the next collision is.
    bool collides(V3& at, const V3& direction, std::uint64_t& random) const
    {
        float from = 0, to = 1e30f;
        for (int axis = 0; axis < 3; ++axis) {
            const float d = std::abs(direction[axis]) < 1e-9f ? 1e-9f : direction[axis];
            const float a = (low[axis] - at[axis]) / d, b = (high[axis] - at[axis]) / d;
            from = std::max(from, std::min(a, b));
            to = std::min(to, std::max(a, b));
        }
        const V3 start = at;
        for (float distance = from;;) {
            distance -= std::log(1 - unit(random)) / most;
            if (!(distance < to))
                return false;
            at = start + direction * distance;
            if (unit(random) * most < extinction(at))
                return true;
        }
    }

    float phase(float cosine) const
    {
        const float g = anisotropy;
        return (1 - g * g) / (4 * std::numbers::pi_v<float> * std::pow(1 + g * g - 2 * g * cosine, 1.5f));
    }

    /// Draws from Henyey and Greenstein's phase function.
    V3 scattered(const V3& d, std::uint64_t& random) const
    {
        const float g = anisotropy, part = (1 - g * g) / (1 - g + 2 * g * unit(random));
        const float cosine = (1 + g * g - part * part) / (2 * g), sine = std::sqrt(std::max(0.0f, 1 - cosine * cosine));
        const float turn = 2 * std::numbers::pi_v<float> * unit(random);
        const V3 aside = d.cross(std::abs(d.y) < 0.9f ? V3(0, 1, 0) : V3(1, 0, 0)).normalized(), up = d.cross(aside);
        return (d * cosine + (aside * std::cos(turn) + up * std::sin(turn)) * sine).normalized();
    }
};

}  // namespace platefall::render
