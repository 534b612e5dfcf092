/// Between the types in which files keep samples and our float32. Every processor gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

namespace platefall {

/// What the samples of a row of a file were like.
struct RowState {
    bool finite = true;
    bool exact = true;   ///< no unsigned integer was too large for a float
};

/// `bits` are IEEE half floats. Says whether all of them are finite.
bool floats_from_halves(const std::uint16_t* bits, std::size_t count, float* out);

/// Rounds to nearest, ties to even. What is too large for a half (65504) becomes the largest half: an
/// infinity would spread through every later filter.
void halves_from_floats(const float* samples, std::size_t count, std::uint16_t* out);

/// Native unsigned integers, at any address. Says whether all of them are exact as floats: up to 2^24.
bool floats_from_uints(const std::byte* uints, std::size_t count, float* out);

bool all_finite(const float* samples, std::size_t count);

/// Rounds to nearest; what does not fit becomes the nearest value that does, NaN 0.
std::uint32_t uint_from_float(float sample);

}  // namespace platefall
