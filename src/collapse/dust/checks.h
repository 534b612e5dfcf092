/// What a dust simulation refuses.
#pragma once

#include "collapse/dust/dust_solver.h"

namespace platefall::collapse::dust {

/// Each throws Error with every fault there is.
void check(const DustGrid& grid);
void check(const DustSettings& settings);
void check(double dt_s, const std::vector<DustSource>& sources, const DustSolids& solids, const DustGrid& grid);

}  // namespace platefall::collapse::dust
