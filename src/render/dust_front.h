/// Dust that has come past what stands in the foreground.
#pragma once

#include "render/picture.h"

namespace platefall::render {

/// How far away the things of a foreground matte stand (Z, m along the camera's axis; 1e10 where there is none): each column
/// of a thing stands on the ground where it ends below, and what ends above the horizon is as far as the part of the matte
/// that it hangs together with.
Image foreground_depth(const Image& matte, const View& view, float ground_m);

/// Dust in front of the foreground, R G B A, premultiplied, where the matte is: laid over the foreground it covers what it
/// has reached. At the matte's soft edges it covers as much as inside, since a seam of plate would show more than a seam
/// of dust that is counted twice.
Image dust_front(const Moment& moment, const PictureSettings& settings, const Image& matte, const Image& depth);

}  // namespace platefall::render
