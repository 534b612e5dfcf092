/// Takes made by hand: how the camera moved is known, and so is what stands behind the holes.
#pragma once

#include "cleanplate/canvas.h"
#include "cleanplate/moving_picture.h"
#include "cleanplate/source_views.h"
#include "grain/grain.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>

namespace platefall::cleanplate::test {

using Colour = std::array<float, 3>;

inline Homography move_by(double x, double y = 0)
{
    return {{1, 0, x, 0, 1, y, 0, 0, 1}};
}

inline Mask box(const Window& where)
{
    Mask mask(where);
    for (int y = where.y0; y < where.y1; ++y)
        for (int x = where.x0; x < where.x1; ++x)
            mask.set(x, y);
    return mask;
}

inline Window shifted(const Window& window, int x, int y = 0)
{
    return {window.x0 + x, window.y0 + y, window.x1 + x, window.y1 + y};
}

inline void paint(Image& plate, const Window& where, const Colour& colour)
{
    const Window inside = intersect(where, plate.data_window());
    for (int y = inside.y0; y < inside.y1; ++y)
        for (int x = inside.x0; x < inside.x1; ++x)
            std::copy_n(colour.data(), 3, plate.pixel(x, y));
}

/// A row in which an assertion failed is the last.
template <class Use> void for_each_pixel(const Window& window, Use use)
{
    for (int y = window.y0; y < window.y1 && !testing::Test::HasFatalFailure(); ++y)
        for (int x = window.x0; x < window.x1; ++x)
            use(x, y);
}

inline bool same_bits(const Image& a, const Image& b)
{
    return a.data_window() == b.data_window() && a.sample_count() == b.sample_count()
           && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

/// As picture() makes it with `noise`, the same in R, G and B.
inline grain::NoiseModel photon_noise(double noise)
{
    grain::NoiseModel model;
    model.variance_slope.fill(static_cast<float>(noise * noise));
    for (auto& kernel : model.kernel)
        kernel[12] = 1;
    model.colour = {{{1, 0, 0}, {1, 0, 0}, {1, 0, 0}}};
    return model;
}

struct SmallTake {
    Window window;
    Take take;
    std::vector<FrameMasks> masks;
    std::vector<Image> plates;

    std::size_t count() const { return plates.size(); }

    /// What is taken out of a frame: painted in a colour that must not be seen again, three pixels inside its hole.
    void cover(std::size_t index, const Window& hole)
    {
        masks[index].hole = box(hole);
        masks[index].blocked = unite(masks[index].blocked, masks[index].hole);
        paint(plates[index], grown(hole, -3), {40, 0, 40});
    }

    void put_in_front(std::size_t index, const Window& where)
    {
        masks[index].blocked = unite(masks[index].blocked, box(where));
        paint(plates[index], grown(where, -3), {40, 0, 40});
    }

    PlateReader reader() const
    {
        return [this](std::size_t index) { return std::make_shared<const Image>(plates[index]); };
    }

    CanvasPlan plan() const { return plan_canvases(take, masks, window).at(0); }
};

/// The camera moves along the wall by `step_px` from frame to frame; pixel (x, y) of the frame in the middle sees
/// wall({x, y}).
inline SmallTake along_the_wall(const Window& window, int frames, double step_px, double noise = 0.01,
                                const std::function<double(const Vec2&)>& light = [](const Vec2& at) { return wall(at); })
{
    SmallTake made{.window = window, .take = {}, .masks = {}, .plates = {}};
    made.take.base = static_cast<std::size_t>(frames - 1) / 2;
    made.take.locked_off = step_px == 0;
    for (int i = 0; i < frames; ++i) {
        const double along = step_px * (i - static_cast<int>(made.take.base));
        made.take.frames.push_back(1001 + i);
        made.take.frame_from_base.push_back(move_by(-along));
        made.take.parallax.push_back({0, 0, 0});
        made.plates.push_back(picture(window, i, [&](const Vec2& at) { return light({at[0] + along, at[1]}); }, noise));
    }
    made.masks.resize(made.plates.size());
    return made;
}

}  // namespace platefall::cleanplate::test
