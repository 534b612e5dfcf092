/// All chips of a collapse, from where they fly off to where they stay.
#pragma once

#include "collapse/chips/chip_births.h"
#include "scene/chips.h"

#include <functional>

namespace platefall::collapse {

/// Calls `save` with the chips of every frame, in order, and returns what they are. Velocity and spin are per second
/// of the shot, places are those of the frame's simulated time. Those that would be born inside an obstacle, or after
/// the last frame, are left out. Same bits for any number of threads.
Chips fly_chips(const std::vector<ThrownChip>& thrown, const Structure& structure, const Motion& motion,
                const MotionSettings& settings, const std::function<void(int frame, const ChipsFrame&)>& save);

}  // namespace platefall::collapse
