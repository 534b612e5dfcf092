/// What sets the air in motion besides pressure.
#pragma once

#include "collapse/dust/air.h"

#include <vector>

namespace platefall::collapse::dust {

/// Air laden with `load` kg/m3 (a velocity cell) is heavier than clean air: it is drawn down by g load / (air
/// + load), which is Boussinesq's g load / air where there is little dust, and never more than free fall
/// where there is much.
void weigh_down(Air& air, const std::vector<float>& load, float gravity_m_s2, float air_kg_m3, float dt_s);

/// Vorticity confinement (Fedkiw, Stam and Jensen 2001): the force strength * cell * (N x curl), N towards
/// the nearest core.
class Confinement {
public:
    explicit Confinement(const Lattice& lattice);

    void apply(Air& air, const Cells& cells, float strength, float cell_m, float dt_s);

private:
    void measure(const Air& air, const Cells& cells, float cell_m);
    void turn_into_force(const Lattice& lattice, float scale);

    std::vector<float> x_, y_, z_, size_;   ///< curl, a cell; then the force
};

}  // namespace platefall::collapse::dust
