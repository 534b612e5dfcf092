/// The air's velocity on the faces of density cells.
#pragma once

#include "collapse/dust/air.h"
#include "collapse/dust/multigrid.h"
#include "collapse/dust/region.h"

#include <cstddef>
#include <vector>

namespace platefall::collapse::dust {

/// Courant numbers: density cells that the air passes in a step. Closed faces have 0.
///
/// Velocity cells are twice as large. Each of their faces becomes four with the face's slopes across; the
/// twelve faces inside a cell follow from those around it so that all eight density cells have the divergence
/// of the velocity cell (Toth and Roe 2002, their equations for a ratio of two, without the mixed terms,
/// which linear slopes do not have). Interpolating each component by itself would make air appear and vanish
/// inside the cells, and dust with it.
class Courant {
public:
    Courant(int cells_x, int cells_y, int cells_z);

    /// Fills in the velocity cells of `block`.
    void update(const Air& air, const Level& faces, const Block& block, float scale);

    /// The largest share of a density cell in `block` that flows out of it through all its faces: more than 1
    /// and the step is too long for one pass.
    float largest_outflow(const Block& block) const;

    /// Faces before the cells of a row; the last row and the last face of a row lie behind the last cell.
    const float* x(int row_y, int row_z) const { return x_.data() + row_of_x(row_y, row_z); }
    const float* y(int row_y, int row_z) const { return y_.data() + row_of_y(row_y, row_z); }
    const float* z(int row_y, int row_z) const { return z_.data() + row_of_z(row_y, row_z); }
    float* x(int row_y, int row_z) { return x_.data() + row_of_x(row_y, row_z); }
    float* y(int row_y, int row_z) { return y_.data() + row_of_y(row_y, row_z); }
    float* z(int row_y, int row_z) { return z_.data() + row_of_z(row_y, row_z); }

    static std::size_t bytes(int cells_x, int cells_y, int cells_z);

private:
    std::size_t row_of_x(int y, int z) const { return (static_cast<std::size_t>(z) * ny_ + y) * (nx_ + 1); }
    std::size_t row_of_y(int y, int z) const { return (static_cast<std::size_t>(z) * (ny_ + 1) + y) * nx_; }
    std::size_t row_of_z(int y, int z) const { return (static_cast<std::size_t>(z) * ny_ + y) * nx_; }

    struct Face;
    struct Faces;
    void fill_slab(const Faces& faces, const Span& x, const Span& y, int z, bool last);
    float slab_outflow(const Span& x, const Span& y, int z) const;

    int nx_, ny_, nz_;
    std::vector<float> x_, y_, z_;
};

}  // namespace platefall::collapse::dust
