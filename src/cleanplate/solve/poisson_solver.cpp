#include "cleanplate/solve/poisson_solver.h"
#include "cleanplate/solve/multigrid.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr float kGoodEnough = 1e-4f;  // of the scale; a step leaves about a fifth of the error before it
constexpr int kMostSteps = 100;

/// One number a row and channel, put together in their order, so that threads do not change the result.
class RowResults {
public:
    explicit RowResults(const Grid& grid)
        : height_(static_cast<std::size_t>(grid.height())), rows_(height_ * grid.right.size())
    {
    }
    double& at(std::size_t channel, int y) { return rows_[channel * height_ + static_cast<std::size_t>(y)]; }

    template <class Combine>
    std::vector<double> combined(Combine&& combine) const
    {
        std::vector<double> results;
        for (std::size_t first = 0; first < rows_.size(); first += height_) {
            double result = 0;
            for (std::size_t y = 0; y < height_; ++y)
                result = combine(result, rows_[first + y]);
            results.push_back(result);
        }
        return results;
    }
    std::vector<double> sums() const
    {
        return combined([](double a, double b) { return a + b; });
    }
    std::vector<double> largest() const
    {
        return combined([](double a, double b) { return std::max(a, b); });
    }

private:
    std::size_t height_;
    std::vector<double> rows_;
};

// Sums and maxima run in lanes, which compilers turn into vectors.
constexpr int kLanes = 16;

double dot(const float* a, const float* b, int count)
{
    std::array<float, kLanes> lanes{};
    int x = 0;
    for (; x + kLanes <= count; x += kLanes)
        for (int lane = 0; lane < kLanes; ++lane)
            lanes[lane] += a[x + lane] * b[x + lane];
    double sum = 0;
    for (; x < count; ++x)
        sum += static_cast<double>(a[x]) * b[x];
    for (const float lane : lanes)
        sum += lane;
    return sum;
}

float largest_of(const float* samples, int count)
{
    std::array<float, kLanes> lanes{};
    int x = 0;
    for (; x + kLanes <= count; x += kLanes)
        for (int lane = 0; lane < kLanes; ++lane) {
            const float size = std::abs(samples[x + lane]);
            lanes[lane] = size > lanes[lane] ? size : lanes[lane];
        }
    float largest = *std::max_element(lanes.begin(), lanes.end());
    for (; x < count; ++x)
        largest = std::max(largest, std::abs(samples[x]));
    return largest;
}

std::vector<double> dots(const Grid& grid, const std::vector<Plane>& a, const std::vector<Plane>& b)
{
    RowResults rows(grid);
    each_row(grid,
             [&](std::size_t c, int y) { rows.at(c, y) = dot(a[c].row(y), b[c].row(y), grid.width()); });
    return rows.sums();
}

/// What the equation makes of the direction, and the product of both.
std::vector<double> apply(const Grid& grid, const std::vector<Plane>& direction, std::vector<Plane>& image)
{
    RowResults rows(grid);
    each_row(grid, [&](std::size_t c, int y) {
        const Cross neighbours(direction[c], y);
        const float *in = direction[c].row(y), *inverse = grid.inverse.row(y),
                    *diagonal = grid.diagonal.row(y);
        float* __restrict out = image[c].row(y);
        for (int x = 0; x < grid.width(); ++x)
            out[x] = diagonal[x] * (in[x] - inverse[x] * neighbours[x]);
        rows.at(c, y) = dot(in, out, grid.width());
    });
    return rows.sums();
}

std::vector<float> ratios(const std::vector<double>& above, const std::vector<double>& below)
{
    std::vector<float> results;
    for (std::size_t c = 0; c < above.size(); ++c)
        results.push_back(below[c] > 0 ? static_cast<float>(above[c] / below[c]) : 0.0f);
    return results;
}

/// Goes along the direction; returns whether that was so little that it can end here.
bool step(const Grid& grid, const std::vector<float>& length, const std::vector<float>& scale,
          const std::vector<Plane>& direction, const std::vector<Plane>& image, std::vector<Plane>& solution,
          std::vector<Plane>& right)
{
    RowResults moves(grid), values(grid);
    each_row(grid, [&](std::size_t c, int y) {
        const float *along = direction[c].row(y), *less = image[c].row(y), by = length[c];
        float* __restrict value = solution[c].row(y), * __restrict rest = right[c].row(y);
        for (int x = 0; x < grid.width(); ++x) {
            value[x] += by * along[x];
            rest[x] -= by * less[x];
        }
        moves.at(c, y) = by * largest_of(along, grid.width());
        values.at(c, y) = largest_of(value, grid.width());
    });
    const auto moved = moves.largest(), reached = values.largest();
    for (std::size_t c = 0; c < moved.size(); ++c)
        if (moved[c] > kGoodEnough * std::max<double>(scale[c], reached[c]))
            return false;
    return true;
}

void turn(const Grid& grid, const std::vector<float>& keep, const std::vector<Plane>& downhill,
          std::vector<Plane>& direction)
{
    each_row(grid, [&](std::size_t c, int y) {
        const float* in = downhill[c].row(y);
        float* __restrict out = direction[c].row(y);
        for (int x = 0; x < grid.width(); ++x)
            out[x] = in[x] + keep[c] * out[x];
    });
}

}  // namespace

Plane::Plane(int width, int height)
    : width_(width), height_(height), stride_(static_cast<std::size_t>(width) + 2),
      samples_(stride_ * (static_cast<std::size_t>(height) + 2))
{
    std::fill_n(samples_.data(), samples_.size(), 0.0f);
}

std::vector<Plane> solve_poisson(PoissonProblem problem)
{
    std::vector<Grid> grids = make_pyramid(problem);
    Grid& grid = grids.front();
    auto solution = planes(grid.right.size(), grid.width(), grid.height());
    auto direction = planes(grid.right.size(), grid.width(), grid.height());

    std::vector<double> before(grid.right.size());
    for (int i = 0; i < kMostSteps; ++i) {
        run_cycle(grids);
        const auto slope = dots(grid, grid.right, grid.solution);
        turn(grid, ratios(slope, before), grid.solution, direction);
        before = slope;
        // The cycle's scratch planes are free until the next one.
        const auto curvature = apply(grid, direction, grid.scratch);
        if (step(grid, ratios(slope, curvature), problem.scale, direction, grid.scratch, solution,
                 grid.right))
            break;
    }
    return solution;
}

}  // namespace platefall::cleanplate
