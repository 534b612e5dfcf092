/// At which distances a picture repeats itself (He and Sun 2012).
#pragma once

#include "cleanplate/fill/patch_match.h"

#include <cstdint>
#include <vector>

namespace platefall::cleanplate {

/// The most common offsets between a known patch and the known patch that is most like it, but not next to
/// it.
std::vector<Offset> dominant_offsets(const Level& level, std::uint64_t seed);

/// Those that the field uses most, and the given ones; each once.
std::vector<Offset> likely_offsets(const Level& level, const Field& field, const std::vector<Offset>& repetitions);

}  // namespace platefall::cleanplate
