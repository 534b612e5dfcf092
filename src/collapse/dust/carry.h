/// The air carries its own velocity along.
#pragma once

#include "collapse/dust/air.h"

namespace platefall::collapse::dust {

/// Semi-Lagrangian with a midpoint backtrace (Stam 1999), made second order and held between the values it came from as by
/// Selle, Fedkiw, Kim, Liu and Rossignac (2008). What comes from outside the box is wind. Closed faces keep what they have. `before` and
/// `once` are room to work in.
void carry_velocity(Air& air, Air& before, Air& once, const Level& faces, const Eigen::Vector3f& wind, float dt_s, float cell_m);

}  // namespace platefall::collapse::dust
