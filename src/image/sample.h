/// Reads a picture between its pixels.
#pragma once

#include <platefall/camera.h>
#include <platefall/image.h>

namespace platefall {

/// Lanczos with three lobes, clamped to the range of the nearest 4x4 pixels so that a highlight gets no dark halo;
/// at pixel centres the pixels themselves, bit by bit. Writes `channels` samples (the image's first ones, at most 4).
/// Near the edge of the data window the outermost pixels go on. Returns the part of a white noise's variance that is
/// left, 0..1.
float sample(const Image& image, const Vec2& at, int channels, float* to);

/// Two by two pixels, for data that only has to be smooth.
void sample_linear(const Image& image, const Vec2& at, int channels, float* to);

}  // namespace platefall
