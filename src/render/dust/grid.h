/// Numbers on cubic cells of a box, read anywhere between.
#pragma once

#include "base/parallel.h"
#include "render/vectors.h"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace platefall::render::dust {

using Four = Eigen::Array4f;

/// A box of cells and one more layer around it, its rim: cell -1 and cell `cells`.
struct Box {
    V3 low{0};                        ///< corner of cell 0, m
    float cell_m = 1;
    std::array<int, 3> cells{0, 0, 0};

    std::ptrdiff_t along_y() const { return cells[0] + 2; }
    std::ptrdiff_t along_z() const { return along_y() * (cells[1] + 2); }
    std::size_t size() const { return static_cast<std::size_t>(along_z() * (cells[2] + 2)); }
    std::ptrdiff_t index(int x, int y, int z) const { return (z + 1) * along_z() + (y + 1) * along_y() + x + 1; }
    V3 middle(int x, int y, int z) const
    {
        return low + cell_m * V3(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f, static_cast<float>(z) + 0.5f);
    }

    /// In cells from the middle of the rim's first one: what lies between the middles of the rim is 0 to cells + 1.
    V3 in_grid(const V3& at) const { return (at - low) / cell_m + V3(0.5f); }

    /// The same box in cells twice as wide, and one more where their number is odd.
    Box halved() const
    {
        return {low, 2 * cell_m, {(cells[0] + 1) / 2, (cells[1] + 1) / 2, (cells[2] + 1) / 2}};
    }
};

/// Between which eight middles a place lies, and how far along.
struct Place {
    std::ptrdiff_t at;
    float x, y, z;
};

/// `grid` as Box::in_grid; what lies outside counts as on the middles of the rim.
inline Place place_in(const Box& box, const V3& grid)
{
    const auto along = [&](int axis, float& rest) {
        const float inside = std::clamp(grid[axis], 0.0f, static_cast<float>(box.cells[static_cast<std::size_t>(axis)] + 1));
        const int whole = std::min(static_cast<int>(inside), box.cells[static_cast<std::size_t>(axis)]);
        rest = inside - static_cast<float>(whole);
        return whole;
    };
    Place place{};
    const int x = along(0, place.x), y = along(1, place.y), z = along(2, place.z);
    place.at = box.index(x - 1, y - 1, z - 1);
    return place;
}

template <class Value>
struct Grid {
    Box box;
    std::vector<Value> values;

    Grid() = default;
    Grid(const Box& box_, const Value& value) : box(box_), values(box.size(), value) {}

    Value& at(int x, int y, int z) { return values[static_cast<std::size_t>(box.index(x, y, z))]; }
    const Value& at(int x, int y, int z) const { return values[static_cast<std::size_t>(box.index(x, y, z))]; }
};

/// Calls work(x, y, z) for all cells and the rim.
template <class Work> void everywhere(const Box& box, const Work& work)
{
    parallel_rows(-1, box.cells[2] + 1, [&](int first, int last) {
        for (int z = first; z < last; ++z)
            for (int y = -1; y <= box.cells[1]; ++y)
                for (int x = -1; x <= box.cells[0]; ++x)
                    work(x, y, z);
    });
}

/// Trilinear, of what `get` takes from the eight values around a place.
template <class Value, class Get>
Four trilinear(const Grid<Value>& grid, const Place& place, const Get& get)
{
    const std::ptrdiff_t sy = grid.box.along_y(), sz = grid.box.along_z();
    const Value* v = grid.values.data() + place.at;
    const auto along_x = [&](const Value* row) { return Four(get(row[0]) + (get(row[1]) - get(row[0])) * place.x); };
    const Four a = along_x(v), b = along_x(v + sy), c = along_x(v + sz), d = along_x(v + sz + sy);
    const Four near = a + (b - a) * place.y, far = c + (d - c) * place.y;
    return near + (far - near) * place.z;
}

/// Trilinear, with the gradient a cell.
struct Slope {
    float value, x, y, z;
};

inline Slope trilinear(const Grid<float>& grid, const Place& place)
{
    const std::ptrdiff_t sy = grid.box.along_y(), sz = grid.box.along_z();
    const float* v = grid.values.data() + place.at;
    const Four low(v[0], v[sy], v[sz], v[sz + sy]), high(v[1], v[sy + 1], v[sz + 1], v[sz + sy + 1]);
    const Four across = high - low, here = low + across * place.x;
    const float y = place.y, z = place.z, ry = 1 - y, rz = 1 - z;
    const float near = here[0] * ry + here[1] * y, far = here[2] * ry + here[3] * y;
    return {near * rz + far * z, (across[0] * ry + across[1] * y) * rz + (across[2] * ry + across[3] * y) * z,
            (here[1] - here[0]) * rz + (here[3] - here[2]) * z, far - near};
}

}  // namespace platefall::render::dust
