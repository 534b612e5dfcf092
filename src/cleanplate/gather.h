/// Puts together what other frames saw behind the holes.
#pragma once

#include "cleanplate/canvas.h"
#include "cleanplate/source_views.h"
#include "grain/grain.h"

namespace platefall::cleanplate {

using grain::NoiseModel;

/// The canvas, as far as frames of the take saw it: every pixel copied from one frame (linear light, moved by its plane,
/// exposure and seams levelled) and averaged with those other frames that show the same within the noise, so that
/// grain does not freeze. Around the holes lies a ring of what all frames see; where some of a hole was never seen, as
/// much as it takes to make that up. The plan's window must not be empty.
Canvas gather(const Take& take, const std::vector<FrameMasks>& masks, const CanvasPlan& plan,
              const NoiseModel& noise, const PlateReader& plate_of);

/// The same from the base frame alone.
Canvas gather_from_base(const Take& take, const std::vector<FrameMasks>& masks, const CanvasPlan& plan,
                        const PlateReader& plate_of);

}  // namespace platefall::cleanplate
