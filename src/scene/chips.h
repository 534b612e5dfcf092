/// Grit, shards and spall: what breaks off a building in pieces too many and too small to be rigid bodies. SI units,
/// y up; what collapse writes and render reads.
#pragma once

#include "scene/debris.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace platefall {

/// One of them. It has no shape of its own: a renderer gives it one, turned and scaled, by its seed.
struct Chip {
    float size_m = 0;                 ///< diameter of a ball of its volume
    std::int32_t element = 0;         ///< index in Debris::elements: what it broke off, with kind, floor and material
    std::int32_t born = 0;            ///< index of the first frame that it is in
    std::uint32_t seed = 0;           ///< of its look
    bool operator==(const Chip&) const = default;
};

/// All chips of a collapse, by the frame in which they are born: a chip's place here is its number for good, and the
/// chips of a frame are the first so many.
using Chips = std::vector<Chip>;

/// Where those are that have been born: one a chip, the first ones of Chips. What lies still has no velocity and no
/// spin; it stays where it is.
using ChipsFrame = std::vector<DebrisPose>;

/// Files of the cache. Loading throws Error for a file that is damaged.
void save_chips(const Chips& chips, const std::filesystem::path& path);
Chips load_chips(const std::filesystem::path& path);
void save_chips_frame(const ChipsFrame& frame, const std::filesystem::path& path);
ChipsFrame load_chips_frame(const std::filesystem::path& path);

}  // namespace platefall
