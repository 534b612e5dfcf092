/// Yes or no per pixel, for the many frames that preparation has to remember at once.
#pragma once

#include "image/windows.h"

#include <platefall/image.h>

#include <cstddef>
#include <vector>

namespace platefall::cleanplate {

/// One bit a pixel; "no" everywhere outside its window.
class Mask {
public:
    Mask() = default;
    explicit Mask(const Window& window)
        : window_(window),
          bits_(static_cast<std::size_t>(window.width()) * static_cast<std::size_t>(window.height()))
    {
    }

    const Window& window() const noexcept { return window_; }
    bool empty() const noexcept { return window_.empty(); }

    bool at(int x, int y) const noexcept { return window_.contains(x, y) && bits_[index(x, y)]; }

    /// The pixel must lie inside the window.
    void set(int x, int y) noexcept { bits_[index(x, y)] = true; }

private:
    std::size_t index(int x, int y) const noexcept
    {
        return static_cast<std::size_t>(y - window_.y0) * static_cast<std::size_t>(window_.width())
               + static_cast<std::size_t>(x - window_.x0);
    }

    Window window_;
    std::vector<bool> bits_;
};

/// The smallest window around the samples of channel 0 that are above `threshold`; empty when there is none.
Window bounds_above(const Image& image, float threshold);

/// Where channel 0 is above `threshold`.
Mask mask_above(const Image& image, float threshold);

/// Whether it says yes everywhere in the window.
bool covers(const Mask& mask, const Window& window);

/// Where either says yes.
Mask unite(const Mask& a, const Mask& b);

/// 1 where the mask says yes, one channel "A", on the mask's window.
Image picture_of(const Mask& mask, const Window& display);

}  // namespace platefall::cleanplate
