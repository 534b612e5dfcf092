#include "cleanplate/fill/smooth_fill.h"

#include "cleanplate/fill/grid_solver.h"

#include <algorithm>
#include <array>
#include <limits>

namespace platefall::cleanplate {
namespace {

struct Range {
    float low = std::numeric_limits<float>::max(), high = std::numeric_limits<float>::lowest();
};

Range range_of(const Raster<std::uint8_t>& known, const Raster<float>& values)
{
    Range range;
    for (int y = 0; y < known.height(); ++y)
        for (int x = 0; x < known.width(); ++x)
            if (known(x, y))
                range = {std::min(range.low, values(x, y)), std::max(range.high, values(x, y))};
    return range;
}

/// Every unknown value like its neighbours.
GridSystem film(const Raster<std::uint8_t>& known, const Raster<float>& values)
{
    GridSystem system{Raster<GridSystem::Cell>(known.width(), known.height(), 1, {})};
    const auto connect = [&](int x, int y, int nx, int ny, float& between) {
        if (!known.contains(nx, ny))
            return;
        if (!known(x, y) && !known(nx, ny))
            between = 1.0f;
        for (const auto& [ax, ay, bx, by] : {std::array{x, y, nx, ny}, std::array{nx, ny, x, y}})
            if (!known(ax, ay) && known(bx, by)) {
                system.cells(ax, ay).anchor += 1.0f;
                system.cells(ax, ay).pull += values(bx, by);
            }
    };
    for (int y = 0; y < known.height(); ++y)
        for (int x = 0; x < known.width(); ++x) {
            connect(x, y, x + 1, y, system.cells(x, y).right);
            connect(x, y, x, y + 1, system.cells(x, y).down);
        }
    return system;
}

}  // namespace

void fill_smoothly(const Raster<std::uint8_t>& known, Raster<float>& values)
{
    const Range range = range_of(known, values);
    if (range.low > range.high)
        return;
    const Raster<float> solution = solve(film(known, values));
    for (int y = 0; y < known.height(); ++y)
        for (int x = 0; x < known.width(); ++x)
            if (!known(x, y))
                values(x, y) = std::clamp(solution(x, y), range.low, range.high);
}

}  // namespace platefall::cleanplate
