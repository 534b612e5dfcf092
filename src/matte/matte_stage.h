/// Makes a matte: where something is, 0..1 per pixel.
#pragma once

#include <platefall/stage.h>

namespace platefall::matte {

/// The stage behind [matte.NAME]. It writes the layer "matte.NAME": one channel A, every value within 0..1,
/// inside the plate's data and display windows. Its source (a sequence, roto shapes, other mattes or a
/// layer's channel) is inverted, grown, feathered and levelled, in this order.
StageType matte_stage();

} // namespace platefall::matte
