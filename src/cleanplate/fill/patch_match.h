/// For every patch that reaches into the hole, the known patch that is most like it (Barnes et al. 2009).
#pragma once

#include "cleanplate/fill/patch_level.h"

#include <cstdint>
#include <vector>

namespace platefall::cleanplate {

struct Match {
    static constexpr std::uint32_t kUnknown = UINT32_MAX;

    std::int16_t x = 0, y = 0;  ///< centre of the source patch
    std::uint32_t cost =
        kUnknown;  ///< squared feature difference, summed over the patch, and more for far sources
};

inline Match match_at(const Pixel& source)
{
    return {.x = static_cast<std::int16_t>(source.x), .y = static_cast<std::int16_t>(source.y)};
}

/// One for each of Level::targets.
using Field = std::vector<Match>;

/// Source minus target, in pixels of the level.
using Offset = Pixel;

struct SearchPlan {
    std::uint64_t seed;
    int rounds;  ///< of propagation and random search
    int reach;   ///< of the random search, in pixels
};

/// Random sources.
Field random_field(const Level& level, std::uint64_t seed);

/// The field of the coarser level at the next finer one; costs are the coarser ones.
Field carried_up(const Level& fine, const Level& coarse, const Field& field, std::uint64_t seed);

/// Costs for the level's present guess, then better matches wherever they are found. Every round reads the
/// field of the round before and random numbers made from (seed, round, target), so the result does not
/// depend on threads.
void improve(const Level& level, const SearchPlan& plan, Field& field);

}  // namespace platefall::cleanplate
