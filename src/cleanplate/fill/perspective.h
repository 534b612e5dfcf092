/// Copying along a flat thing that is seen in perspective: a facade, a street.
#pragma once

#include "cleanplate/fill/raster.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace platefall::cleanplate {

/// In pixels of a level, whose centres are whole numbers.
struct Place {
    float x = 0, y = 0;
    bool operator==(const Place&) const = default;
};

/// Less than so many pixels apart in x and in y.
inline bool are_within(float pixels, const Place& a, const Place& b)
{
    return std::abs(a.x - b.x) < pixels && std::abs(a.y - b.y) < pixels;
}

/// A flat thing in space, known by its horizon. Moving along it moves the picture's points by
///     x -> H^-1 (H x + offset),  H x = (x - origin) / nearness(x),
/// which needs no camera: whatever else H left open drops out (Huang et al. 2014).
struct Plane {
    float x0 = 0, y0 = 0;        ///< the origin, where nearness is 1
    float across = 0, down = 0;  ///< how nearness grows a pixel; both 0: a plane that faces the camera

    /// Falls from 1 at the origin to 0 on the horizon; negative beyond it.
    float nearness(const Place& at) const { return 1 + across * (at.x - x0) + down * (at.y - y0); }

    /// H: the place on the plane, in pixels at the origin.
    Place flattened(const Place& at) const
    {
        const float near = nearness(at);
        return {(at.x - x0) / near, (at.y - y0) / near};
    }

    /// Where what lies an offset further on the plane is seen. Whole numbers stay whole on a plane that faces the camera.
    Place moved(const Place& at, const Place& offset) const
    {
        if (faces_camera())
            return {at.x + offset.x, at.y + offset.y};
        Place flat = flattened(at);
        flat.x += offset.x;
        flat.y += offset.y;
        const float near = 1 / (1 - across * flat.x - down * flat.y);
        return {x0 + flat.x * near, y0 + flat.y * near};
    }

    /// The offset that leads from one place to another.
    Place offset(const Place& from, const Place& to) const
    {
        if (faces_camera())
            return {to.x - from.x, to.y - from.y};
        const Place a = flattened(from), b = flattened(to);
        return {b.x - a.x, b.y - a.y};
    }

    bool faces_camera() const { return across == 0 && down == 0; }
};

/// The planes of a level, and where in it they may lie.
class Perspective {
public:
    /// Only the plane that faces the camera.
    Perspective() = default;

    std::size_t count() const { return planes_.size(); }
    const Plane& operator[](std::size_t plane) const { return planes_[plane]; }

    /// How much speaks for what is seen there being part of the plane, 0 to 1. The first one, which faces the camera, has
    /// what the others leave.
    float share(std::size_t plane, int x, int y) const
    {
        if (shares_.empty())
            return 1;
        const int u = cell(x, shares_[0].width()), v = cell(y, shares_[0].height());
        if (plane > 0)
            return shares_[plane - 1](u, v);
        float others = 0;
        for (const auto& shares : shares_)
            others += shares(u, v);
        return 1 - others;
    }

    /// `shares` has a value for each cell of so many pixels.
    void add(const Plane& plane, Raster<float> shares, float cell_px);

    /// The same planes in pixels that are `factor` times as large; offsets on them count in those.
    Perspective reduced(float factor) const;

private:
    int cell(int pixel, int count) const
    {
        const int at = static_cast<int>((static_cast<float>(pixel) + 0.5f) / cell_px_);
        return at < count ? at : count - 1;
    }

    std::vector<Plane> planes_{Plane{}};
    std::vector<Raster<float>> shares_;  // of all but the first
    float cell_px_ = 1;
};

}  // namespace platefall::cleanplate
