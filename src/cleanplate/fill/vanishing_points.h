/// Which flat things in perspective a picture shows, from its straight edges.
#pragma once

#include "cleanplate/fill/patch_level.h"

#include <cstdint>

namespace platefall::cleanplate {

/// The planes that straight edges of the known part lie on: every two vanishing points of these make a horizon (Huang et
/// al. 2014). A plane's share of a pixel grows with how many edges towards both of its points lie around. Planes whose
/// share is small all over the hole are left out. Edges come from von Gioi et al.'s detector (2010), vanishing points from
/// sampled pairs of edges, the one that most edges agree with first. Deterministic.
Perspective perspective_of(const Level& level, std::uint64_t seed);

}  // namespace platefall::cleanplate
