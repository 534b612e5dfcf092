/// Random numbers that depend on what they are for, not on the order in which they are asked for.
#pragma once

#include "base/random_number.h"

#include <cmath>
#include <cstdint>
#include <numbers>

namespace platefall::collapse {

/// A sequence of its own for each seed, purpose and thing.
class Draws {
public:
    enum class Purpose : std::uint64_t { size, samples, seeds, strength, release, gust, chip };

    Draws(std::uint64_t seed, Purpose purpose, std::uint64_t thing)
        : key_(random_number(random_number(seed, static_cast<std::uint64_t>(purpose)), thing))
    {
    }

    /// In [0, 1).
    double uniform() { return static_cast<double>(random_number(key_, count_++) >> 11) * 0x1p-53; }

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
