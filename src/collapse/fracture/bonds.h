/// What holds pieces together.
#pragma once

#include "collapse/fracture/cells.h"
#include "collapse/fracture/fracture.h"

namespace platefall::collapse {

/// An element in pieces.
struct Broken {
    std::vector<Cell> cells;
    int first_piece = 0;
};

/// Bonds inside elements and between them, ascending by (first, second); strengths with joints, jitter and
/// the multiplier.
std::vector<Bond> find_bonds(const std::vector<Element>& elements, const std::vector<Broken>& broken,
                             const FractureSettings& settings);

}  // namespace platefall::collapse
