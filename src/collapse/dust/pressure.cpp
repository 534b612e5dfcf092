#include "collapse/dust/pressure.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse::dust {
namespace {

constexpr int kMostIterations = 100;   // 5 to 15 do; single precision gains nothing after this many

/// Calls work(begin, end) for each row of a slab.
template <class Work>
void over_rows(const Lattice& box, int z, const Work& work)
{
    for (int y = 0; y < box.ny; ++y)
        work(box.index(0, y, z), box.index(box.nx, y, z));
}

inline float applied(const Level& level, const float* x, std::ptrdiff_t at, std::ptrdiff_t sy, std::ptrdiff_t sz)
{
    return (level.cx[at] * (x[at] - x[at - 1]) + level.cx[at + 1] * (x[at] - x[at + 1]))
           + (level.cy[at] * (x[at] - x[at - sy]) + level.cy[at + sy] * (x[at] - x[at + sy]))
           + (level.cz[at] * (x[at] - x[at - sz]) + level.cz[at + sz] * (x[at] - x[at + sz]));
}

double row_product(const float* a, const float* b, std::ptrdiff_t begin, std::ptrdiff_t end)
{
    double sum = 0;
    for (std::ptrdiff_t at = begin; at < end; ++at)
        sum += static_cast<double>(a[at]) * b[at];
    return sum;
}

}  // namespace

Pressure::Pressure(const Lattice& lattice)
    : grid_(lattice), pressure_(lattice.size()), direction_(lattice.size()), image_(lattice.size())
{
}

std::size_t Pressure::bytes(const Lattice& lattice)
{
    return Multigrid::bytes(lattice) + 3 * sizeof(float) * lattice.size();
}

/// The residual of the last pressure; returns the largest divergence there is to remove.
double Pressure::start(const Air& air, const std::vector<float>& sources, double cell_m)
{
    Level& level = grid_.finest();
    const Lattice& box = level.lattice;
    const std::ptrdiff_t sy = box.along_y(), sz = box.along_z();
    const float cell = static_cast<float>(cell_m);
    return largest_over_slabs(box, [&](int z) {
        float most = 0;
        over_rows(box, z, [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
            for (std::ptrdiff_t at = begin; at < end; ++at) {
                const bool solved = level.inverse[at] > 0;
                const float wanted = solved ? sources[at] * cell - outflow(air, at, sy, sz) : 0.0f;
                pressure_[at] = solved ? pressure_[at] : 0.0f;
                level.b[at] = wanted;
                most = std::max(most, std::abs(wanted));
            }
        });
        return most;
    });
}

double Pressure::apply_to_direction()
{
    const Level& level = grid_.finest();
    const Lattice& box = level.lattice;
    const std::ptrdiff_t sy = box.along_y(), sz = box.along_z();
    return sum_over_slabs(box, [&](int z) {
        double sum = 0;
        over_rows(box, z, [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
            for (std::ptrdiff_t at = begin; at < end; ++at)
                image_[at] = applied(level, direction_.data(), at, sy, sz);
            sum += row_product(direction_.data(), image_.data(), begin, end);
        });
        return sum;
    });
}

double Pressure::advance(double alpha)
{
    Level& level = grid_.finest();
    const float by = static_cast<float>(alpha);
    return largest_over_slabs(level.lattice, [&](int z) {
        float most = 0;
        over_rows(level.lattice, z, [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
            for (std::ptrdiff_t at = begin; at < end; ++at) {
                pressure_[at] += by * direction_[at];
                level.b[at] -= by * image_[at];
                const float size = std::abs(level.b[at]);
                most = most < size ? size : most;
            }
        });
        return most;
    });
}

double Pressure::product_with_residual()
{
    const Level& level = grid_.finest();
    return sum_over_slabs(level.lattice, [&](int z) {
        double sum = 0;
        over_rows(level.lattice, z, [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
            sum += row_product(level.x.data(), level.b.data(), begin, end);
        });
        return sum;
    });
}

void Pressure::turn(double beta)
{
    const Level& level = grid_.finest();
    const float by = static_cast<float>(beta);
    over_slabs(level.lattice, 0, level.lattice.nz, [&](int z) {
        over_rows(level.lattice, z, [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
            for (std::ptrdiff_t at = begin; at < end; ++at)
                direction_[at] = level.x[at] + by * direction_[at];
        });
    });
}

int Pressure::project(Air& air, const std::vector<float>& sources, double cell_m, double tolerance)
{
    const double largest = start(air, sources, cell_m);
    std::swap(direction_, pressure_);          // the residual of the last pressure, by way of a full step along it
    apply_to_direction();
    std::fill(pressure_.begin(), pressure_.end(), 0.0f);
    double left = advance(1.0);

    int iterations = 0;
    double product = 0;
    while (left > tolerance * largest && iterations < kMostIterations) {
        grid_.cycle();
        const double next = product_with_residual();
        turn(iterations == 0 ? 0.0 : next / product);
        product = next;
        left = advance(product / apply_to_direction());
        ++iterations;
    }
    correct(air);
    return iterations;
}

void Pressure::correct(Air& air) const
{
    const Level& level = grid_.finest();
    const Lattice& box = level.lattice;
    const std::ptrdiff_t sy = box.along_y(), sz = box.along_z();
    over_slabs(box, 0, box.nz + 1, [&](int z) {
        for (int y = 0; y <= box.ny; ++y)
            for (std::ptrdiff_t at = box.index(0, y, z), end = at + box.nx + 1; at < end; ++at) {
                air.u[at] -= level.cx[at] * (pressure_[at] - pressure_[at - 1]);
                air.v[at] -= level.cy[at] * (pressure_[at] - pressure_[at - sy]);
                air.w[at] -= level.cz[at] * (pressure_[at] - pressure_[at - sz]);
            }
    });
}

}  // namespace platefall::collapse::dust
