/// Makes the air's velocity free of divergence but for sources.
#pragma once

#include "collapse/dust/air.h"
#include "collapse/dust/multigrid.h"

#include <vector>

namespace platefall::collapse::dust {

class Pressure {
public:
    explicit Pressure(const Lattice& lattice);

    void shape(const Cells& cells) { grid_.shape(cells); }

    /// Projects `air` so that its divergence is that of `sources` (1/s, a cell; zero elsewhere): conjugate
    /// gradients from the last pressure on, until the largest residual is `tolerance` of the largest
    /// divergence at the start. Faces between air and solid keep their velocity. Returns the number of
    /// iterations.
    int project(Air& air, const std::vector<float>& sources, double cell_m, double tolerance);

    /// 0: the face before this cell is closed; 1: open.
    const Level& faces() const { return grid_.finest(); }

    static std::size_t bytes(const Lattice& lattice);

private:
    double start(const Air& air, const std::vector<float>& sources, double cell_m);
    double apply_to_direction();                     ///< image = A direction; returns their product
    double advance(double alpha);                    ///< returns the largest residual left
    double product_with_residual();
    void turn(double beta);
    void correct(Air& air) const;

    Multigrid grid_;
    std::vector<float> pressure_, direction_, image_;
};

}  // namespace platefall::collapse::dust
