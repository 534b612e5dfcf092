/// Which pixels of a request are to be made up, and which may serve for that.
#pragma once

#include "cleanplate/fill/patch_fill.h"

#include <algorithm>
#include <array>
#include <limits>

namespace platefall::cleanplate {

inline bool is_unknown(const FillRequest& request, int x, int y)
{
    return *request.unknown.pixel(x, y) > 0.5f;
}

/// Neither to be made up nor of something else.
inline bool is_known(const FillRequest& request, int x, int y)
{
    return !is_unknown(request, x, y) && !(request.not_a_source && *request.not_a_source->pixel(x, y) > 0.5f);
}

struct Range {
    std::array<float, 3> low, high;
};

/// Of R, G and B over what is known, which must be something.
inline Range range_of_known(const FillRequest& request)
{
    Range range;
    range.low.fill(std::numeric_limits<float>::max());
    range.high.fill(std::numeric_limits<float>::lowest());
    const Window& w = request.picture.data_window();
    for (int y = w.y0; y < w.y1; ++y)
        for (int x = w.x0; x < w.x1; ++x)
            for (std::size_t c = 0; c < 3 && is_known(request, x, y); ++c) {
                range.low[c] = std::min(range.low[c], request.picture.pixel(x, y)[c]);
                range.high[c] = std::max(range.high[c], request.picture.pixel(x, y)[c]);
            }
    return range;
}

}  // namespace platefall::cleanplate
