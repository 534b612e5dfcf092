/// Least squares for the colours of pixels: grid_solver for three channels with the same weights.
#pragma once

#include "cleanplate/fill/colour.h"
#include "cleanplate/fill/grid_solver.h"
#include "cleanplate/fill/patch_level.h"

#include <platefall/image.h>

#include <vector>

namespace platefall::cleanplate {

/// Of the pixels in a box.
class ColourGrid {
public:
    explicit ColourGrid(const Window& box);

    /// `q`, which lies right of `p` or below it, shall be so much above it.
    void connect(const Pixel& p, const Pixel& q, float weight, const Colour& step);
    void anchor(const Pixel& p, float weight, const Colour& to);

    std::vector<Colour> solve(const std::vector<Pixel>& pixels) const;

private:
    GridSystem::Cell& cell(std::size_t channel, const Pixel& p)
    {
        return channels_[channel].cells(p.x - box_.x0, p.y - box_.y0);
    }

    Window box_;
    std::array<GridSystem, 3> channels_;
};

}  // namespace platefall::cleanplate
