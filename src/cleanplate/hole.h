/// What is to be taken out of a frame, and what may not be copied from it.
#pragma once

#include "cleanplate/mask.h"
#include "cleanplate/motion/view_map.h"

#include <platefall/frame.h>

#include <string>
#include <vector>

namespace platefall::cleanplate {

struct HoleSettings {
    std::string matte;                       ///< a layer: "matte.building"
    std::vector<std::string> foreground;     ///< layers
    double grow_px = 0;                      ///< pixels of this render
    int unite_frames = 0;                    ///< before and after
};

/// One frame's mattes, remembered while the shot is prepared.
struct FrameMasks {
    Mask hole;      ///< the matte, grown
    Mask blocked;   ///< hole and foreground, grown: shows nothing of what stands behind
};

/// A matte counts from here on: half a step of 8 bits, below which even a compressed "nothing" may lie.
inline constexpr float kMatteThreshold = 1.0f / 512;

/// From a frame's matte layers. Windows are clipped to the plate's data window.
FrameMasks masks_of(const Frame& frame, const HoleSettings& settings);

/// Mattes jitter, and what one frame's leaves out its neighbours' know: every hole is united with those of
/// `unite_frames` frames before and after, carried over by the take's homographies, as far as they lie within another
/// `grow_px` of it (a matte that really moved on does not count). `masks` are those of the take's frames.
void unite_over_time(std::vector<FrameMasks>& masks, const Take& take, const HoleSettings& settings,
                     const Window& plate);

}  // namespace platefall::cleanplate
