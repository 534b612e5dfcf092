/// For every patch that reaches into the hole, the known patch that is most like it (Barnes et al. 2009).
#pragma once

#include "cleanplate/fill/patch_level.h"

#include <cmath>
#include <cstdint>
#include <vector>

namespace platefall::cleanplate {

/// So far along one of the level's planes.
struct Shift {
    Place offset;            ///< source minus target, in flat pixels of the plane; whole numbers on the first plane
    std::uint8_t plane = 0;  ///< of Level::perspective
    bool operator==(const Shift&) const = default;
};

inline Place moved(const Level& level, const Place& at, const Shift& shift)
{
    return level.perspective[shift.plane].moved(at, shift.offset);
}

inline Place place_of(const Pixel& pixel)
{
    return {static_cast<float>(pixel.x), static_cast<float>(pixel.y)};
}

inline Pixel nearest_pixel(const Place& place)
{
    return {static_cast<int>(std::lround(place.x)), static_cast<int>(std::lround(place.y))};
}

struct Match {
    static constexpr std::uint32_t kUnknown = UINT32_MAX;

    Shift shift;                    ///< from the target to the centre of the source patch
    std::uint32_t cost = kUnknown;  ///< squared feature difference, summed over the patch, and more for far sources
};

/// One for each of Level::targets.
using Field = std::vector<Match>;

/// Source minus target, in pixels of the level.
using Offset = Pixel;

inline Shift shift_by(const Offset& offset)
{
    return {.offset = place_of(offset)};
}

/// Whether the whole patch around a target, moved like that, lies in what may be copied, and is not seen much larger or
/// smaller there.
bool is_copyable(const Level& level, const Pixel& target, const Shift& shift);

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
