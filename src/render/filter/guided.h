/// Smoothing that stops at edges of what is seen, and spreading into what is not.
#pragma once

#include <platefall/image.h>

namespace platefall::render {

/// What smoothing goes by. Pixels whose depth is 1e10 have nothing to smooth and are not smoothed into others.
struct Guide {
    const Image& normal;              ///< X Y Z, of length 1
    const Image& depth;               ///< Z, m
};

/// Takes the noise out of two colours of light (six channels), in place: passes of 3 x 3 pixels with holes (1, 2, 4 ... pixels
/// wide) that weigh neighbours by how alike normal and depth are. Dammertz et al., "Edge-Avoiding A-Trous Wavelet
/// Transform for fast Global Illumination Filtering" (HPG 2010), with a smaller kernel and no weight by colour. Where both
/// colours are the same all around they stay the same.
void smooth_guided(Image& values, const Guide& guide, int passes);

/// The first channel spread smoothly from where the second, its weight, is 1 into where it is 0: averaged to ever
/// smaller pictures and filled in from them (pull-push; Gortler et al. 1996, section 3.4). Returns one channel, A.
Image spread(const Image& value_and_weight);

}  // namespace platefall::render
