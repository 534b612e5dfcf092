#include "cleanplate/cell_grid.h"

#include "base/parallel.h"

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

/// A cell is a fraction of what the eye takes for one thing: 4 pixels of a 2K plate.
int cell_size(const Window& plate)
{
    return std::clamp(plate.width() / 480, 2, 16);
}

int floor_div(int a, int b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

Window in_cells(const Window& window, int size)
{
    return {floor_div(window.x0, size), floor_div(window.y0, size), floor_div(window.x1 + size - 1, size),
            floor_div(window.y1 + size - 1, size)};
}

/// Which cells lie behind a hole of a target frame, at any depth that there is.
void find_hidden(CellGrid& grid, const Take& take, const std::vector<FrameMasks>& masks, const CanvasPlan& plan)
{
    std::vector<Mask> holes(plan.targets.size());
    parallel_each(static_cast<int>(plan.targets.size()), [&](int i) {
        const auto t = static_cast<std::size_t>(i);
        holes[t] = in_cells(masks[plan.targets[t]].hole, grid.size);
    });
    const std::vector<double> depths = depth_range(take);
    const auto behind = [&](const ViewMap& map, const Mask& hole, const Vec2& middle) {
        return std::ranges::any_of(depths, [&](double depth) {
            const ViewMap::Hit hit = map(middle, depth);
            return hit.in_front
                   && hole.at(static_cast<int>(std::floor(hit.at[0] / grid.size)),
                              static_cast<int>(std::floor(hit.at[1] / grid.size)));
        });
    };
    std::vector<ViewMap> maps;
    for (const std::size_t target : plan.targets)
        maps.push_back(view_map(take, target, plan.base));

    parallel_rows(0, static_cast<int>(grid.count()), [&](int first, int last) {
        for (int cell = first; cell < last; ++cell) {
            int times = 0;
            double when = 0;
            for (std::size_t t = 0; t < maps.size(); ++t)
                if (behind(maps[t], holes[t], grid.middle(cell))) {
                    ++times;
                    when += static_cast<double>(plan.targets[t]);
                }
            const auto at = static_cast<std::size_t>(cell);
            grid.hidden[at] = times > 0;
            grid.hidden_when[at] = static_cast<float>(times > 0 ? when / times : static_cast<double>(plan.base));
        }
    });
}

/// Hidden cells and those at most `reach` cells away along both axes.
std::vector<int> around_hidden(const CellGrid& grid, int reach)
{
    const int width = grid.cells.width(), height = grid.cells.height();
    const auto spread = [&](const std::vector<char>& from, int step, int length, int lines, int line_step) {
        std::vector<char> to(from.size());
        for (int line = 0; line < lines; ++line)
            for (int i = 0, last = -reach - 1; i < length + reach; ++i) {
                if (i < length && from[static_cast<std::size_t>(line * line_step + i * step)])
                    last = i;
                if (i - reach >= 0 && last >= i - 2 * reach)
                    to[static_cast<std::size_t>(line * line_step + (i - reach) * step)] = 1;
            }
        return to;
    };
    const auto wide = spread(spread(grid.hidden, 1, width, height, width), width, height, width, 1);
    std::vector<int> cells;
    for (std::size_t cell = 0; cell < wide.size(); ++cell)
        if (wide[cell])
            cells.push_back(static_cast<int>(cell));
    return cells;
}

}  // namespace

Mask in_cells(const Mask& mask, int size)
{
    if (mask.empty())
        return {};
    Mask cells(in_cells(mask.window(), size));
    for (int y = mask.window().y0; y < mask.window().y1; ++y)
        for (int x = mask.window().x0; x < mask.window().x1; ++x)
            if (mask.at(x, y))
                cells.set(floor_div(x, size), floor_div(y, size));
    return cells;
}

CellGrid::Corners CellGrid::around(int x, int y) const
{
    const auto along = [&](int pixel, int first, int last, int* pair, float* weight) {
        const float at = (static_cast<float>(pixel) + 0.5f) / static_cast<float>(size) - 0.5f;
        const auto whole = static_cast<int>(std::floor(at));
        pair[0] = std::clamp(whole, first, last - 1) - first;
        pair[1] = std::clamp(whole + 1, first, last - 1) - first;
        weight[1] = at - static_cast<float>(whole);
        weight[0] = 1 - weight[1];
    };
    int columns[2], lines[2];
    float across[2], down[2];
    along(x, cells.x0, cells.x1, columns, across);
    along(y, cells.y0, cells.y1, lines, down);
    Corners corners{};
    for (std::size_t i = 0; i < 4; ++i) {
        corners.cell[i] = static_cast<std::size_t>(lines[i / 2] * cells.width() + columns[i % 2]);
        corners.weight[i] = down[i / 2] * across[i % 2];
    }
    return corners;
}

CellGrid make_grid(const Take& take, const std::vector<FrameMasks>& masks, const CanvasPlan& plan, int ring_px)
{
    CellGrid grid;
    grid.size = cell_size(plan.plate);
    const int ring = (ring_px + grid.size - 1) / grid.size;
    grid.cells = grown(in_cells(plan.window, grid.size), ring);
    const auto count
        = static_cast<std::size_t>(grid.cells.width()) * static_cast<std::size_t>(grid.cells.height());
    grid.hidden.resize(count);
    grid.hidden_when.resize(count);
    find_hidden(grid, take, masks, plan);
    grid.active = around_hidden(grid, ring);
    return grid;
}

}  // namespace platefall::cleanplate
