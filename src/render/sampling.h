/// Random numbers of a picture: the same for a pixel of a frame, whoever asks for them and when.
#pragma once

#include "render/vectors.h"

#include <array>
#include <cstdint>

namespace platefall::render {

/// A stream of well spread samples for one pixel: sample `index` of each dimension pair lies where the others of the
/// pixel do not. Sobol's first two dimensions, shuffled and scrambled by hashes after Owen: Burley, "Practical
/// Hash-based Owen Scrambling", JCGT 9(4), 2020.
class PixelSamples {
public:
    /// `seed` says whose: of the shot, the stage and what for.
    PixelSamples(std::uint64_t seed, int frame, int x, int y);

    /// Two numbers in [0, 1); pairs of different dimensions do not depend on each other.
    std::array<float, 2> pair(std::uint32_t index, std::uint32_t dimension) const;

    /// The first number of that pair.
    float one(std::uint32_t index, std::uint32_t dimension) const;

private:
    std::uint32_t key_;
};

/// Mixes a value into a hash; a starting value may be anything.
std::uint32_t hashed(std::uint32_t hash, std::uint32_t value);

/// A number in [0, 1) of a hash.
inline float unit_of(std::uint32_t hash)
{
    return static_cast<float>(hash >> 8) * 0x1p-24f;
}

/// A direction over the hemisphere around `normal` (of length 1), with density cos / pi.
V3 cosine_direction(const V3& normal, const std::array<float, 2>& u);

/// A direction within `radius_rad` of `axis` (of length 1), evenly.
V3 cone_direction(const V3& axis, float radius_rad, const std::array<float, 2>& u);

}  // namespace platefall::render
