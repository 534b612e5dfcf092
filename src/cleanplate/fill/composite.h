/// A hole that is put together from copies, before their brightness is adjusted.
#pragma once

#include "cleanplate/fill/colour.h"
#include "cleanplate/fill/patch_match.h"

#include <platefall/image.h>

#include <cstddef>
#include <vector>

namespace platefall::cleanplate {

/// Where each pixel of the finest level comes from, and how bright it is there: log2(x / eps + 1), blurred
/// a little so that the grain of one pixel does not count. The level must outlive it.
class Composite {
public:
    /// `shifts`: by which each of Level::hole is copied.
    Composite(const Image& picture, const Window& part, const Level& level, std::vector<Shift> shifts);

    const Level& level() const { return level_; }
    const Window& box() const { return box_; }  ///< around the hole

    /// Known, or in the hole.
    bool has(const Pixel& p) const { return is_known(p) || index(p) >= 0; }
    bool is_known(const Pixel& p) const;
    bool is_hole(const Pixel& p) const { return index(p) >= 0; }

    /// What the pixel is a copy of; a known one of itself.
    Place source(const Pixel& p) const { return source(p, p); }
    /// What `p` would be a copy of if it were copied as its neighbour `as` is.
    Place source(const Pixel& p, const Pixel& as) const;

    /// Of a known pixel.
    const Colour& brightness(const Pixel& p) const { return logs_(p.x, p.y); }
    /// Of what the pixel is a copy of.
    const Colour& copied(const Pixel& p) const { return brightness(nearest_pixel(source(p))); }

private:
    /// Into Level::hole, or -1.
    std::int32_t index(const Pixel& p) const;

    const Level& level_;
    std::vector<Shift> shifts_;
    Window box_;
    Raster<Colour> logs_;
    Raster<std::int32_t> index_;  // of the box
};

}  // namespace platefall::cleanplate
