/// [output] of a manifest.
#pragma once

#include "shot/shot.h"

namespace platefall {

/// Everything of Output but its colour space. Needs the shot's frames and plate as far as they are known.
Output read_output(const Params& params, const Shot& shot, Faults& faults);

}  // namespace platefall
