/// The plate's grain on what was generated.
#pragma once

#include "grain/grain.h"

#include <platefall/image.h>

#include <cstdint>

namespace platefall::comp {

/// Adds grain to the colours of the picture. `share` g (one channel, the picture's window) is the part of each pixel
/// that brings none; the rest has kept (1-g)^2 of its grain's variance, so `amount` (1 - (1-g)^2) of the variance
/// that the plate has at this brightness is added. Where g is 0 the picture keeps its bits.
void regrain(Image& picture, Image share, const grain::NoiseModel& noise, float amount, std::uint64_t seed, int frame);

} // namespace platefall::comp
