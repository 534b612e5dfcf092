/// All cameras and places at once. Private to the sources that find parallax.
#pragma once

#include "cleanplate/motion/projective_scene.h"

namespace platefall::cleanplate {

/// Projective bundle adjustment with a robust loss (Triggs et al. 2000; Hartley and Zisserman 2004, section 18.1) by
/// Levenberg and Marquardt. Resection and intersection by turns would hardly move what cameras and places have to do
/// together. Homographies are held near `anchors` with the weight `hold`, which fixes which of the equivalent projective
/// descriptions of the scene is meant; the base stays.
void adjust(Scene& scene, const std::vector<Camera3x4>& anchors, double hold, int steps);

}  // namespace platefall::cleanplate
