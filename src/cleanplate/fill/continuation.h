/// How little goes on as much: a strip of a facade beside a hole that the whole facade has to fill.
#pragma once

#include "cleanplate/fill/patch_match.h"

#include <vector>

namespace platefall::cleanplate {

/// For a hole with more pixels than are known: the multiples, as far as they reach, of those offsets at which the known
/// part is like itself, to a fraction of a pixel, in the picture as it is and on each of its planes. Nothing when more is
/// known, or when it does not repeat itself.
std::vector<Shift> continuations(const Level& level);

}  // namespace platefall::cleanplate
