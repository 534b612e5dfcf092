/// Lets the light go on through a hole: the sky's gradient, a lamp's glow on a wall.
#pragma once

#include "cleanplate/fill/composite.h"

#include <vector>

namespace platefall::cleanplate {

/// Where the copies show something smooth, their own slow changes are those of another place, however well
/// they fit at the hole's border: two copies from either side of a low sun make two suns. There the
/// brightness becomes that of a thin plate through what is known around the hole, and only what the copies
/// show beside their slow changes stays, which is grain and faint texture. What a paraboloid leaves in the
/// surroundings of a cell says how smooth it is there. What is not smooth grows as bright as what it touches
/// without an edge between them, so that a sky goes on down to its skyline and the houses stay as they are.
///
/// `stops`: the gains that level the copies' seams, for each of Level::hole. Returns gains to use instead;
/// the same ones where no part of the hole shows anything smooth.
std::vector<Colour> shading_through(const Composite& composite, std::vector<Colour> stops);

}  // namespace platefall::cleanplate
