/// Neighbourhood filters. They work on every channel; pixels outside the data window count as zero.
#pragma once

#include <platefall/image.h>

namespace platefall {

/// Grey dilation (radius > 0) or erosion (radius < 0) with a round structuring element; fractions of a pixel
/// interpolate between the neighbouring radii, so that an animated radius does not jump. The data window
/// grows by the dilation radius, clipped to `limit`.
Image grow(const Image& image, double radius_px, const Window& limit);

/// Gaussian blur whose standard deviation is `size_px` / 2, so that a hard edge softens over about
/// 2 * size_px. The data window grows by 2 * size_px, clipped to `limit`.
Image soften(const Image& image, double size_px, const Window& limit);

/// Gaussian blur of any standard deviation, also below half a pixel, where sampling the bell curve gives too
/// little: the discrete Gaussian (Lindeberg 1990), weights I_n(deviation^2), whose variance is exact. Where
/// everything around is zero the result is exactly zero. The data window grows by blur_reach(), clipped
/// to `limit`.
int blur_reach(double deviation_px); ///< pixels: four deviations and one more
Image blur(const Image& image, double deviation_px, const Window& limit);

}  // namespace platefall
