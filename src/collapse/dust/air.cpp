#include "collapse/dust/air.h"

#include "collapse/dust/multigrid.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse::dust {
namespace {

std::ptrdiff_t step_along(const Lattice& box, int axis)
{
    return axis == 0 ? 1 : axis == 1 ? box.along_y() : box.along_z();
}

const std::vector<float>& couplings(const Level& faces, int axis)
{
    return axis == 0 ? faces.cx : axis == 1 ? faces.cy : faces.cz;
}

/// Calls work(x, y, index) for the faces of one axis in slab z.
template <class Work>
void over_faces(const Lattice& box, int axis, int z, const Work& work)
{
    for (int y = 0; y < box.ny + (axis == 1); ++y)
        for (int x = 0; x < box.nx + (axis == 0); ++x)
            work(x, y, box.index(x, y, z));
}

/// Velocity of the solid in a cell along an axis.
struct Moving {
    const Lattice& box;
    const std::vector<std::array<float, 3>>& velocity;

    float along(int axis, int x, int y, int z) const
    {
        if (velocity.empty() || !box.inside(x, y, z))
            return 0;
        return velocity[(static_cast<std::size_t>(z) * box.ny + y) * box.nx + x][axis];
    }
};

/// Of a face with a solid on either side or both: the mean of what both say.
float face_velocity(const Cells& cells, const Moving& moving, int axis, int x, int y, int z)
{
    const int bx = x - (axis == 0), by = y - (axis == 1), bz = z - (axis == 2);
    const bool here = cells.at(x, y, z) == Cell::solid, before = cells.at(bx, by, bz) == Cell::solid;
    if (here && before && cells.lattice.inside(bx, by, bz) && cells.lattice.inside(x, y, z))
        return 0.5f * (moving.along(axis, x, y, z) + moving.along(axis, bx, by, bz));
    return before ? moving.along(axis, bx, by, bz) : here ? moving.along(axis, x, y, z) : 0.0f;
}

/// True for faces that the flow of air sets: open ones, and walls that it touches.
bool known(const Cells& cells, const Level& faces, int axis, std::ptrdiff_t at, std::ptrdiff_t step)
{
    return couplings(faces, axis)[at] > 0 || cells.kind[at] != Cell::solid || cells.kind[at - step] != Cell::solid;
}

}  // namespace

Air::Air(const Lattice& box, const Eigen::Vector3f& wind)
    : lattice(box), u(box.size(), wind.x()), v(box.size(), wind.y()), w(box.size(), wind.z())
{
}

std::array<float, 3> Air::at_centre(int x, int y, int z) const
{
    const std::ptrdiff_t at = lattice.index(x, y, z);
    return {0.5f * (u[at] + u[at + 1]), 0.5f * (v[at] + v[at + lattice.along_y()]),
            0.5f * (w[at] + w[at + lattice.along_z()])};
}

void hold_closed_faces(Air& air, const Cells& cells, const Level& faces,
                       const std::vector<std::array<float, 3>>& velocity)
{
    const Lattice& box = air.lattice;
    const Moving moving{box, velocity};
    for (int axis = 0; axis < 3; ++axis) {
        float* values = air.axis(axis).data();
        const float* open = couplings(faces, axis).data();
        over_slabs(box, 0, box.nz + (axis == 2), [&, axis](int z) {
            over_faces(box, axis, z, [&](int x, int y, std::ptrdiff_t at) {
                if (!(open[at] > 0))
                    values[at] = face_velocity(cells, moving, axis, x, y, z);
            });
        });
    }
}

void extend_into_solids(Air& air, const Cells& cells, const Level& faces)
{
    const Lattice& box = air.lattice;
    for (int axis = 0; axis < 3; ++axis) {
        float* values = air.axis(axis).data();
        const std::ptrdiff_t step = step_along(box, axis);
        const std::array<int, 3> faces_in{box.nx + (axis == 0), box.ny + (axis == 1), box.nz + (axis == 2)};
        over_slabs(box, 0, faces_in[2], [&, axis](int z) {
            over_faces(box, axis, z, [&](int x, int y, std::ptrdiff_t at) {
                if (known(cells, faces, axis, at, step))
                    return;
                float sum = 0, count = 0;
                const std::array<int, 3> place{x, y, z};
                for (int across = 0; across < 3; ++across)
                    for (const int side : {-1, 1}) {
                        const int beside = place[across] + side;
                        const std::ptrdiff_t other = at + side * step_along(box, across);
                        if (across == axis || beside < 0 || beside >= faces_in[across]
                            || !known(cells, faces, axis, other, step))
                            continue;
                        sum += values[other];
                        count += 1;
                    }
                if (count > 0)
                    values[at] = sum / count;
            });
        });
    }
}

float strain_rate(const Air& air, int x, int y, int z, float cell_m)
{
    const Lattice& box = air.lattice;
    const std::array<int, 3> place{x, y, z}, size{box.nx, box.ny, box.nz};
    float rate[3][3];                                   // of component `of` along `along`
    for (int along = 0; along < 3; ++along) {
        std::array<int, 3> before = place, after = place;
        before[along] = std::max(place[along] - 1, 0);
        after[along] = std::min(place[along] + 1, size[along] - 1);
        const auto low = air.at_centre(before[0], before[1], before[2]),
                   high = air.at_centre(after[0], after[1], after[2]);
        const float distance = cell_m * static_cast<float>(after[along] - before[along]);
        for (int of = 0; of < 3; ++of)
            rate[of][along] = (high[of] - low[of]) / distance;
    }
    float sum = 0;
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j)
            sum += 0.5f * (rate[i][j] + rate[j][i]) * (rate[i][j] + rate[j][i]);
    return std::sqrt(sum);
}

}  // namespace platefall::collapse::dust
