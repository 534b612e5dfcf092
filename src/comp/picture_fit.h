/// What is done to a layer's own picture so that it sits in the plate: haze, lens softness, black level, in this
/// order, as light meets them. All work on premultiplied colour and leave transparent black as it is.
#pragma once

#include <platefall/image.h>

#include <array>

namespace platefall::comp {

/// The part of the light that comes through the air: exp(-extinction z), one channel on `window`, z in metres from
/// the channel Z of `depth`. Where that shows nothing (1e9 and further, or outside its window) but the layer may
/// show something, as at a soft edge or in dust, it goes on smoothly from what is around; 1 when there is nothing at
/// all. Throws Error when there is no channel Z and more than one other.
Image transmittance(const Image& depth, double extinction_per_m, const Window& window);

/// Airlight (Koschmieder 1924): C' = C t + haze a (1 - t). The picture has R G B A (or Y A) and lies on the window
/// of `through`; `haze` of a Y picture is its luma.
void veil(Image& picture, const Image& through, const std::array<float, 3>& haze);

/// Blurs every channel. Where the picture ends at the border of `frame` or beyond, its border pixels go on, so that
/// what is cut off by the frame does not become transparent there.
Image lens_blurred(const Image& picture, double deviation_px, const Window& frame, const Window& limit);

/// A toe: C' = (C + sqrt(C^2 + 4 (black a)^2)) / 2. Black becomes `black`, ten times that grows by a hundredth part, and
/// lights stay.
void lift_blacks(Image& picture, const std::array<float, 3>& black);

/// The smallest window around all samples that are not zero.
Window content_of(const Image& picture);

} // namespace platefall::comp
