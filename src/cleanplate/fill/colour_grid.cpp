#include "cleanplate/fill/colour_grid.h"

namespace platefall::cleanplate {

ColourGrid::ColourGrid(const Window& box) : box_(box)
{
    channels_.fill({Raster<GridSystem::Cell>(box.width(), box.height(), 1, {})});
}

void ColourGrid::connect(const Pixel& p, const Pixel& q, float weight, const Colour& step)
{
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        (q.x > p.x ? cell(c, p).right : cell(c, p).down) += weight;
        cell(c, p).pull -= weight * step[c];
        cell(c, q).pull += weight * step[c];
    }
}

void ColourGrid::anchor(const Pixel& p, float weight, const Colour& to)
{
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        cell(c, p).anchor += weight;
        cell(c, p).pull += weight * to[c];
    }
}

std::vector<Colour> ColourGrid::solve(const std::vector<Pixel>& pixels) const
{
    std::vector<Colour> result(pixels.size());
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        const Raster<float> values = cleanplate::solve(channels_[c]);
        for (std::size_t i = 0; i < pixels.size(); ++i)
            result[i][c] = values(pixels[i].x - box_.x0, pixels[i].y - box_.y0);
    }
    return result;
}

}  // namespace platefall::cleanplate
