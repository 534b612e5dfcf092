#include "render/dust/bricks.h"

#include "base/parallel.h"

namespace platefall::render::dust {
namespace {

/// Numbers along x, then y, then z.
struct Table {
    std::array<int, 3> count;
    std::vector<float> values;
};

/// The largest of what bricks reach along one axis, for each line along it.
Table largest_along(const Table& from, std::size_t axis, int bricks, int reach)
{
    Table to{from.count, {}};
    to.count[axis] = bricks;
    const int inner = axis == 0 ? 1 : axis == 1 ? from.count[0] : from.count[0] * from.count[1];
    const int outer = static_cast<int>(from.values.size()) / (inner * from.count[axis]);
    to.values.assign(static_cast<std::size_t>(inner) * outer * bricks, 0.0f);
    parallel_rows(0, outer, [&](int first, int last) {
        for (int o = first; o < last; ++o)
            for (int brick = 0; brick < bricks; ++brick) {
                float* most = to.values.data() + static_cast<std::size_t>(o * bricks + brick) * inner;
                const int low = std::max(brick * Bricks::kSide - reach, 0),
                          high = std::min((brick + 1) * Bricks::kSide + reach, from.count[axis] - 1);
                for (int cell = low; cell <= high; ++cell) {
                    const float* value = from.values.data() + static_cast<std::size_t>(o * from.count[axis] + cell) * inner;
                    for (int i = 0; i < inner; ++i)
                        most[i] = std::max(most[i], value[i]);
                }
            }
    });
    return to;
}

}  // namespace

Bricks::Bricks(const Grid<float>& extinction, float reach_cells)
{
    const int reach = static_cast<int>(std::ceil(reach_cells));
    const std::array<int, 3>& cells = extinction.box.cells;
    Table table{{cells[0] + 2, cells[1] + 2, cells[2] + 2}, extinction.values};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        count_[axis] = (cells[axis] + 1) / kSide + 1;      // places go up to cells + 1
        table = largest_along(table, axis, count_[axis], reach);
    }
    most_ = std::move(table.values);
    V3 low(1e9f), high(-1e9f);
    for (std::array<int, 3> brick{0, 0, 0}; brick[2] < count_[2]; ++brick[2])
        for (brick[1] = 0; brick[1] < count_[1]; ++brick[1])
            for (brick[0] = 0; brick[0] < count_[0]; ++brick[0])
                for (int axis = 0; axis < 3 && most(brick) > 0; ++axis) {
                    const float corner = static_cast<float>(kSide * brick[static_cast<std::size_t>(axis)]);
                    low[axis] = std::min(low[axis], corner);
                    high[axis] = std::max(high[axis], std::min(corner + kSide, static_cast<float>(cells[std::size_t(axis)] + 1)));
                }
    low_ = low;
    high_ = high;
}

Stretch Bricks::clip(const V3& origin, const V3& direction, float from, float to) const
{
    for (int axis = 0; axis < 3; ++axis) {
        if (std::abs(direction[axis]) < 1e-12f) {
            if (origin[axis] < low_[axis] || origin[axis] >= high_[axis])
                return {0, 0};
            continue;
        }
        const float a = (low_[axis] - origin[axis]) / direction[axis], b = (high_[axis] - origin[axis]) / direction[axis];
        from = std::max(from, std::min(a, b));
        to = std::min(to, std::max(a, b));
    }
    return {from, to};
}

}  // namespace platefall::render::dust
