/// Where there is dust: most of a box is clean air, and nothing need be done there.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

namespace platefall::collapse::dust {

/// Whole numbers in [low, high).
struct Span {
    int low = std::numeric_limits<int>::max(), high = 0;

    bool empty() const { return low >= high; }
    void add(int number) { add({number, number + 1}); }
    void add(const Span& other)
    {
        if (other.empty())
            return;
        low = std::min(low, other.low);
        high = std::max(high, other.high);
    }
    Span grown(int by, int size) const
    {
        return empty() ? Span{} : Span{std::max(low - by, 0), std::min(high + by, size)};
    }
};

/// Density cells that may hold dust: one span of x for all, and a span of y for every z.
struct Region {
    Region(int cells_x, int cells_y, int cells_z) : nx(cells_x), ny(cells_y), nz(cells_z), y(cells_z) {}

    void add(int at_x, int at_y, int at_z)
    {
        x.add(at_x);
        y[at_z].add(at_y);
    }
    bool empty() const { return x.empty(); }

    Span all_y() const
    {
        Span span;
        for (const Span& slab : y)
            span.add(slab);
        return span;
    }
    Span all_z() const
    {
        Span span;
        for (int z = 0; z < nz; ++z)
            if (!y[z].empty())
                span.add(z);
        return span;
    }

    /// The span of z of every y.
    std::vector<Span> z() const
    {
        std::vector<Span> spans(ny);
        for (int at_z = 0; at_z < nz; ++at_z)
            for (int at_y = y[at_z].low; at_y < y[at_z].high; ++at_y)
                spans[at_y].add(at_z);
        return spans;
    }

    /// With every cell that lies within `by` of it along each axis.
    Region grown(int by) const
    {
        Region more(nx, ny, nz);
        more.x = x.grown(by, nx);
        for (int at_z = 0; at_z < nz; ++at_z)
            for (int other = std::max(at_z - by, 0); other < std::min(at_z + by + 1, nz); ++other)
                more.y[other].add(y[at_z].grown(by, ny));
        return more;
    }

    int nx, ny, nz;
    Span x;
    std::vector<Span> y;
};

/// Velocity cells.
struct Block {
    Span x, y, z;
};

/// The smallest block that holds a region; velocity cells are twice as large as density cells.
inline Block block_around(const Region& region)
{
    const auto halved = [](const Span& span) { return Span{span.low / 2, (span.high + 1) / 2}; };
    return {halved(region.x), halved(region.all_y()), halved(region.all_z())};
}

}  // namespace platefall::collapse::dust
