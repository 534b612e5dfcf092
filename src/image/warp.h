/// Geometric operations with a chosen reconstruction filter.
#pragma once

#include <platefall/image.h>

#include <array>

namespace platefall {

enum class Reconstruction { nearest, linear, cubic };   ///< cubic: Catmull-Rom (Keys 1981, a = -0.5)

/// x' = m[0] x + m[1] y + m[2]; y' = m[3] x + m[4] y + m[5]. Pixel centres lie at +0.5.
using Affine = std::array<double, 6>;

/// The picture moved by `target_from_source`. Minification averages (supersampled on a fixed grid), except
/// with `nearest`, which never mixes values. The data window is the moved one, with the filter's soft border,
/// clipped to `limit`. The identity and moves by whole pixels return the very same values. Throws Error when
/// the transform cannot be inverted.
Image transform(const Image& image, const Affine& target_from_source, Reconstruction filter,
                const Window& limit);

/// Every pixel of the result comes from where the STMap says: its R and G (or S and T) are the source
/// position in 0..1 across the source's display window, G up from the bottom, as compositing programs write
/// them. One map undistorts and its inverse redistorts. Where the map is not finite or leaves the data window
/// the result is zero; up to there the border pixels go on, so that a plate keeps its edges. The result has
/// the map's windows. Throws Error when the map lacks the channels.
///
/// A map needs 32-bit channels: a half has steps of a whole pixel at the far side of a 2K picture.
Image apply_stmap(const Image& image, const Image& stmap, Reconstruction filter);

}  // namespace platefall
