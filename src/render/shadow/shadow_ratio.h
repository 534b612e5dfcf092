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
///
/// A model's shadow does not lie to the pixel where the plate's lies. So that nothing which was lit all the time lights up
/// again, no pixel of a wall gets brighter than a quarter over what that wall is where the sun always reached it (luminance,
/// upper quartile). The picture is as large as the plate. Where `hidden` (A; may be null) says that debris and dust hide the
/// plate, nothing is asked for, and it is 1.
Image shadow_ratio(const Moment& moment, const Mesh& set, const Image& plate, const Image& fallen, const Image* hidden,
                   const ShadowSettings& settings);

}  // namespace platefall::render
