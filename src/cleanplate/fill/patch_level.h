/// One level of the pyramid on which a hole is filled.
#pragma once

#include "cleanplate/fill/perspective.h"
#include "cleanplate/fill/raster.h"

#include <array>
#include <cstdint>
#include <vector>

namespace platefall::cleanplate {

inline constexpr int kPatchRadius = 3;
inline constexpr int kPatchSide = 2 * kPatchRadius + 1;
inline constexpr int kPatchArea = kPatchSide * kPatchSide;

/// What patches are compared by, as integers so that sums do not depend on their order: log2(x / eps + 1) of
/// R G B in steps of 1/256 stop, and the two texture features (Newson et al. 2014), how busy the
/// full-resolution picture is in x and in y around here. The other lanes are 0 and make a pixel one SSE
/// register.
struct alignas(16) Feature {
    static constexpr int kUsed = 5;
    std::array<std::int16_t, 8> lane{};
};

enum class Kind : std::uint8_t {
    source,  ///< known, and may be copied
    hole,    ///< to be filled
    ignored  ///< never looked at: outside the window, or in front of what is to be filled
};

struct Pixel {
    int x, y;
    bool operator==(const Pixel&) const = default;
};

/// Features and kinds have a margin of kPatchRadius, which is ignored.
struct Level {
    int width = 0, height = 0;
    Raster<Feature> features;  ///< those of the hole are the present guess
    Raster<Kind> kinds;
    Raster<int> depth;                   ///< steps to the nearest source pixel; 0 outside the hole
    Raster<std::uint8_t> is_source;      ///< 1: the whole patch around the pixel is `source`
    std::vector<Pixel> sources;          ///< all such pixels
    std::vector<Pixel> hole;             ///< all pixels to be filled
    std::vector<Pixel> targets;          ///< all pixels in the window whose patch reaches into the hole
    std::vector<std::uint8_t> is_whole;  ///< for each target, whether its patch has no ignored pixel
    Raster<std::int32_t> target_at;      ///< index into targets, or -1
    Perspective perspective;
    Raster<std::uint8_t> room;  ///< steps to the nearest pixel that is not `source`, kMostRoom at most; only with planes
};
inline constexpr int kMostRoom = 31;

/// Derives everything from the features and the kinds.
Level make_level(Raster<Feature> features, Raster<Kind> kinds);

/// From now on patches may also be copied along these planes.
void set_perspective(Level& level, Perspective perspective);

}  // namespace platefall::cleanplate
