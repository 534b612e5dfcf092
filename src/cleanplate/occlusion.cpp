#include "cleanplate/occlusion.h"

#include "base/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace platefall::cleanplate {
namespace {

int floor_of(double value)
{
    return static_cast<int>(std::floor(value));
}

}  // namespace

float step_between_surfaces(const std::vector<float>& depths)
{
    constexpr float kOtherSurface = 0.12f;   // of the range of depths
    const auto [low, high] = std::ranges::minmax_element(depths);
    return kOtherSurface * (*high - *low);
}

/// Where a place lies in the view, in its cells, and one over its depth there.
struct SurfaceInView::Landing {
    double x, y;
    float near;
    bool in_front;
};

SurfaceInView::SurfaceInView(const CellGrid& grid, const SourceView& view, const std::vector<float>& depths, int nearness)
    : map_(view.view_from_canvas()), size_(grid.size), nearness_(nearness), step_(step_between_surfaces(depths))
{
    constexpr double kHalf = 0.45;   // of a cell; less than half, so that cells that meet do not cover each other
    if (step_ == 0 || !map_.has_parallax())
        return;
    const Window& cells = view.cells();
    nearest_ = Image(cells, cells, {{"Z"}}, std::numeric_limits<float>::lowest());
    for (const int cell : grid.active) {
        const Landing one = land(grid.middle(cell), depths[static_cast<std::size_t>(cell)]);
        if (!one.in_front)
            continue;
        for (int y = floor_of(one.y - kHalf); y <= floor_of(one.y + kHalf); ++y)
            for (int x = floor_of(one.x - kHalf); x <= floor_of(one.x + kHalf); ++x)
                if (cells.contains(x, y))
                    *nearest_.pixel(x, y) = std::max(*nearest_.pixel(x, y), one.near);
    }
}

/// With x' ~ A x + d e, the last component is this depth over that one.
SurfaceInView::Landing SurfaceInView::land(const Vec2& canvas_pixel, float depth) const
{
    const auto d = static_cast<double>(depth);
    const auto& m = map_.homography;
    const double farther = m[6] * canvas_pixel[0] + m[7] * canvas_pixel[1] + m[8] + d * map_.parallax[2];
    const ViewMap::Hit hit = map_(canvas_pixel, d);
    return {hit.at[0] / size_, hit.at[1] / size_, static_cast<float>(nearness_ * d / farther), hit.in_front};
}

bool SurfaceInView::hides(const Vec2& canvas_pixel, float depth) const
{
    if (nearest_.data_window().empty())
        return false;
    const Landing one = land(canvas_pixel, depth);
    const int x = floor_of(one.x), y = floor_of(one.y);
    return one.in_front && nearest_.data_window().contains(x, y) && *nearest_.pixel(x, y) - one.near > step_;
}

std::vector<SurfaceInView> surface_in_views(const CellGrid& grid, const std::vector<SourceView>& views,
                                            const std::vector<float>& depths, int nearness)
{
    std::vector<std::optional<SurfaceInView>> made(views.size());
    parallel_each(static_cast<int>(views.size()), [&](int i) {
        const auto view = static_cast<std::size_t>(i);
        made[view].emplace(grid, views[view], depths, nearness);
    });
    std::vector<SurfaceInView> surfaces;
    for (auto& surface : made)
        surfaces.push_back(std::move(*surface));
    return surfaces;
}

}  // namespace platefall::cleanplate
