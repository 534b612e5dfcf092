#include "collapse/dust/multigrid.h"

#include <algorithm>

namespace platefall::collapse::dust {
namespace {

constexpr int kSmallest = 4;         // cells along the longest side of the coarsest level
constexpr int kSweeps = 2;           // before and after the coarser level
constexpr int kSweepsAtBottom = 12;  // there, which is nearly exact

Lattice coarser(const Lattice& fine)
{
    return {(fine.nx + 1) / 2, (fine.ny + 1) / 2, (fine.nz + 1) / 2};
}

bool coarsest(const Lattice& lattice)
{
    return std::max({lattice.nx, lattice.ny, lattice.nz}) <= kSmallest;
}

/// Through every face between air and air, and between air and the outside.
void couple_cells(const Cells& cells, Level& level)
{
    const Lattice& box = level.lattice;
    over_slabs(box, 0, box.nz + 1, [&](int z) {
        for (int y = 0; y <= box.ny; ++y)
            for (int x = 0; x <= box.nx; ++x) {
                const std::ptrdiff_t at = box.index(x, y, z);
                const bool here = cells.kind[at] == Cell::open;
                const auto coupled = [&](std::ptrdiff_t step) {
                    return here && cells.kind[at - step] == Cell::open ? 1.0f : 0.0f;
                };
                const bool in_x = x < box.nx, in_y = y < box.ny, in_z = z < box.nz;
                level.cx[at] = in_y && in_z ? coupled(1) : 0.0f;
                level.cy[at] = in_x && in_z ? coupled(box.along_y()) : 0.0f;
                level.cz[at] = in_x && in_y ? coupled(box.along_z()) : 0.0f;
            }
    });
}

/// Four fine faces make one coarse face. Twice the distance halves the coupling: 4 / 2 where all is open.
void couple_aggregates(const Level& fine, Level& coarse)
{
    const Lattice& box = coarse.lattice;
    const Lattice& small = fine.lattice;
    const auto sum = [&](const std::vector<float>& coupling, int x, int y, int z, int wide_x, int wide_y, int wide_z) {
        float total = 0;
        for (int k = z; k < std::min(z + wide_z, small.nz + 1); ++k)
            for (int j = y; j < std::min(y + wide_y, small.ny + 1); ++j)
                for (int i = x; i < std::min(x + wide_x, small.nx + 1); ++i)
                    total += coupling[small.index(i, j, k)];
        return 0.5f * total;
    };
    over_slabs(box, 0, box.nz + 1, [&](int z) {
        const int fz =
            std::min(2 * z, small.nz);  // the last face of an odd number of cells lies inside a coarse one
        for (int y = 0; y <= box.ny; ++y)
            for (int x = 0; x <= box.nx; ++x) {
                const std::ptrdiff_t at = box.index(x, y, z);
                const int fx = std::min(2 * x, small.nx), fy = std::min(2 * y, small.ny);
                const bool in_x = x < box.nx, in_y = y < box.ny, in_z = z < box.nz;
                coarse.cx[at] = in_y && in_z ? sum(fine.cx, fx, fy, fz, 1, 2, 2) : 0.0f;
                coarse.cy[at] = in_x && in_z ? sum(fine.cy, fx, fy, fz, 2, 1, 2) : 0.0f;
                coarse.cz[at] = in_x && in_y ? sum(fine.cz, fx, fy, fz, 2, 2, 1) : 0.0f;
            }
    });
}

void invert_diagonal(Level& level)
{
    const Lattice& box = level.lattice;
    const std::ptrdiff_t sy = box.along_y(), sz = box.along_z();
    over_slabs(box, 0, box.nz, [&](int z) {
        for (int y = 0; y < box.ny; ++y)
            for (std::ptrdiff_t at = box.index(0, y, z), end = at + box.nx; at < end; ++at) {
                const float diagonal = level.cx[at] + level.cx[at + 1] + level.cy[at] + level.cy[at + sy] + level.cz[at]
                                       + level.cz[at + sz];
                level.inverse[at] = diagonal > 0 ? 1 / diagonal : 0.0f;
            }
    });
}

/// Sum of coupling times neighbour.
inline float pull(const Level& level, const float* x, std::ptrdiff_t at, std::ptrdiff_t sy, std::ptrdiff_t sz)
{
    return (level.cx[at] * x[at - 1] + level.cx[at + 1] * x[at + 1])
           + (level.cy[at] * x[at - sy] + level.cy[at + sy] * x[at + sy])
           + (level.cz[at] * x[at - sz] + level.cz[at + sz] * x[at + sz]);
}

void smooth(Level& level, int colour)
{
    const Lattice& box = level.lattice;
    const std::ptrdiff_t sy = box.along_y(), sz = box.along_z();
    over_slabs(box, 0, box.nz, [&](int z) {
        float* x = level.x.data();
        for (int y = 0; y < box.ny; ++y) {
            const std::ptrdiff_t begin = box.index(0, y, z);
            for (std::ptrdiff_t at = begin + ((y + z + colour) & 1); at < begin + box.nx; at += 2)
                x[at] = level.inverse[at] * (level.b[at] + pull(level, x, at, sy, sz));
        }
    });
}

/// What is left to solve, summed over the eight cells of an aggregate.
void restrict_residual(const Level& fine, Level& coarse)
{
    const Lattice& box = coarse.lattice;
    const Lattice& small = fine.lattice;
    const std::ptrdiff_t sy = small.along_y(), sz = small.along_z();
    over_slabs(box, 0, box.nz, [&](int z) {
        for (int y = 0; y < box.ny; ++y) {
            float* sums = coarse.b.data() + box.index(0, y, z);
            std::fill_n(sums, box.nx, 0.0f);
            for (int k = 2 * z; k < std::min(2 * z + 2, small.nz); ++k)
                for (int j = 2 * y; j < std::min(2 * y + 2, small.ny); ++j)
                    for (int i = 0; i < small.nx; ++i) {
                        const std::ptrdiff_t at = small.index(i, j, k);
                        if (fine.inverse[at] > 0)
                            sums[i / 2] += fine.b[at] + pull(fine, fine.x.data(), at, sy, sz)
                                           - fine.x[at] / fine.inverse[at];
                    }
        }
    });
}

void add_correction(const Level& coarse, Level& fine)
{
    const Lattice& small = fine.lattice;
    over_slabs(small, 0, small.nz, [&](int z) {
        for (int y = 0; y < small.ny; ++y) {
            const float* from = coarse.x.data() + coarse.lattice.index(0, y / 2, z / 2);
            const std::ptrdiff_t row = small.index(0, y, z);
            for (int x = 0; x < small.nx; ++x)
                fine.x[row + x] += fine.inverse[row + x] > 0 ? from[x / 2] : 0.0f;
        }
    });
}

}  // namespace

Level::Level(const Lattice& box)
    : lattice(box), cx(box.size()), cy(box.size()), cz(box.size()), inverse(box.size()), x(box.size()), b(box.size())
{
}

Multigrid::Multigrid(const Lattice& lattice)
{
    levels_.emplace_back(lattice);
    while (!coarsest(levels_.back().lattice))
        levels_.emplace_back(coarser(levels_.back().lattice));
}

void Multigrid::shape(const Cells& cells)
{
    couple_cells(cells, levels_.front());
    for (std::size_t i = 1; i < levels_.size(); ++i)
        couple_aggregates(levels_[i - 1], levels_[i]);
    for (Level& level : levels_)
        invert_diagonal(level);
}

void Multigrid::cycle()
{
    descend(0);
}

void Multigrid::descend(std::size_t index)
{
    Level& level = levels_[index];
    std::fill(level.x.begin(), level.x.end(), 0.0f);
    const bool bottom = index + 1 == levels_.size();
    const int sweeps = bottom ? kSweepsAtBottom : kSweeps;
    for (int half = 0; half < 2 * sweeps; ++half)
        smooth(level, half % 2);
    if (!bottom) {
        restrict_residual(level, levels_[index + 1]);
        descend(index + 1);
        add_correction(levels_[index + 1], level);
    }
    for (int half = 0; half < 2 * sweeps; ++half)
        smooth(level, 1 - half % 2);
}

std::size_t Multigrid::bytes(const Lattice& lattice)
{
    const std::size_t own = 6 * sizeof(float) * lattice.size();
    return coarsest(lattice) ? own : own + bytes(coarser(lattice));
}

}  // namespace platefall::collapse::dust
