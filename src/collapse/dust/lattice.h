/// Layout of everything that lives on velocity cells.
#pragma once

#include "base/parallel.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace platefall::collapse::dust {

/// A box of cells with one more layer around it, so that a stencil needs no cases. Cells count from 0; -1 and
/// the size itself are the layer around. A value on a face has the index of the cell after it along its axis.
struct Lattice {
    int nx = 0, ny = 0, nz = 0;

    std::ptrdiff_t along_y() const { return nx + 2; }
    std::ptrdiff_t along_z() const { return along_y() * (ny + 2); }
    std::size_t size() const { return static_cast<std::size_t>(along_z()) * (nz + 2); }
    std::ptrdiff_t index(int x, int y, int z) const { return (z + 1) * along_z() + (y + 1) * along_y() + x + 1; }
    bool inside(int x, int y, int z) const { return x >= 0 && x < nx && y >= 0 && y < ny && z >= 0 && z < nz; }
};

/// Calls work(z) for every slab: on all threads where the box is large enough to be worth it.
template <class Work>
void over_slabs(const Lattice& lattice, int first, int last, const Work& work)
{
    const auto band = [&](int low, int high) {
        for (int z = low; z < high; ++z)
            work(z);
    };
    if (lattice.size() < 8192)
        band(first, last);
    else
        parallel_rows(first, last, band);
}

/// The sum or the largest of slab(z) over all slabs, taken in the order of z whatever the threads do.
double sum_over_slabs(const Lattice& lattice, const std::function<double(int z)>& slab);
double largest_over_slabs(const Lattice& lattice, const std::function<double(int z)>& slab);

}  // namespace platefall::collapse::dust
