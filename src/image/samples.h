/// Between the types in which files keep samples and our float32. Every processor gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace platefall {

/// `bits` are IEEE half floats. Says whether all of them are finite.
bool floats_from_halves(const std::uint16_t* bits, std::size_t count, float* out);

/// Rounds to nearest, ties to even. What is too large for a half (65504) becomes the largest half: an
/// infinity would spread through every later filter.
void halves_from_floats(const float* samples, std::size_t count, std::uint16_t* out);

bool all_finite(const float* samples, std::size_t count);

/// Rounds to nearest; what does not fit becomes the nearest value that does, NaN 0.
std::uint32_t uint_from_float(float sample);

}  // namespace platefall
