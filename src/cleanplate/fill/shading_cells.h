/// Where a picture that is put together from copies is smooth, seen in cells.
#pragma once

#include "cleanplate/fill/composite.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace platefall::cleanplate {

/// Fitted to the known part of a cell and of its surroundings.
struct Paraboloid {
    std::array<Colour, 6> terms{};  ///< of 1, x, y, x^2, x y, y^2, in cells from the middle of the cell
    float smooth = 0;               ///< 1: nothing is left of it; 0: too much, or too little is known

    Colour at(float x, float y) const;
};

/// What a cell shows, in its part of the hole or, where it has none, on the whole.
struct ShadingCell {
    Colour now{};
    float smooth = 0;  ///< where the copies come from
    float hole = 0;    ///< share of the hole in what is of the hole or known
    int unknown = -1;  ///< place among the cells with a part of the hole, or -1
};

/// The level in square cells.
class ShadingCells {
public:
    /// `stops`: for each of Level::hole the gain with which its copy is seen.
    ShadingCells(const Composite& composite, const std::vector<Colour>& stops);

    int width() const { return width_; }
    int height() const { return height_; }
    int unknowns() const { return unknowns_; }
    bool any_smooth_in_hole() const;

    const Paraboloid& fit(int u, int v) const { return fits_(u, v); }
    /// There is a margin of 2, where nothing is smooth.
    const ShadingCell& operator()(int u, int v) const { return cells_(u, v); }

    /// Calls use(u, v, nearness, dx, dy) for the cells around a place, which lies dx and dy cells from their
    /// middles.
    template <class Use>
    void near(const Place& at, Use use) const
    {
        constexpr float kFalloff = 0.6f;  // cells
        const auto in_cells = [&](float pixel) {
            return (pixel + 0.5f) / static_cast<float>(cell_px_) - 0.5f;
        };
        const float x = in_cells(at.x), y = in_cells(at.y);
        const int u0 = static_cast<int>(std::lround(x)), v0 = static_cast<int>(std::lround(y));
        for (int v = std::max(v0 - 1, 0); v <= std::min(v0 + 1, height_ - 1); ++v)
            for (int u = std::max(u0 - 1, 0); u <= std::min(u0 + 1, width_ - 1); ++u) {
                const float dx = x - static_cast<float>(u), dy = y - static_cast<float>(v);
                use(u, v, std::exp(-(dx * dx + dy * dy) / (2 * kFalloff * kFalloff)), dx, dy);
            }
    }

private:
    void look_at_hole(const Composite& composite, const std::vector<Colour>& stops);

    int cell_px_, width_, height_, unknowns_ = 0;
    Raster<Paraboloid> fits_;
    Raster<ShadingCell> cells_;
};

}  // namespace platefall::cleanplate
