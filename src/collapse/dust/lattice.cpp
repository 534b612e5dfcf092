#include "collapse/dust/lattice.h"

#include <algorithm>
#include <numeric>

namespace platefall::collapse::dust {
namespace {

std::vector<double> each_slab(const Lattice& lattice, const std::function<double(int z)>& slab)
{
    std::vector<double> parts(lattice.nz);
    over_slabs(lattice, 0, lattice.nz, [&](int z) { parts[z] = slab(z); });
    return parts;
}

}  // namespace

double sum_over_slabs(const Lattice& lattice, const std::function<double(int z)>& slab)
{
    const auto parts = each_slab(lattice, slab);
    return std::accumulate(parts.begin(), parts.end(), 0.0);
}

double largest_over_slabs(const Lattice& lattice, const std::function<double(int z)>& slab)
{
    const auto parts = each_slab(lattice, slab);
    return *std::max_element(parts.begin(), parts.end());
}

}  // namespace platefall::collapse::dust
