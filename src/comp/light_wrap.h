/// Light that bleeds over the edges of a layer from what is bright around it, as lenses and film do it.
#pragma once

#include <platefall/image.h>

namespace platefall::comp {

/// Adds to the finished picture F, in which the layer shows with the share v (alpha, held out by what lies above),
///
///     amount v max(0, blur(F (1-v)) - F blur(1-v))
///
/// per channel. blur(F (1-v)) is the light around that reaches the pixel, blur(1-v) how much of the pixel it takes
/// up: the pixel gives that part of its own away, so that none becomes brighter than what is around, and none darker
/// than it was. Where v is 0, and further from the edge than the blur reaches, the picture keeps its bits.
///
/// `reach_px` is two standard deviations of the blur, in pixels of the picture. `share` has one channel on the
/// picture's window.
void wrap_light(Image& picture, const Image& share, float amount, double reach_px);

} // namespace platefall::comp
