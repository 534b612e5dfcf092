/// Dust-laden air: an incompressible gas on a MAC grid that carries two classes of dust. SI units; y is up.
#pragma once

#include <Eigen/Core>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace platefall::collapse {

/// A fixed box of cubic density cells. Velocity lives on cells twice as large, so sizes are even.
struct DustGrid {
    Eigen::Vector3d low = Eigen::Vector3d::Zero();
    double cell_m = 0.5;
    std::array<int, 3> cells{};        ///< x, y, z; even, at least 8
};

/// A class of grain.
struct DustClass {
    double settling_m_s = 0;           ///< falls through the air this fast
};

struct DustSettings {
    std::array<DustClass, 2> classes{{{0.0}, {0.4}}};   ///< fine, coarse
    Eigen::Vector3d wind = Eigen::Vector3d::Zero();     ///< m/s, enters at open sides
    double gravity_m_s2 = 9.81;
    double air_kg_m3 = 1.2;            ///< buoyancy: laden air is heavier by its dust
    double vorticity = 0.1;            ///< confinement (Fedkiw et al. 2001), 0..1
    double detail = 1;  ///< strength of swirls that the velocity's cells are too coarse for, 0..4; 0: none
    std::uint64_t seed = 0;            ///< of those swirls
    double pressure_tolerance = 1e-4;  ///< of the largest divergence before projection
    double most_cells_per_step = 4;    ///< CFL: step() takes substeps beyond
};

/// Dust and air put in over one step, spread over a soft ball.
struct DustSource {
    Eigen::Vector3d place;
    double radius_m = 1;
    std::array<double, 2> mass_kg{};   ///< a class, during the step
    double air_m3 = 0;                 ///< volume pushed out during the step; a divergence source
    Eigen::Vector3d velocity = Eigen::Vector3d::Zero();  ///< of what is put in
    double grip = 0;                   ///< 0..1: how far the air inside takes on `velocity`
};

/// Solid cells with their velocities, a velocity cell each: rubble, neighbours. The ground is below the box:
/// its floor is closed, the other five sides are open.
struct DustSolids {
    std::vector<std::uint8_t> solid;  ///< one a velocity cell, x fastest, then y, then z; empty: none
    std::vector<std::array<float, 3>> velocity;            ///< of the solid in it, m/s; empty: at rest
};

/// All of a class, in kg: in = inside + settled + out.
struct DustBudget {
    double in = 0, inside = 0, settled = 0, out = 0;
};

/// What the last step took.
struct DustEffort {
    int substeps = 0;
    int iterations = 0;                ///< of the pressure's conjugate gradients, all substeps
    int passes = 0;                    ///< over the dust, all substeps
};

class DustSolver {
public:
    /// Throws Error for sizes out of range.
    DustSolver(const DustGrid& grid, const DustSettings& settings);
    ~DustSolver();

    static std::size_t bytes(const DustGrid& grid);        ///< memory it will take

    /// One step of dt_s: solids, sources, velocity carried along (semi-Lagrangian, MacCormack-corrected),
    /// forces, projection (multigrid-preconditioned CG), then dust, by MacCormack's scheme in flux form with
    /// a limit instead of Selle et al.'s (2008) semi-Lagrangian form with clamping: what leaves one cell
    /// enters the next, so no mass need be restored. Dust inside what becomes solid is pushed to the nearest
    /// air. Same bits for any number of threads. Throws Error for a step, a source or solids out of range.
    void step(double dt_s, const std::vector<DustSource>& sources, const DustSolids& solids);

    /// Adds kg_m3 of a class to the cells between two corners that hold air, as if it had always hung there.
    void fill(const Eigen::Vector3d& low, const Eigen::Vector3d& high, int dust_class, double kg_m3);

    /// kg/m3 of a class, a density cell; x fastest, then y, then z.
    const std::vector<float>& density(int dust_class) const;

    /// Curl-noise detail is weighted by this: rate of strain, 1/s, a velocity cell.
    std::vector<float> strain() const;

    /// Velocity at cell centres, a velocity cell, m/s.
    std::vector<std::array<float, 3>> velocity() const;

    /// Largest |divergence| (1/s) over open cells away from sources after the last step.
    double divergence() const;

    DustBudget budget(int dust_class) const;

    DustEffort effort() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace platefall::collapse
