/// Random numbers that do not depend on the order in which they are asked for.
#pragma once

#include <cstdint>

namespace platefall {

/// A well mixed number for each (seed, index): Steele, Lea and Flood (2014), SplitMix64.
inline std::uint64_t random_number(std::uint64_t seed, std::uint64_t index)
{
    std::uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

}  // namespace platefall
