/// At which distances a picture repeats itself (He and Sun 2012).
#pragma once

#include "cleanplate/fill/patch_match.h"

#include <cstdint>
#include <vector>

namespace platefall::cleanplate {

/// The most common shifts between a known patch and the known patch that is most like it, but not next to it: in the
/// picture as it is, and on each of its planes.
std::vector<Shift> dominant_shifts(const Level& level, std::uint64_t seed);

/// Those that the field uses most on each plane, and the given ones; each once.
std::vector<Shift> likely_shifts(const Level& level, const Field& field, const std::vector<Shift>& repetitions);

}  // namespace platefall::cleanplate
