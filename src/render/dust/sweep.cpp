#include "render/dust/sweep.h"

#include "base/parallel.h"

#include <cmath>

namespace platefall::render::dust {
namespace {

/// A slice across an axis: its cells count from -1 along two other axes.
struct Slices {
    Slices(const Box& box, int axis)
        : strides{1, box.along_y(), box.along_z()}, across(axis), a((axis + 1) % 3), b((axis + 2) % 3), cells(box.cells)
    {
        if (strides[std::size_t(a)] > strides[std::size_t(b)])
            std::swap(a, b);
    }

    std::ptrdiff_t index(int slice, int i, int j) const
    {
        return (slice + 1) * strides[std::size_t(across)] + (i + 1) * strides[std::size_t(a)]
               + (j + 1) * strides[std::size_t(b)];
    }
    int count(int axis) const { return cells[std::size_t(axis)]; }

    std::array<std::ptrdiff_t, 3> strides;
    int across, a, b;
    std::array<int, 3> cells;
};

int longest(const V3& v)
{
    const float x = std::abs(v.x), y = std::abs(v.y), z = std::abs(v.z);
    return x >= y && x >= z ? 0 : y >= z ? 1 : 2;
}

/// What a line from a middle meets of the slice before: one offset and four weights for the whole slice.
struct Before {
    int i, j;
    std::array<float, 4> weights;
};

Before before(float along_a, float along_b)
{
    const float fa = std::floor(along_a), fb = std::floor(along_b), ra = along_a - fa, rb = along_b - fb;
    return {static_cast<int>(fa), static_cast<int>(fb), {(1 - ra) * (1 - rb), ra * (1 - rb), (1 - ra) * rb, ra * rb}};
}

}  // namespace

Grid<float> halved(const Grid<float>& from)
{
    Grid<float> to(from.box.halved(), 0.0f);
    const std::ptrdiff_t sy = from.box.along_y(), sz = from.box.along_z();
    parallel_rows(0, to.box.cells[2], [&](int first, int last) {
        for (int z = first; z < last; ++z)
            for (int y = 0; y < to.box.cells[1]; ++y)
                for (int x = 0; x < to.box.cells[0]; ++x) {
                    const float* v = from.values.data() + from.box.index(2 * x, 2 * y, 2 * z);
                    to.at(x, y, z) = 0.125f * (((v[0] + v[1]) + (v[sy] + v[sy + 1]))
                                               + ((v[sz] + v[sz + 1]) + (v[sz + sy] + v[sz + sy + 1])));
                }
    });
    return to;
}

Grid<float> depth_towards(const Grid<float>& extinction, const V3& towards)
{
    const Box& box = extinction.box;
    const Slices slices(box, longest(towards));
    const float forward = std::abs(towards[slices.across]);
    const int step = towards[slices.across] > 0 ? 1 : -1, count = slices.count(slices.across);
    const Before from = before(towards[slices.a] / forward, towards[slices.b] / forward);
    const float half_path = 0.5f * box.cell_m / forward;
    Grid<float> depth(box, 0.0f);
    const auto row = [&](int slice, int j) {
        const std::array<bool, 2> rows{from.j + j >= -1 && from.j + j <= slices.count(slices.b),
                                       from.j + j + 1 >= -1 && from.j + j + 1 <= slices.count(slices.b)};
        for (int i = -1; i <= slices.count(slices.a); ++i) {
            const auto at = static_cast<std::size_t>(slices.index(slice, i, j));
            float sum = half_path * extinction.values[at];
            for (int corner = 0; corner < 4; ++corner) {
                const int di = from.i + i + (corner & 1);
                if (!rows[std::size_t(corner >> 1)] || di < -1 || di > slices.count(slices.a))
                    continue;
                const auto near = static_cast<std::size_t>(slices.index(slice + step, di, from.j + j + (corner >> 1)));
                sum += from.weights[std::size_t(corner)] * (depth.values[near] + half_path * extinction.values[near]);
            }
            depth.values[at] = sum;
        }
    };
    for (int i = 1, slice = step > 0 ? count - 1 : 0; i < count + 2; ++i, slice -= step)
        parallel_rows(-1, slices.count(slices.b) + 1, [&](int first, int last) {
            for (int j = first; j < last; ++j)
                row(slice, j);
        });
    return depth;
}

}  // namespace platefall::render::dust
