#include "collapse/dust/dust_solver.h"

#include "collapse/dust/air.h"
#include "collapse/dust/carry.h"
#include "collapse/dust/cells.h"
#include "collapse/dust/checks.h"
#include "collapse/dust/courant.h"
#include "collapse/dust/forces.h"
#include "collapse/dust/pressure.h"
#include "collapse/dust/sources.h"
#include "collapse/dust/swirls.h"
#include "collapse/dust/transport.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace platefall::collapse {
namespace {

using namespace dust;

constexpr float kFullest = 0.9f;     // of a density cell's dust that one pass may take out of it

Lattice velocity_lattice(const DustGrid& grid)
{
    return {grid.cells[0] / 2, grid.cells[1] / 2, grid.cells[2] / 2};
}

/// What is checked before anything is made from it.
const DustGrid& checked(const DustGrid& grid)
{
    check(grid);
    return grid;
}

const DustSettings& checked(const DustSettings& settings)
{
    check(settings);
    return settings;
}

/// m/s along any axis.
double fastest(const Air& air)
{
    return largest_over_slabs(air.lattice, [&](int z) {
        float most = 0;
        for (std::ptrdiff_t at = air.lattice.index(0, 0, z), end = air.lattice.index(0, 0, z + 1); at < end; ++at)
            most = std::max({most, std::abs(air.u[at]), std::abs(air.v[at]), std::abs(air.w[at])});
        return most;
    });
}

}  // namespace

struct DustSolver::State {
    State(const DustGrid& grid_, const DustSettings& settings_);

    void substep(double dt_s, double share, const std::vector<DustSource>& sources, const DustSolids& solids);
    void take_solids(const DustSolids& solids);
    void put_sources(double dt_s, double share, const std::vector<DustSource>& sources);
    void move_air(double dt_s, double share, const std::vector<DustSource>& sources, const DustSolids& solids);
    void move_dust(double dt_s);
    float update_courant(double dt_s, int reach);
    void measure_load();
    double cells_per_step(double dt_s) const;
    double cell_volume() const { return grid.cell_m * grid.cell_m * grid.cell_m; }

    DustGrid grid;
    DustSettings settings;
    Frame frame;
    Lattice lattice;
    Eigen::Vector3f wind;
    Cells cells;
    Air air;
    Carrying carrying;
    Pressure pressure;
    Confinement confinement;
    std::vector<float> divergence;      ///< of sources, 1/s
    std::vector<float> load;            ///< dust of both classes, kg/m3
    Courant courant;
    std::optional<Swirls> swirls;
    Cloud cloud;
    int reach = 2;                      ///< density cells around the dust that a step looks at first
    DustEffort effort;                  ///< of the last step
};

DustSolver::State::State(const DustGrid& grid_, const DustSettings& settings_)
    : grid(checked(grid_)), settings(checked(settings_)), frame{grid.low, grid.cell_m}, lattice(velocity_lattice(grid)),
      wind(settings.wind.cast<float>()), cells(lattice), air(lattice, wind), carrying(lattice), pressure(lattice),
      confinement(lattice), divergence(lattice.size()), load(lattice.size()),
      courant(grid.cells[0], grid.cells[1], grid.cells[2]), cloud(grid.cells[0], grid.cells[1], grid.cells[2])
{
    pressure.shape(cells);
    hold_closed_faces(air, cells, pressure.faces(), {});
    if (settings.detail > 0)
        swirls.emplace(lattice, static_cast<float>(settings.detail), settings.seed);
}

/// How many velocity cells the air passes.
double DustSolver::State::cells_per_step(double dt_s) const
{
    return dt_s / (2 * grid.cell_m) * fastest(air);
}

void DustSolver::State::take_solids(const DustSolids& solids)
{
    if (!mark(solids, cells))
        return;
    pressure.shape(cells);
    if (!cloud.region.empty())
        push_out(cells, cloud);
}

/// Dust that comes free where there is no air, in closed rooms, comes out with the air that is pushed out of them.
void DustSolver::State::put_sources(double dt_s, double share, const std::vector<DustSource>& sources)
{
    double air_m3 = 0;
    for (const DustSource& source : sources)
        air_m3 += source.air_m3;
    std::array<double, 2> indoors_kg{};
    std::fill(divergence.begin(), divergence.end(), 0.0f);
    for (const DustSource& source : sources) {
        put_dust(source, share, frame, cells, cloud, air_m3 > 0 ? &indoors_kg : nullptr);
        put_air(source, share, dt_s, frame, cells, divergence);
    }
    for (DustSource outlet : sources) {
        if (!(outlet.air_m3 > 0 && indoors_kg[0] + indoors_kg[1] > 0))
            continue;
        for (int i = 0; i < 2; ++i)
            outlet.mass_kg[i] = indoors_kg[i] * outlet.air_m3 / air_m3;
        put_dust(outlet, 1, frame, cells, cloud);
    }
}

/// The mean of the eight density cells in a velocity cell.
void DustSolver::State::measure_load()
{
    std::fill(load.begin(), load.end(), 0.0f);
    const Region& region = cloud.region;
    over_slabs(lattice, 0, lattice.nz, [&](int slab) {
        for (int z = 2 * slab; z < 2 * slab + 2; ++z)
            for (int y = region.y[z].low; y < region.y[z].high; ++y) {
                float* to = load.data() + lattice.index(0, y / 2, slab);
                for (const Dust& one : cloud.dust) {
                    const float* from = one.density.data() + cloud.index(0, y, z);
                    for (int x = region.x.low / 2; x < (region.x.high + 1) / 2; ++x)
                        to[x] += 0.125f * (from[2 * x] + from[2 * x + 1]);
                }
            }
    });
}

void DustSolver::State::move_air(double dt_s, double share, const std::vector<DustSource>& sources,
                                 const DustSolids& solids)
{
    const float dt = static_cast<float>(dt_s), cell = static_cast<float>(2 * grid.cell_m);
    carrying.apply(air, pressure.faces(), wind, dt, cell);
    for (const DustSource& source : sources)
        grip_air(source, share, frame, pressure.faces(), air);
    measure_load();
    weigh_down(air, load, static_cast<float>(settings.gravity_m_s2), static_cast<float>(settings.air_kg_m3), dt);
    confinement.apply(air, cells, static_cast<float>(settings.vorticity), cell, dt);
    hold_closed_faces(air, cells, pressure.faces(), solids.velocity);
    effort.iterations += pressure.project(air, divergence, 2 * grid.cell_m, settings.pressure_tolerance);
    if (cells.any_solid)
        extend_into_solids(air, cells, pressure.faces());
}

/// How fast air moves within so many cells of dust. Returns the largest share of a cell that flows out of it.
float DustSolver::State::update_courant(double dt_s, int around)
{
    const Block block = block_around(cloud.region.grown(around));
    courant.update(air, pressure.faces(), block, static_cast<float>(dt_s / grid.cell_m));
    if (swirls)
        swirls->stir(courant, air, cells, block, static_cast<float>(dt_s), static_cast<float>(2 * grid.cell_m));
    return courant.largest_outflow(block);
}

/// In as many passes as it takes for no cell to lose more than it has.
void DustSolver::State::move_dust(double dt_s)
{
    if (cloud.region.empty())
        return;
    if (swirls)
        swirls->carry(air, block_around(cloud.region), static_cast<float>(dt_s), static_cast<float>(2 * grid.cell_m));
    const float scale = static_cast<float>(dt_s / grid.cell_m);
    std::array<float, 2> sinking;
    for (int i = 0; i < 2; ++i)
        sinking[i] = scale * static_cast<float>(settings.classes[i].settling_m_s);
    const float falls = std::max(sinking[0], sinking[1]);
    int passes = 0;
    for (int around = reach; passes == 0 || passes > around; around = passes)
        passes = std::max(1, static_cast<int>(std::ceil((update_courant(dt_s, around) + falls) / kFullest)));
    if (swirls)
        reach = passes + 1;             // the next step takes about as many, and swirls are dear
    effort.passes += passes;
    transport(cloud, courant, cells, sinking, passes);
    tidy(cloud);
}

void DustSolver::State::substep(double dt_s, double share, const std::vector<DustSource>& sources,
                                const DustSolids& solids)
{
    ++effort.substeps;
    take_solids(solids);
    put_sources(dt_s, share, sources);
    move_air(dt_s, share, sources, solids);
    move_dust(dt_s);
}

DustSolver::DustSolver(const DustGrid& grid, const DustSettings& settings)
    : state_(std::make_unique<State>(grid, settings))
{
}

DustSolver::~DustSolver() = default;

std::size_t DustSolver::bytes(const DustGrid& grid)
{
    check(grid);
    const Lattice lattice = velocity_lattice(grid);
    const std::size_t densities = static_cast<std::size_t>(grid.cells[0]) * grid.cells[1] * grid.cells[2];
    const std::size_t own = (3 + 4 + 2) * sizeof(float) + sizeof(Cell);      // air, confinement, divergence, load, kind
    return 2 * sizeof(float) * densities + Courant::bytes(grid.cells[0], grid.cells[1], grid.cells[2])
           + Pressure::bytes(lattice) + Carrying::bytes(lattice) + Swirls::bytes(lattice) + own * lattice.size();
}

void DustSolver::step(double dt_s, const std::vector<DustSource>& sources, const DustSolids& solids)
{
    check(dt_s, sources, solids, state_->grid);
    state_->effort = {};
    double left = dt_s;
    while (left > 0) {
        const int parts = std::max(1, static_cast<int>(std::ceil(state_->cells_per_step(left)
                                                                 / state_->settings.most_cells_per_step)));
        const double part = left / parts;
        state_->substep(part, part / dt_s, sources, solids);
        left = parts == 1 ? 0 : left - part;
    }
}

void DustSolver::fill(const Eigen::Vector3d& low, const Eigen::Vector3d& high, int dust_class, double kg_m3)
{
    const State& s = *state_;
    Cloud& cloud = state_->cloud;
    Dust& dust = cloud.dust.at(dust_class);
    const auto inside = [&](int axis, int cell) {
        const double centre = s.grid.low[axis] + (cell + 0.5) * s.grid.cell_m;
        return centre > low[axis] && centre < high[axis];
    };
    for (int z = 0; z < s.grid.cells[2]; ++z)
        for (int y = 0; y < s.grid.cells[1]; ++y)
            for (int x = 0; x < s.grid.cells[0]; ++x)
                if (inside(0, x) && inside(1, y) && inside(2, z) && s.cells.at(x / 2, y / 2, z / 2) != Cell::solid) {
                    dust.density[cloud.index(x, y, z)] += static_cast<float>(kg_m3);
                    dust.in += kg_m3;
                    cloud.region.add(x, y, z);
                }
}

const std::vector<float>& DustSolver::density(int dust_class) const
{
    return state_->cloud.dust.at(dust_class).density;
}

std::vector<float> DustSolver::strain() const
{
    const Lattice& box = state_->lattice;
    std::vector<float> rates(static_cast<std::size_t>(box.nx) * box.ny * box.nz);
    over_slabs(box, 0, box.nz, [&](int z) {
        float* rate = rates.data() + static_cast<std::size_t>(z) * box.ny * box.nx;
        for (int y = 0; y < box.ny; ++y)
            for (int x = 0; x < box.nx; ++x)
                *rate++ = state_->cells.at(x, y, z) == Cell::solid
                              ? 0.0f : strain_rate(state_->air, x, y, z, static_cast<float>(2 * state_->grid.cell_m));
    });
    return rates;
}

std::vector<std::array<float, 3>> DustSolver::velocity() const
{
    const Lattice& box = state_->lattice;
    std::vector<std::array<float, 3>> centres(static_cast<std::size_t>(box.nx) * box.ny * box.nz);
    over_slabs(box, 0, box.nz, [&](int z) {
        auto* centre = centres.data() + static_cast<std::size_t>(z) * box.ny * box.nx;
        for (int y = 0; y < box.ny; ++y)
            for (int x = 0; x < box.nx; ++x)
                *centre++ = state_->air.at_centre(x, y, z);
    });
    return centres;
}

double DustSolver::divergence() const
{
    const State& s = *state_;
    const std::ptrdiff_t sy = s.lattice.along_y(), sz = s.lattice.along_z();
    return largest_over_slabs(s.lattice, [&](int z) {
        double most = 0;
        for (int y = 0; y < s.lattice.ny; ++y)
            for (int x = 0; x < s.lattice.nx; ++x) {
                const std::ptrdiff_t at = s.lattice.index(x, y, z);
                if (s.cells.kind[at] == Cell::open && s.divergence[at] == 0)
                    most = std::max(most, std::abs(outflow(s.air, at, sy, sz)) / (2 * s.grid.cell_m));
            }
        return most;
    });
}

DustEffort DustSolver::effort() const
{
    return state_->effort;
}

DustBudget DustSolver::budget(int dust_class) const
{
    const Cloud& cloud = state_->cloud;
    const Dust& dust = cloud.dust.at(dust_class);
    const std::size_t slab = static_cast<std::size_t>(cloud.region.nx) * cloud.region.ny;
    std::vector<double> sums(cloud.region.nz);
    parallel_each(cloud.region.nz, [&](int z) {
        const float* from = dust.density.data() + z * slab;
        sums[z] = std::accumulate(from, from + slab, 0.0);
    });
    const double volume = state_->cell_volume();
    return {volume * dust.in, volume * std::accumulate(sums.begin(), sums.end(), 0.0), volume * dust.settled,
            volume * dust.out};
}

}  // namespace platefall::collapse
