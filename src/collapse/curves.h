/// How a collapse went, frame by frame, for the report.
#pragma once

#include "collapse/motion/motion.h"
#include "scene/curves.h"
#include "scene/dust_frame.h"

namespace platefall::collapse {

/// Pieces that move, bonds broken so far, and what is left of the energy.
std::vector<Curve> motion_curves(const Motion& motion, const MotionSettings& settings, int trigger);

/// kg in the air.
double mass_of(const DustFrame& dust);

}  // namespace platefall::collapse
