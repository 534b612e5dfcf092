/// Debris and dust as samples in depth.
#pragma once

#include "render/picture.h"

#include <platefall/deep_image.h>

namespace platefall::render {

/// A pixel's debris as one surface at its mean depth, its dust as slices in front of it and, where debris does not cover
/// the pixel, behind it up to the set. `debris` is the lit layer, `depths` its Z.
DeepImage deep_image(const Image& debris, const Image& depths, const Moment& moment);

}  // namespace platefall::render
