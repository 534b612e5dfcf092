#include "collapse/dust/swirls.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

namespace platefall::collapse::dust {
namespace {

constexpr float kStill = 0.2f;           // 1/s; air that shears less has no swirls
constexpr float kFastest =
    8;  // 1/s; swirls of torn air turn no faster, or the dust would take passes without end

/// Rate of strain as far as swirls follow it.
float followed(float rate)
{
    const float more = std::max(rate - kStill, 0.0f);
    return more / std::sqrt(1 + more * more / (kFastest * kFastest));
}

/// What the rough street shears the air over it by, which slips on the grid: about half of its speed over a cell.
float rubbing(const Air& air, int x, int z, float cell_m)
{
    const auto velocity = air.at_centre(x, 0, z);
    return 0.5f * std::sqrt(velocity[0] * velocity[0] + velocity[2] * velocity[2]) / cell_m;
}

/// Row after row.
struct Potential {
    std::vector<float> x, y, z;
};

}  // namespace

/// The potential at the corners of dust cells with one z, over a block.
struct Swirls::Sheet {
    Sheet(const Block& block_)
        : block(block_), first_x(2 * block.x.low), first_y(2 * block.y.low),
          width(2 * (block.x.high - block.x.low) + 1), height(2 * (block.y.high - block.y.low) + 1)
    {
        for (auto* values : {&potential.x, &potential.y, &potential.z})
            values->resize(static_cast<std::size_t>(width) * height);
    }

    Block block;
    int first_x, first_y, width, height;
    Potential potential;
};

namespace {

/// Adds what circulates around the faces of a slab of dust cells between two sheets.
template <class Sheet>
void add_curl(const Sheet& near, const Sheet& far, int z, Courant& courant)
{
    const Potential &a = near.potential, &b = far.potential;
    const int row = near.width, cells = row - 1;
    for (int y = 0; y < near.height; ++y) {
        const std::size_t at = static_cast<std::size_t>(y) * row;
        const float *ax = a.x.data() + at, *ay = a.y.data() + at, *az = a.z.data() + at;
        const float *bx = b.x.data() + at, *by = b.y.data() + at, *bz = b.z.data() + at;
        if (y + 1 < near.height) {
            float* __restrict to = courant.x(near.first_y + y, z) + near.first_x;
            for (int i = 0; i < row; ++i)
                to[i] += 0.5f
                         * ((az[i + row] + bz[i + row]) - (az[i] + bz[i]) - (by[i] + by[i + row])
                            + (ay[i] + ay[i + row]));
        }
        float* __restrict to = courant.y(near.first_y + y, z) + near.first_x;
        for (int i = 0; i < cells; ++i)
            to[i] += 0.5f * ((bx[i] + bx[i + 1]) - (ax[i] + ax[i + 1]) - (az[i + 1] + bz[i + 1]) + (az[i] + bz[i]));
    }
}

/// The same for the faces in a sheet.
template <class Sheet>
void add_curl(const Sheet& sheet, int z, Courant& courant)
{
    const int row = sheet.width, cells = row - 1;
    for (int y = 0; y + 1 < sheet.height; ++y) {
        const std::size_t at = static_cast<std::size_t>(y) * row;
        const float *px = sheet.potential.x.data() + at, *py = sheet.potential.y.data() + at;
        float* __restrict to = courant.z(sheet.first_y + y, z) + sheet.first_x;
        for (int i = 0; i < cells; ++i)
            to[i] += 0.5f * ((py[i + 1] + py[i + 1 + row]) - (py[i] + py[i + row]) - (px[i + row] + px[i + 1 + row])
                             + (px[i] + px[i + 1]));
    }
}

}  // namespace

Swirls::Swirls(const Lattice& lattice, float strength, std::uint64_t seed)
    : lattice_(lattice), strength_(strength), noise_(seed), drift_(lattice, seed + 1), rate_(lattice.size()),
      amplitude_(lattice.size())
{
}

std::size_t Swirls::bytes(const Lattice& lattice)
{
    return Drift::bytes(lattice) + 2 * sizeof(float) * lattice.size();
}

void Swirls::measure_rate(const Air& air, const Cells& cells, const Block& block, float cell_m)
{
    const Span x = block.x.grown(1, lattice_.nx), y = block.y.grown(1, lattice_.ny), z = block.z.grown(1, lattice_.nz);
    over_slabs(lattice_, z.low, z.high, [&](int at_z) {
        for (int at_y = y.low; at_y < y.high; ++at_y)
            for (int at_x = x.low; at_x < x.high; ++at_x)
                rate_[lattice_.index(at_x, at_y, at_z)] =
                    cells.at(at_x, at_y, at_z) == Cell::open
                        ? followed(strain_rate(air, at_x, at_y, at_z, cell_m)
                                   + (at_y == 0 ? rubbing(air, at_x, at_z, cell_m) : 0.0f))
                        : 0.0f;
    });
}

/// The mean of the eight cells around a corner, four on the floor of the box. None where one of them is closed: between
/// such corners all faces of solids have a potential of nothing, and nothing flows through them.
void Swirls::measure_amplitude(const Cells& cells, const Block& block, float by)
{
    const std::ptrdiff_t sy = lattice_.along_y(), sz = lattice_.along_z();
    const std::array<std::ptrdiff_t, 8> around{0, -1, -sz, -sz - 1, -sy, -sy - 1, -sz - sy, -sz - sy - 1};
    over_slabs(lattice_, block.z.low, block.z.high + 1, [&](int z) {
        for (int y = block.y.low; y <= block.y.high; ++y)
            for (int x = block.x.low; x <= block.x.high; ++x) {
                const std::ptrdiff_t at = lattice_.index(x, y, z);
                const bool rim = x == 0 || x == lattice_.nx || y == lattice_.ny || z == 0 || z == lattice_.nz;
                const std::span<const std::ptrdiff_t> used(around.data(), y == 0 ? 4 : 8);   // those below come last
                const bool free = !rim && std::ranges::all_of(used, [&](std::ptrdiff_t step) {
                    return cells.kind[at + step] == Cell::open;
                });
                float sum = 0;
                for (const std::ptrdiff_t step : used)
                    sum += rate_[at + step];
                amplitude_[at] = free ? by * sum / static_cast<float>(used.size()) : 0.0f;
            }
    });
}

/// Amplitudes lie on every other corner, shifts in between.
void Swirls::fill_row(Sheet& sheet, int y, int z) const
{
    const std::size_t row = static_cast<std::size_t>(y - sheet.first_y) * sheet.width;
    float *to_x = sheet.potential.x.data() + row, *to_y = sheet.potential.y.data() + row,
          *to_z = sheet.potential.z.data() + row;
    const auto corner = [&](int dy, int dz) {
        return amplitude_.data() + lattice_.index(0, (y + dy) / 2, (z + dz) / 2);
    };
    const auto centre = [&](int dy, int dz) { return lattice_.index(0, (y + 1 + dy) / 2 - 1, (z + 1 + dz) / 2 - 1); };
    const std::array<const float*, 4> corners{corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)};
    const std::array<std::ptrdiff_t, 4> centres{centre(0, 0), centre(1, 0), centre(0, 1), centre(1, 1)};
    const auto amplitude_at = [&](int corner_x) {
        return 0.25f * ((corners[0][corner_x] + corners[1][corner_x]) + (corners[2][corner_x] + corners[3][corner_x]));
    };
    for (int i = 0; i < sheet.width; ++i) {
        const int x = sheet.first_x + i;
        const float amplitude =
            x % 2 == 0 ? amplitude_at(x / 2) : 0.5f * (amplitude_at(x / 2) + amplitude_at(x / 2 + 1));
        Eigen::Array4f potential = Eigen::Array4f::Zero();
        for (int layer = 0; amplitude > 0 && layer < Drift::kLayers; ++layer) {
            const Eigen::Array4f* shifts = drift_.shift(layer);
            const auto shift_at = [&](int centre_x) {
                return Eigen::Array4f((shifts[centres[0] + centre_x] + shifts[centres[1] + centre_x])
                                      + (shifts[centres[2] + centre_x] + shifts[centres[3] + centre_x]));
            };
            const Eigen::Array4f last = shift_at((x + 1) / 2 - 1);
            const Eigen::Array4f shift = x % 2 != 0 ? Eigen::Array4f(2 * last) : Eigen::Array4f(last + shift_at(x / 2));
            const Eigen::Array4f place(static_cast<float>(x), static_cast<float>(y), static_cast<float>(z), 0);
            potential += drift_.weight(layer)
                         * noise_.at(SwirlNoise::kSamplesPerCell * (place + 0.25f * shift)
                                     + SwirlNoise::kSide * drift_.origin(layer));
        }
        to_x[i] = amplitude * potential[0];
        to_y[i] = amplitude * potential[1];
        to_z[i] = amplitude * potential[2];
    }
}

/// On the floor only swirls about upright axes are left, so that nothing flows through it.
void Swirls::fill(Sheet& sheet, int z) const
{
    for (int y = 0; y < sheet.height; ++y)
        fill_row(sheet, sheet.first_y + y, z);
    if (sheet.first_y == 0) {
        std::fill_n(sheet.potential.x.begin(), sheet.width, 0.0f);
        std::fill_n(sheet.potential.z.begin(), sheet.width, 0.0f);
    }
}

void Swirls::stir(Courant& courant, const Air& air, const Cells& cells, const Block& block, float dt_s, float cell_m)
{
    constexpr float kCell = SwirlNoise::kSamplesPerCell;
    measure_rate(air, cells, block, cell_m);
    measure_amplitude(cells, block, strength_ * dt_s / (kCell * kCell));
    const int end = 2 * block.z.high;
    parallel_rows(2 * block.z.low, end, [&](int low, int high) {
        Sheet near(block), far(block);
        fill(near, low);
        for (int z = low; z < high; ++z) {
            fill(far, z + 1);
            add_curl(near, z, courant);
            add_curl(near, far, z, courant);
            std::swap(near, far);
        }
        if (high == end)
            add_curl(near, end, courant);
    });
}

}  // namespace platefall::collapse::dust
