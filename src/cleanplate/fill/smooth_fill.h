/// A soap film over a hole: for when there is nothing to copy.
#pragma once

#include "cleanplate/fill/raster.h"

#include <cstdint>

namespace platefall::cleanplate {

/// Sets the values where `known` is 0 to the mean of their four neighbours', so that they run evenly from
/// border to border and stay in the range of what is known. Neighbours outside do not count. Nothing is done
/// when nothing is known.
void fill_smoothly(const Raster<std::uint8_t>& known, Raster<float>& values);

}  // namespace platefall::cleanplate
