/// How unlike two patches are.
#pragma once

#include "cleanplate/fill/patch_level.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace platefall::cleanplate {

/// Squared difference of kPatchSide features side by side.
inline std::uint32_t row_difference(const Feature* a, const Feature* b)
{
    const std::int16_t* p = a->lane.data();
    const std::int16_t* q = b->lane.data();
    int sum = 0;
    for (int i = 0; i < 8 * kPatchSide; ++i) {
        const auto difference = static_cast<std::int16_t>(p[i] - q[i]);
        sum += difference * difference;
    }
    return static_cast<std::uint32_t>(sum);
}

/// Squared difference of two whole patches; any number that is no smaller than `limit` once it is known to
/// reach it.
inline std::uint32_t whole_difference(const Feature* a, const Feature* b, std::ptrdiff_t pitch,
                                      std::uint32_t limit)
{
    std::uint32_t sum = 0;
    for (int y = -kPatchRadius; y <= kPatchRadius && sum < limit; ++y)
        sum += row_difference(a + y * pitch - kPatchRadius, b + y * pitch - kPatchRadius);
    return sum;
}

/// A place in 1/65536 pixels, as integers like the features.
struct FixedPlace {
    int x, y;

    explicit FixedPlace(const Place& place) : x(fixed(place.x)), y(fixed(place.y)) {}

private:
    static int fixed(float pixels) { return static_cast<int>(std::lround(pixels * 65536.0f)); }
};

/// Linear between two by two pixels, in steps of an eighth of a pixel: so all of it fits into 16 bits.
inline Feature feature_between(const Raster<Feature>& features, const FixedPlace& at)
{
    using Lanes [[gnu::vector_size(16)]] = std::int16_t;
    const auto load = [](const Feature& feature) { return std::bit_cast<Lanes>(feature); };
    const auto between = [](Lanes a, Lanes b, std::int16_t eighths) -> Lanes { return a + (((b - a) * eighths + 4) >> 3); };
    const Feature* corner = &features(at.x >> 16, at.y >> 16);
    const Feature* below = corner + features.pitch();
    const auto right = static_cast<std::int16_t>(at.x >> 13 & 7), lower = static_cast<std::int16_t>(at.y >> 13 & 7);
    return std::bit_cast<Feature>(between(between(load(corner[0]), load(corner[1]), right),
                                          between(load(below[0]), load(below[1]), right), lower));
}

}  // namespace platefall::cleanplate
