/// One number a pixel, and filters along rows and columns.
#pragma once

#include <cstddef>
#include <vector>

namespace platefall::compare {

struct Plane {
    Plane() = default;
    Plane(int width_px, int height_px)   ///< zeros
        : width(width_px), height(height_px), samples(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px))
    {
    }

    int width = 0, height = 0;
    std::vector<float> samples;

    float* row(int y) { return samples.data() + static_cast<std::ptrdiff_t>(y) * width; }
    const float* row(int y) const { return samples.data() + static_cast<std::ptrdiff_t>(y) * width; }
};

/// An odd number of weights; the middle one belongs to the pixel itself.
using Kernel = std::vector<float>;

/// Correlation with the kernel along x or y. Beyond the border a picture goes on as its border pixels.
Plane filter_rows(const Plane& in, const Kernel& kernel);
Plane filter_columns(const Plane& in, const Kernel& kernel);

}  // namespace platefall::compare
