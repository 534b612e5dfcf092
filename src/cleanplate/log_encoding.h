/// Where pixels are compared: the logarithm makes a stop count the same in the shade and in the sun.
#pragma once

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {

inline constexpr float kLogEpsilon = 1.0f / 256.0f;   // about the noise of a well exposed plate's shadows

/// log2(x / eps + 1); negative light counts as none. 0 at black, 8 at 1.0, 13.3 at 40.
inline float log_encode(float linear)
{
    return std::log2(std::max(linear, 0.0f) / kLogEpsilon + 1.0f);
}

}  // namespace platefall::cleanplate
