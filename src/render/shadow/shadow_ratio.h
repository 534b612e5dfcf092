/// How much brighter or darker the collapse makes what the plate shows.
#pragma once

#include "render/picture.h"

#include <platefall/image.h>

namespace platefall::render {

struct ShadowSettings {
    int samples = 4;                  ///< rays a pixel to the sun, and as many to the sky
    std::uint64_t seed = 0;
};

/// Light now over light at rest, R G B, on everything that the plate shows of the set and of what still stands: debris and
/// dust take light away, and where the building has gone its own shadow goes too. Where `fallen` (A) says that the clean
/// plate shows, which never was in the building's shadow, only what takes light away counts. Exactly 1 where nothing
/// differs, and where there is no surface.
Image shadow_ratio(const Moment& moment, const Mesh& set, const Image& fallen, const ShadowSettings& settings,
                   const Window& data, const Window& display);

}  // namespace platefall::render
