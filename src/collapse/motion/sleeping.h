/// Rubble that has come to rest costs nothing.
#pragma once

#include "collapse/motion/fall.h"

namespace platefall::collapse {

/// Freezes clusters that touch something and have been slow for a while; wakes those that lie on something that moves
/// away. (Blows wake in `Impacts`.)
void settle(Fall& fall, double dt_s);

}  // namespace platefall::collapse
