/// How unlike two patches are.
#pragma once

#include "cleanplate/fill/patch_level.h"

#include <cstddef>
#include <cstdint>

namespace platefall::cleanplate {

/// Squared difference of two whole patches; any number that is no smaller than `limit` once it is known to
/// reach it.
inline std::uint32_t whole_difference(const Feature* a, const Feature* b, std::ptrdiff_t pitch,
                                      std::uint32_t limit)
{
    std::uint32_t sum = 0;
    for (int y = -kPatchRadius; y <= kPatchRadius && sum < limit; ++y) {
        const std::int16_t* p = a[y * pitch - kPatchRadius].lane.data();
        const std::int16_t* q = b[y * pitch - kPatchRadius].lane.data();
        int row = 0;
        for (int i = 0; i < 8 * kPatchSide; ++i) {
            const auto difference = static_cast<std::int16_t>(p[i] - q[i]);
            row += difference * difference;
        }
        sum += static_cast<std::uint32_t>(row);
    }
    return sum;
}

}  // namespace platefall::cleanplate
