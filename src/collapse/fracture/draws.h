/// Random numbers that depend on what they are for, not on the order in which they are asked for.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace platefall::collapse {

/// A well mixed number for each (seed, index): Steele, Lea and Flood (2014), SplitMix64.
inline std::uint64_t mixed(std::uint64_t seed, std::uint64_t index)
{
    std::uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// A sequence of its own for each seed, purpose and thing.
class Draws {
public:
    enum class Purpose : std::uint64_t { size, samples, seeds, strength };

    Draws(std::uint64_t seed, Purpose purpose, std::uint64_t thing)
        : key_(mixed(mixed(seed, static_cast<std::uint64_t>(purpose)), thing))
    {
    }

    /// In [0, 1).
    double uniform() { return static_cast<double>(mixed(key_, count_++) >> 11) * 0x1p-53; }

    /// Mean 0, variance 1: Box and Muller (1958).
    double normal()
    {
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }

private:
    std::uint64_t key_;
    std::uint64_t count_ = 0;
};

}  // namespace platefall::collapse
