/// Seamless blending: differences known at the seam are spread over the fill like a membrane stretched over
/// its rim.
#pragma once

#include <platefall/image.h>

namespace platefall::cleanplate {

/// Spreads values known on some pixels smoothly over the others: the discrete Laplace equation, mirrored at
/// the window's border, to about 1e-3 of the range of the known values.
///
/// `values` may have any channels. `weight`, one channel on the same window: 1 and above, the value is kept
/// as it is; between 0 and 1 it is trusted in part and pulls as hard as weight / (1 - weight) neighbours do;
/// 0, it is not looked at, nor are values that are not finite. Nothing known gives zero. Cost is linear in
/// the pixels of the window; same bits whatever the number of threads. Throws std::logic_error when the
/// windows differ.
Image spread_membrane(const Image& values, const Image& weight);

/// The picture whose gradients are nearest to those given, and which agrees with `values` as above.
/// gradient_x(x, y) is picture(x + 1, y) - picture(x, y), gradient_y(x, y) is picture(x, y + 1) - picture(x,
/// y); what lies on the last column or row is not looked at, and one that is not finite counts as 0. All have
/// the same window and number of channels. Nothing known: the upper left pixel is 0.
Image integrate_gradients(const Image& gradient_x, const Image& gradient_y, const Image& values,
                          const Image& weight);

}  // namespace platefall::cleanplate
