/// A first guess at the parallax of every frame. Private to the sources that find parallax.
#pragma once

#include "cleanplate/motion/projective_scene.h"

namespace platefall::cleanplate {

/// Parallax from the frame in which it shows most clearly against the base; from there outwards every frame takes its
/// own from things whose depth is known, and adds depths. Homographies stay. Does nothing when there is no such frame.
void guess_parallax(Scene& scene);

}  // namespace platefall::cleanplate
