/// The air carries its own velocity along.
#pragma once

#include "collapse/dust/air.h"

#include <cstddef>
#include <vector>

namespace platefall::collapse::dust {

/// A place in velocity cells from the low corner of the box.
struct Point {
    float x, y, z;
};

/// Semi-Lagrangian with a midpoint backtrace (Stam 1999), made second order and held between the values it
/// came from as by Selle, Fedkiw, Kim, Liu and Rossignac (2008).
class Carrying {
public:
    explicit Carrying(const Lattice& lattice);

    /// Moves `air` on by a step. What comes from outside the box is wind; closed faces keep what they have.
    void apply(Air& air, const Level& faces, const Eigen::Vector3f& wind, float dt_s, float cell_m);

    static std::size_t bytes(const Lattice& lattice) { return lattice.size() * (4 * sizeof(float) + sizeof(Point)); }

private:
    Air before_;
    std::vector<float> once_;        ///< one component, carried without correction
    std::vector<Point> sources_;     ///< where the air on each face comes from
};

}  // namespace platefall::collapse::dust
