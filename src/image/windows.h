/// Moving an image between windows.
#pragma once

#include <platefall/image.h>

namespace platefall {

/// The same picture on another data window: cropped, and padded with `fill`.
Image with_data_window(Image image, const Window& data, float fill = 0.0f);

/// The same window, larger by `by` pixels on every side.
Window grown(const Window& window, int by);

/// Scales a window by 1/factor, rounded outwards.
Window shrink(const Window& window, int factor);

/// Averages factor x factor pixels (a box; pixels outside the data window count as nothing, so that edges
/// do not darken); windows by shrink(). factor 1 returns the image.
Image shrink(Image image, int factor);

/// Only the named channels, in this order. Throws std::logic_error for one that is not there.
Image pick_channels(const Image& image, const std::vector<std::string>& names);

}  // namespace platefall
