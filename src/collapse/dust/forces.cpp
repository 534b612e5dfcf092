#include "collapse/dust/forces.h"

#include <cmath>

namespace platefall::collapse::dust {

void weigh_down(Air& air, const std::vector<float>& load, float gravity_m_s2, float air_kg_m3, float dt_s)
{
    const Lattice& box = air.lattice;
    const std::ptrdiff_t sy = box.along_y();
    over_slabs(box, 0, box.nz, [&](int z) {
        for (int y = 1; y <= box.ny; ++y)
            for (std::ptrdiff_t at = box.index(0, y, z), end = at + box.nx; at < end; ++at) {
                const float dust = 0.5f * (load[at] + load[at - sy]);
                air.v[at] -= dt_s * gravity_m_s2 * dust / (air_kg_m3 + dust);
            }
    });
}

Confinement::Confinement(const Lattice& lattice)
    : x_(lattice.size()), y_(lattice.size()), z_(lattice.size()), size_(lattice.size())
{
}

/// Curl by central differences of what the faces say, so that it needs no velocity from beyond the layer around.
void Confinement::measure(const Air& air, const Cells& cells, float cell_m)
{
    const Lattice& box = air.lattice;
    const std::ptrdiff_t sy = box.along_y(), sz = box.along_z();
    const float by = 0.25f / cell_m;
    const auto across = [](const std::vector<float>& f, std::ptrdiff_t at, std::ptrdiff_t own, std::ptrdiff_t other) {
        return (f[at + other] + f[at + other + own]) - (f[at - other] + f[at - other + own]);
    };
    over_slabs(box, 0, box.nz, [&](int z) {
        const bool rim_z = z == 0 || z == box.nz - 1;
        for (int y = 0; y < box.ny; ++y)
            for (int x = 0; x < box.nx; ++x) {
                const std::ptrdiff_t at = box.index(x, y, z);
                const bool rim = rim_z || y == 0 || y == box.ny - 1 || x == 0 || x == box.nx - 1;
                const bool used = !rim && cells.kind[at] == Cell::open;
                x_[at] = used ? by * (across(air.w, at, sz, sy) - across(air.v, at, sy, sz)) : 0.0f;
                y_[at] = used ? by * (across(air.u, at, 1, sz) - across(air.w, at, sz, 1)) : 0.0f;
                z_[at] = used ? by * (across(air.v, at, sy, 1) - across(air.u, at, 1, sy)) : 0.0f;
                size_[at] = std::sqrt(x_[at] * x_[at] + y_[at] * y_[at] + z_[at] * z_[at]);
            }
    });
}

void Confinement::turn_into_force(const Lattice& box, float scale)
{
    const std::ptrdiff_t sy = box.along_y(), sz = box.along_z();
    over_slabs(box, 0, box.nz, [&](int z) {
        for (int y = 0; y < box.ny; ++y)
            for (std::ptrdiff_t at = box.index(0, y, z), end = at + box.nx; at < end; ++at) {
                const float gx = size_[at + 1] - size_[at - 1], gy = size_[at + sy] - size_[at - sy],
                            gz = size_[at + sz] - size_[at - sz];
                const float by = scale / (std::sqrt(gx * gx + gy * gy + gz * gz) + 1e-6f);
                const float fx = gy * z_[at] - gz * y_[at], fy = gz * x_[at] - gx * z_[at],
                            fz = gx * y_[at] - gy * x_[at];
                x_[at] = by * fx;
                y_[at] = by * fy;
                z_[at] = by * fz;
            }
    });
}

void Confinement::apply(Air& air, const Cells& cells, float strength, float cell_m, float dt_s)
{
    if (!(strength > 0))
        return;
    const Lattice& box = air.lattice;
    const std::ptrdiff_t sy = box.along_y(), sz = box.along_z();
    measure(air, cells, cell_m);
    turn_into_force(box, 0.5f * dt_s * strength * cell_m);      // half of it to either face of a cell
    over_slabs(box, 0, box.nz, [&](int z) {
        for (int y = 0; y < box.ny; ++y)
            for (std::ptrdiff_t at = box.index(0, y, z), end = at + box.nx; at < end; ++at) {
                air.u[at] += x_[at] + x_[at - 1];
                air.v[at] += y_[at] + y_[at - sy];
                air.w[at] += z_[at] + z_[at - sz];
            }
    });
}

}  // namespace platefall::collapse::dust
