/// The clean plate: the plate with what a matte covers taken out, and what stood behind it put in its place.
#pragma once

#include <platefall/stage.h>

namespace platefall::cleanplate {

/// Writes the layer "clean" (or another name): the plate's channels, R G B (or Y) replaced inside the grown matte and
/// its soft edge, every other pixel the plate's own bits. And "generated.clean": one channel, 0 photographed in this frame,
/// 0.5 photographed in another frame, 1 synthesised.
StageType cleanplate_stage();

}  // namespace platefall::cleanplate
