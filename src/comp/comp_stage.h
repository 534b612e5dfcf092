/// Composites layers onto each other.
#pragma once

#include <platefall/stage.h>

namespace platefall::comp {

/// Merges the layers in its list, bottom to top, into the layer "comp", and writes "generated": one channel,
/// 0..1, how much of every pixel was generated rather than photographed.
///
/// "comp" has the channels of the bottom layer (with R G B in place of Y as soon as one layer has colour, and
/// an A as well when the list itself makes the bottom layer transparent). What the bottom layer has besides
/// R G B A or Y passes through. The data window is that of everything an operator lets show.
StageType comp_stage();

} // namespace platefall::comp
