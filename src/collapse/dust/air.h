/// The air's velocity, on the faces of cubic cells (Harlow and Welch 1965).
#pragma once

#include "collapse/dust/cells.h"
#include "collapse/dust/lattice.h"

#include <Eigen/Core>

#include <array>
#include <vector>

namespace platefall::collapse::dust {

struct Level;

/// m/s. u lies on the face before a cell along x, v below it, w before it along z.
struct Air {
    Air(const Lattice& lattice, const Eigen::Vector3f& wind);

    std::array<float, 3> at_centre(int x, int y, int z) const;
    std::vector<float>& axis(int number) { return number == 0 ? u : number == 1 ? v : w; }
    const std::vector<float>& axis(int number) const { return number == 0 ? u : number == 1 ? v : w; }

    Lattice lattice;
    std::vector<float> u, v, w;
};

/// What flows out of a cell, as a sum of velocities: divergence times the size of a cell.
inline float outflow(const Air& air, std::ptrdiff_t at, std::ptrdiff_t along_y, std::ptrdiff_t along_z)
{
    return (air.u[at + 1] - air.u[at]) + (air.v[at + along_y] - air.v[at]) + (air.w[at + along_z] - air.w[at]);
}

/// Gives faces of solids their velocity, and sealed air and the floor none.
void hold_closed_faces(Air& air, const Cells& cells, const Level& faces,
                       const std::vector<std::array<float, 3>>& moving);

/// Lets the air slip along solids: a face inside them takes the mean of the faces beside it that touch air.
void extend_into_solids(Air& air, const Cells& cells, const Level& faces);

/// Rate of strain sqrt(2 S : S), 1/s, of the cell.
float strain_rate(const Air& air, int x, int y, int z, float cell_m);

}  // namespace platefall::collapse::dust
