/// Whether a plan can be built.
#pragma once

#include "collapse/building/building.h"

namespace platefall::collapse {

/// Throws Error with every fault of the plan.
void check_plan(const BuildingPlan& plan);

/// Width of the beams: narrower than the columns that they meet. m
double beam_width(const BuildingPlan& plan);

/// Clear height of a storey under slab and beams. m
double clear_height(const BuildingPlan& plan);

}  // namespace platefall::collapse
