/// Puts what stood behind the hole back into one frame.
#pragma once

#include "cleanplate/canvas.h"
#include "grain/grain.h"

#include <cstdint>

namespace platefall::cleanplate {

using grain::NoiseModel;

struct Restored {
    Image clean;         ///< R G B on reach_of() the hole; outside the hole and its soft edge the plate's own bits
    Image generated;     ///< the same window, one channel "generated": 0 photographed here, 0.5 in another frame, 1 synthesised
    std::size_t missed = 0;   ///< pixels for which the canvas had nothing, spread from around
};

/// What restoring looks at: the window around a hole.
Window reach_of(const Mask& hole, double feather_px);

struct RestoreSettings {
    double feather_px = 0;    ///< how far outside the hole the plate takes over
    float grain = 1;          ///< how much of the missing noise variance is given back
    std::uint64_t seed = 0;
};

/// `plate` is R G B. `masks` are the frame's own. Brightness that differs around the hole (flicker, a lens' shading) is
/// evened out by a smooth correction in stops that follows the ring around the hole. Without a hole both images are empty.
Restored restore(const Image& plate, int frame, const FrameMasks& masks, const Canvas& canvas,
                 const ViewMap& frame_from_canvas, const NoiseModel& noise,
                 const RestoreSettings& settings);

}  // namespace platefall::cleanplate
