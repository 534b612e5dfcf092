/// The grids of the Poisson solver, each half as fine as the one before, and the cycle through them.
#pragma once

#include "cleanplate/solve/poisson_solver.h"

#include "base/parallel.h"

#include <cstddef>
#include <vector>

namespace platefall::cleanplate {

/// The equation on one grid. `inverse` and `diagonal` are 0 where nothing is free, which keeps 0 there.
struct Grid {
    Plane diagonal, inverse;
    std::vector<Plane> right, solution, scratch;

    int width() const { return diagonal.width(); }
    int height() const { return diagonal.height(); }
    int channels() const { return static_cast<int>(right.size()); }
};

/// Calls work(channel, y) for every row of every channel.
template <class Work>
void each_row(const Grid& grid, Work&& work)
{
    constexpr int kSmallGrid = 64 * 64;  // not worth waking other threads for
    const int height = grid.height();
    const auto band = [&](int first, int last) {
        for (int i = first; i < last; ++i)
            work(static_cast<std::size_t>(i / height), i % height);
    };
    if (grid.width() * height <= kSmallGrid)
        band(0, height * grid.channels());
    else
        parallel_rows(0, height * grid.channels(), band);
}

/// Three rows of a plane, for the sum of a pixel's neighbours.
struct Cross {
    const float *here, *above, *below;

    Cross(const Plane& plane, int y) : here(plane.row(y)), above(plane.row(y - 1)), below(plane.row(y + 1)) {}
    float operator[](int x) const { return (here[x - 1] + here[x + 1]) + (above[x] + below[x]); }
};

/// `count` planes of zeros.
std::vector<Plane> planes(std::size_t count, int width, int height);

/// Down to one pixel. Takes the right sides out of the problem.
std::vector<Grid> make_pyramid(PoissonProblem& problem);

/// One V-cycle: puts into the first grid's `solution` what nearly solves its equation, starting from zero. It
/// is linear and symmetric in `right`, so that it can precondition conjugate gradients.
void run_cycle(std::vector<Grid>& grids);

}  // namespace platefall::cleanplate
