/// A closed surface as convex solids.
#pragma once

#include "collapse/building/closed_parts.h"
#include "collapse/solid.h"

#include <vector>

namespace platefall::collapse {

/// Convex solids that fill a closed surface and touch along plane cuts; one when it is convex. Cuts follow
/// the surface's own planes, those that split least first (a binary space partition: Fuchs, Kedem and Naylor
/// 1980). Exact but for dents under a tenth of a millimetre. A face is `outer` when most of it is surface.
/// Empty when more than `most` are needed.
std::vector<Solid> convex_solids(const std::vector<Triangle>& surface, int most);

}  // namespace platefall::collapse
