#include "cleanplate/mask.h"

#include <algorithm>

namespace platefall::cleanplate {

Window bounds_above(const Image& image, float threshold)
{
    const Window& window = image.data_window();
    const auto step = static_cast<std::size_t>(image.channel_count());
    Window bounds{window.x1, window.y1, window.x0, window.y0};
    for (int y = window.y0; y < window.y1; ++y) {
        const float* row = image.row(y);
        for (int x = window.x0; x < window.x1; ++x)
            if (row[static_cast<std::size_t>(x - window.x0) * step] > threshold) {
                bounds.x0 = std::min(bounds.x0, x);
                bounds.x1 = std::max(bounds.x1, x + 1);
                bounds.y0 = std::min(bounds.y0, y);
                bounds.y1 = y + 1;
            }
    }
    return bounds.empty() ? Window{} : bounds;
}

Mask mask_above(const Image& image, float threshold)
{
    const Window bounds = bounds_above(image, threshold);
    Mask mask(bounds);
    for (int y = bounds.y0; y < bounds.y1; ++y)
        for (int x = bounds.x0; x < bounds.x1; ++x)
            if (image.pixel(x, y)[0] > threshold)
                mask.set(x, y);
    return mask;
}

bool covers(const Mask& mask, const Window& window)
{
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            if (!mask.at(x, y))
                return false;
    return true;
}

Mask unite(const Mask& a, const Mask& b)
{
    if (b.empty())
        return a;
    Mask both(platefall::unite(a.window(), b.window()));
    for (const Mask* mask : {&a, &b})
        for (int y = mask->window().y0; y < mask->window().y1; ++y)
            for (int x = mask->window().x0; x < mask->window().x1; ++x)
                if (mask->at(x, y))
                    both.set(x, y);
    return both;
}

Image picture_of(const Mask& mask, const Window& display)
{
    Image picture(mask.window(), display, {{"A"}});
    for (int y = mask.window().y0; y < mask.window().y1; ++y)
        for (int x = mask.window().x0; x < mask.window().x1; ++x)
            if (mask.at(x, y))
                *picture.pixel(x, y) = 1.0f;
    return picture;
}

}  // namespace platefall::cleanplate
