/// When what has cracked comes apart.
#pragma once

#include "collapse/motion/motion.h"
#include "collapse/structure.h"

#include <optional>

namespace platefall::collapse {

/// Where a point of a piece at rest is in a pose.
Eigen::Vector3d carried(const Piece& piece, const Pose& pose, const Eigen::Vector3d& rest);

/// Simulated time at which the two faces of a broken bond have come apart, or have moved over each other; a crack alone
/// lets nothing out. `frame_s`: simulated seconds from one frame's poses to the next. Nothing: they never part.
std::optional<double> parting(const Structure& structure, const Motion& motion, double frame_s,
                              const BrokenBond& broken);

}  // namespace platefall::collapse
