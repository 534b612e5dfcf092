/// Swirls of dust that are too small for the air's grid.
#pragma once

#include "collapse/dust/courant.h"
#include "collapse/dust/drift.h"
#include "collapse/dust/swirl_noise.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace platefall::collapse::dust {

/// Curl noise (Bridson, Houriham and Nordenstam 2007) that travels with the air, as Kim, Thuerey, James and
/// Gross (2008) add it to a coarse simulation. Deviations: it stirs dust alone and leaves the air's momentum
/// as it is; the potential lies on the edges of dust cells, so that what flows into a cell flows out of it to
/// the last bit but for rounding; and it is as strong as the rate of strain, which makes an eddy as fast as
/// the air shears across it, where they weight by energy.
///
/// There are none in still air, at and inside solids, and at the sides of the box; over the street, which is rough,
/// there are more, and on it they turn about upright axes.
class Swirls {
public:
    /// `strength` multiplies their speed.
    Swirls(const Lattice& lattice, float strength, std::uint64_t seed);

    /// Carries them along for a step of the air, in the velocity cells of `block` and near it.
    void carry(const Air& air, const Block& block, float dt_s, float cell_m) { drift_.carry(air, block, dt_s, cell_m); }

    /// Adds them to the Courant numbers of a step, in the velocity cells of `block`.
    void stir(Courant& courant, const Air& air, const Cells& cells, const Block& block, float dt_s, float cell_m);

    static std::size_t bytes(const Lattice& lattice);

private:
    struct Sheet;
    void measure_rate(const Air& air, const Cells& cells, const Block& block, float cell_m);
    void measure_amplitude(const Cells& cells, const Block& block, float by);
    void fill(Sheet& sheet, int z) const;
    void fill_row(Sheet& sheet, int y, int z) const;

    Lattice lattice_;
    float strength_;
    SwirlNoise noise_;
    Drift drift_;
    std::vector<float> rate_;          ///< of strain, 1/s, a velocity cell
    std::vector<float>
        amplitude_;  ///< of the potential, at the low corner of a velocity cell; dust cells squared a step
};

}  // namespace platefall::collapse::dust
