// How fast dust is simulated, and how time and memory grow with the box: `dust_bench [steps]`.
//
// A 20 x 14 x 30 m building that pushes 9,000 m3 of air and two tonnes of fines out at its base within three seconds, in a box
// of 48 x 36 x 42 m, with cells of 0.5 m (0.58 million, which Mantaflow in Blender 3.4 takes 2.8 s a frame for at one to three
// steps), of 0.25 m (8 times as many), and of 0.2 m (about 8 million, for the memory).
#include "collapse/dust/dust_solver.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace platefall::collapse;

const Eigen::Vector3d kLow(-24, 0, -21), kSize(48, 36, 42);
constexpr double kFrame = 1.0 / 24, kPush = 72;       // s; frames that the air and the fines take

DustGrid grid_of(double cell_m)
{
    const auto even = [&](int axis) { return 2 * static_cast<int>(std::lround(kSize[axis] / (2 * cell_m))); };
    return {.low = kLow, .cell_m = cell_m, .cells = {even(0), even(1), even(2)}};
}

DustSolids building(const DustGrid& grid)
{
    DustSolids solids;
    for (int z = 0; z < grid.cells[2] / 2; ++z)
        for (int y = 0; y < grid.cells[1] / 2; ++y)
            for (int x = 0; x < grid.cells[0] / 2; ++x) {
                const Eigen::Vector3d cells = Eigen::Vector3d(x, y, z) + Eigen::Vector3d::Constant(0.5);
                const Eigen::Vector3d middle = grid.low + 2 * grid.cell_m * cells;
                solids.solid.push_back(std::abs(middle.x()) < 10 && std::abs(middle.z()) < 7 && middle.y() < 30);
            }
    return solids;
}

/// Every two metres along the foot of the walls, blown outwards.
std::vector<DustSource> foot_of_the_walls()
{
    std::vector<DustSource> sources;
    const auto add = [&](double x, double z, const Eigen::Vector3d& outwards) {
        sources.push_back({.place = {x, 1.5, z}, .radius_m = 1.5, .mass_kg = {1200 / kPush / 34, 800 / kPush / 34},
                           .air_m3 = 9000 / kPush / 34, .velocity = 11 * outwards, .grip = 0.5});
    };
    for (int i = 0; i < 10; ++i)
        for (const double side : {-1.0, 1.0})
            add(-9 + 2 * i, 7.5 * side, {0, 0, side});
    for (int i = 0; i < 7; ++i)
        for (const double side : {-1.0, 1.0})
            add(10.5 * side, -6 + 2 * i, {side, 0, 0});
    return sources;
}

double peak_mib()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// Of all threads, s.
double processor_time()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Seconds a step, cells and steps as told.
double measure(double cell_m, int steps)
{
    const DustGrid grid = grid_of(cell_m);
    const DustSolids solids = building(grid);
    const std::vector<DustSource> sources = foot_of_the_walls();
    DustSolver solver(grid, {});
    DustEffort effort;
    const double used = processor_time();
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < steps; ++i) {
        solver.step(kFrame, i < kPush ? sources : std::vector<DustSource>{}, solids);
        effort.substeps += solver.effort().substeps;
        effort.iterations += solver.effort().iterations;
        effort.passes += solver.effort().passes;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / steps;
    const double cells = static_cast<double>(grid.cells[0]) * grid.cells[1] * grid.cells[2];
    const DustBudget budget = solver.budget(0);
    std::printf("%5.2f million cells: %6.1f ms a step (%.1f of processors), %.2f million cells a second; "
                "%.1f substeps, %.1f iterations, %.1f passes a step; mass lost %.1e; %.0f MiB told, %.0f MiB peak\n",
                cells * 1e-6, seconds * 1e3, (processor_time() - used) / steps * 1e3, cells / seconds * 1e-6,
                1.0 * effort.substeps / steps,
                1.0 * effort.iterations / steps, 1.0 * effort.passes / steps,
                std::abs(budget.in - budget.inside - budget.settled - budget.out) / budget.in,
                static_cast<double>(DustSolver::bytes(grid)) / (1 << 20), peak_mib());
    return seconds;
}

}  // namespace

int main(int count, char** words)
{
    const int steps = count > 1 ? std::max(std::atoi(words[1]), 1) : 48;
    const double once = measure(0.5, steps);
    const double eight = measure(0.25, std::max(steps / 4, 1));
    std::printf("8 times the cells take %.1f times as long a step\n", eight / once);
    measure(0.207, 2);
}
