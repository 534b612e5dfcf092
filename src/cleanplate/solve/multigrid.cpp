#include "cleanplate/solve/multigrid.h"

#include <algorithm>
#include <array>
#include <utility>

namespace platefall::cleanplate {
namespace {

// Two damped Jacobi steps that together are the Chebyshev polynomial over the upper three quarters of the
// spectrum, where the coarser grid cannot help (Adams et al. 2003): an error there is left with 0.22 of its
// size.
constexpr float kFirstStep = 0.5617f, kSecondStep = 1.3895f;

// A free cell's coupling to known neighbours, per coupling of its four children: they are half as many for
// their number, but the rim lies nearer than the next cell's centre.
constexpr float kRimCoarsening = 0.6f;

/// What the equation needs of the coefficients, while grids are built.
struct Coefficients {
    Plane free, pull, rim;  ///< rim: coupling to known neighbours
};

Coefficients finest(const PoissonProblem& problem)
{
    const int width = problem.free.width(), height = problem.free.height();
    Coefficients fine{problem.free, problem.pull, Plane(width, height)};
    for (int y = 0; y < height; ++y) {
        const float *here = fine.free.row(y), *above = fine.free.row(y - 1), *below = fine.free.row(y + 1);
        float* rim = fine.rim.row(y);
        for (int x = 0; x < width; ++x) {
            const int inside = (x > 0) + (x + 1 < width) + (y > 0) + (y + 1 < height);
            rim[x] = here[x] * (static_cast<float>(inside) - here[x - 1] - here[x + 1] - above[x] - below[x]);
        }
    }
    return fine;
}

Coefficients coarsened(const Coefficients& fine)
{
    const int width = (fine.free.width() + 1) / 2, height = (fine.free.height() + 1) / 2;
    Coefficients coarse{Plane(width, height), Plane(width, height), Plane(width, height)};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            // The border of zeros stands in for children beyond an odd edge.
            const auto children = [&](const Plane& plane) {
                const float *upper = plane.row(2 * y) + 2 * x, *lower = plane.row(2 * y + 1) + 2 * x;
                return std::array{upper[0], upper[1], lower[0], lower[1]};
            };
            const auto total = [](const std::array<float, 4>& of) { return of[0] + of[1] + of[2] + of[3]; };
            coarse.free.row(y)[x] = total(children(fine.free)) > 0 ? 1.0f : 0.0f;
            coarse.pull.row(y)[x] = total(children(fine.pull));
            coarse.rim.row(y)[x] = kRimCoarsening * total(children(fine.rim));
        }
    return coarse;
}

Grid grid_of(const Coefficients& coefficients, std::vector<Plane> right)
{
    const Plane& free = coefficients.free;
    const int width = free.width(), height = free.height();
    Grid grid{Plane(width, height), Plane(width, height), std::move(right), {}, {}};
    grid.solution = planes(grid.right.size(), width, height);
    grid.scratch = planes(grid.right.size(), width, height);
    for (int y = 0; y < height; ++y) {
        const float *here = free.row(y), *above = free.row(y - 1), *below = free.row(y + 1);
        const float *pull = coefficients.pull.row(y), *rim = coefficients.rim.row(y);
        float *diagonal = grid.diagonal.row(y), *inverse = grid.inverse.row(y);
        for (int x = 0; x < width; ++x) {
            diagonal[x] = here[x] * (here[x - 1] + here[x + 1] + above[x] + below[x] + pull[x] + rim[x]);
            inverse[x] = diagonal[x] > 0 ? 1 / diagonal[x] : 0.0f;
        }
    }
    return grid;
}

/// The first Jacobi step from zero.
void smooth_from_zero(const Grid& grid, std::vector<Plane>& to)
{
    each_row(grid, [&](std::size_t c, int y) {
        const float *inverse = grid.inverse.row(y), *right = grid.right[c].row(y);
        float* out = to[c].row(y);
        for (int x = 0; x < grid.width(); ++x)
            out[x] = kFirstStep * inverse[x] * right[x];
    });
}

void smooth(const Grid& grid, float step, const std::vector<Plane>& from, std::vector<Plane>& to)
{
    each_row(grid, [&](std::size_t c, int y) {
        const Cross neighbours(from[c], y);
        const float *in = from[c].row(y), *inverse = grid.inverse.row(y), *right = grid.right[c].row(y);
        float* __restrict out = to[c].row(y);
        for (int x = 0; x < grid.width(); ++x)
            out[x] = in[x] + step * (inverse[x] * (right[x] + neighbours[x]) - in[x]);
    });
}

void residual(const Grid& grid, const std::vector<Plane>& of, std::vector<Plane>& to)
{
    each_row(grid, [&](std::size_t c, int y) {
        const Cross neighbours(of[c], y);
        const float *in = of[c].row(y), *inverse = grid.inverse.row(y), *right = grid.right[c].row(y);
        const float* diagonal = grid.diagonal.row(y);
        float* __restrict out = to[c].row(y);
        for (int x = 0; x < grid.width(); ++x)
            out[x] = diagonal[x] * (inverse[x] * (right[x] + neighbours[x]) - in[x]);
    });
}

/// A child lies a quarter of a coarse pixel from its parent's centre and takes a quarter from the next one
/// over; at the edge that is the parent itself.
int next_over(int child, int size)
{
    const int next = child / 2 + (child % 2 == 0 ? -1 : 1);
    return std::clamp(next, 0, size - 1);
}

/// Adds the bilinearly enlarged solution of the coarse grid.
void prolong(const Grid& coarse, const Grid& fine, std::vector<Plane>& to)
{
    each_row(fine, [&](std::size_t c, int y) {
        thread_local std::vector<float> blended;
        const int width = coarse.width();
        const float *near = coarse.solution[c].row(y / 2),
                    *far = coarse.solution[c].row(next_over(y, coarse.height()));
        blended.resize(static_cast<std::size_t>(width) + 2);
        float* __restrict line = blended.data() + 1;
        for (int x = 0; x < width; ++x)
            line[x] = 0.75f * near[x] + 0.25f * far[x];
        line[-1] = line[0];
        line[width] = line[width - 1];

        // Beyond an odd edge lies the border of zeros, where nothing is free.
        const float* inverse = fine.inverse.row(y);
        float* __restrict out = to[c].row(y);
        for (int x = 0; x < width; ++x) {
            const float left = 0.75f * line[x] + 0.25f * line[x - 1],
                        right = 0.75f * line[x] + 0.25f * line[x + 1];
            out[2 * x] += inverse[2 * x] > 0 ? left : 0.0f;
            out[2 * x + 1] += inverse[2 * x + 1] > 0 ? right : 0.0f;
        }
    });
}

/// The transpose of prolong, which keeps the preconditioner symmetric.
void restrict_to(Grid& coarse, const Grid& fine, const std::vector<Plane>& from)
{
    each_row(coarse, [&](std::size_t c, int y) {
        thread_local std::vector<float> blended;
        const int width = fine.width(), height = fine.height();
        const auto row = [&](int at) {
            // A child at the edge gives its parent the quarter that would go beyond; one that is not there
            // gives 0.
            return from[c].row(at < 0                            ? 0
                               : at == height && height % 2 == 0 ? height - 1
                                                                 : std::min(at, height));
        };
        const float *first = row(2 * y - 1), *second = row(2 * y), *third = row(2 * y + 1),
                    *fourth = row(2 * y + 2);
        blended.assign(static_cast<std::size_t>(width) + 4, 0.0f);
        float* __restrict line = blended.data() + 1;
        for (int x = 0; x < width; ++x)
            line[x] = 0.75f * (second[x] + third[x]) + 0.25f * (first[x] + fourth[x]);
        line[-1] = line[0];
        if (width % 2 == 0)
            line[width] = line[width - 1];

        const float* free = coarse.diagonal.row(y);
        float* __restrict out = coarse.right[c].row(y);
        for (int x = 0; x < coarse.width(); ++x) {
            const float sum =
                0.75f * (line[2 * x] + line[2 * x + 1]) + 0.25f * (line[2 * x - 1] + line[2 * x + 2]);
            out[x] = free[x] > 0 ? sum : 0.0f;
        }
    });
}

/// From zero; the last grid is solved by a division.
void cycle(std::vector<Grid>& grids, std::size_t level)
{
    Grid& grid = grids[level];
    if (level + 1 == grids.size()) {
        for (std::size_t c = 0; c < grid.right.size(); ++c)
            grid.solution[c].row(0)[0] = grid.inverse.row(0)[0] * grid.right[c].row(0)[0];
        return;
    }
    smooth_from_zero(grid, grid.solution);
    smooth(grid, kSecondStep, grid.solution, grid.scratch);
    residual(grid, grid.scratch, grid.solution);
    restrict_to(grids[level + 1], grid, grid.solution);
    cycle(grids, level + 1);
    prolong(grids[level + 1], grid, grid.scratch);
    smooth(grid, kSecondStep, grid.scratch, grid.solution);
    smooth(grid, kFirstStep, grid.solution, grid.scratch);
    std::swap(grid.solution, grid.scratch);
}

}  // namespace

std::vector<Plane> planes(std::size_t count, int width, int height)
{
    std::vector<Plane> made;
    for (std::size_t i = 0; i < count; ++i)
        made.emplace_back(width, height);
    return made;
}

std::vector<Grid> make_pyramid(PoissonProblem& problem)
{
    const std::size_t channels = problem.right.size();
    std::vector<Grid> grids;
    Coefficients level = finest(problem);
    grids.push_back(grid_of(level, std::move(problem.right)));
    while (grids.back().width() > 1 || grids.back().height() > 1) {
        level = coarsened(level);
        grids.push_back(grid_of(level, planes(channels, level.free.width(), level.free.height())));
    }
    return grids;
}

void run_cycle(std::vector<Grid>& grids)
{
    cycle(grids, 0);
}

}  // namespace platefall::cleanplate
