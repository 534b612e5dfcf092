#include "collapse/dust/sources.h"

#include "collapse/dust/multigrid.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse::dust {
namespace {

constexpr double kFastestAir = 60;      // 1/s: what a source may make of a cell's air if its ball can grow
constexpr double kThickest_kg_m3 = 0.05; // and of a cell's dust, in a step
constexpr double kWidest = 4;           // times its radius, a ball that finds little room

/// A ball in some grid of cells: weight 1 in the middle, 0 at its surface, smooth in between.
struct Ball {
    Eigen::Vector3d middle;
    double radius;

    /// Never so small that it could fall between the centres of cells.
    Ball(const Eigen::Vector3d& centre, double in_cells) : middle(centre), radius(std::max(in_cells, 1.0)) {}

    double weight(const Eigen::Vector3d& place) const
    {
        const double inside = 1 - (place - middle).squaredNorm() / (radius * radius);
        return inside > 0 ? inside * inside : 0.0;
    }

    /// Calls work(x, y, z, weight) for every cell whose centre, `offset` from its low corner, lies inside.
    template <class Work>
    void over_cells(const Eigen::Vector3d& offset, const Work& work) const
    {
        const auto first = [&](int axis) { return static_cast<int>(std::ceil(middle[axis] - radius - offset[axis])); };
        const auto last = [&](int axis) { return static_cast<int>(std::floor(middle[axis] + radius - offset[axis])); };
        for (int z = first(2); z <= last(2); ++z)
            for (int y = first(1); y <= last(1); ++y)
                for (int x = first(0); x <= last(0); ++x)
                    if (const double w = weight(Eigen::Vector3d(x, y, z) + offset); w > 0)
                        work(x, y, z, w);
    }
};

const Eigen::Vector3d kCentre(0.5, 0.5, 0.5);

/// Pockets that solids seal do not count: dust would gather there without end.
bool in_air(const Cells& cells, int x, int y, int z)
{
    return cells.at(x / 2, y / 2, z / 2) == Cell::open;
}

struct Place {
    int x, y, z;
};

Place place_of(const Lattice& box, std::ptrdiff_t at)
{
    const std::ptrdiff_t in_slab = at % box.along_z();
    return {static_cast<int>(in_slab % box.along_y()) - 1, static_cast<int>(in_slab / box.along_y()) - 1,
            static_cast<int>(at / box.along_z()) - 1};
}

/// Calls work(cell) for the eight density cells of a velocity cell.
template <class Work>
void over_eight(const Place& cell, const Work& work)
{
    for (int z = 2 * cell.z; z < 2 * cell.z + 2; ++z)
        for (int y = 2 * cell.y; y < 2 * cell.y + 2; ++y)
            for (int x = 2 * cell.x; x < 2 * cell.x + 2; ++x)
                work(x, y, z);
}

void add_evenly(const Cells& cells, const std::vector<std::ptrdiff_t>& takers,
                const std::array<double, 2>& amount, Cloud& cloud)
{
    for (const std::ptrdiff_t taker : takers)
        over_eight(place_of(cells.lattice, taker), [&](int x, int y, int z) {
            for (int i = 0; i < 2; ++i)
                cloud.dust[i].density[cloud.index(x, y, z)]
                    += static_cast<float>(amount[i] / (8.0 * static_cast<double>(takers.size())));
            cloud.region.add(x, y, z);
        });
}

/// To the air nearest to a velocity cell, or to the floor when there is none.
void give_to_nearest(const Cells& cells, const Place& near, const std::array<double, 2>& amount, Cloud& cloud)
{
    const auto takers = nearest_air(cells, near.x, near.y, near.z, true);
    add_evenly(cells, takers, amount, cloud);
    for (int i = 0; i < 2 && takers.empty(); ++i)
        cloud.dust[i].settled += amount[i];
}

Place clamped(const Lattice& box, const Eigen::Vector3d& place)
{
    const auto within = [](double value, int size) {
        return static_cast<int>(std::clamp(std::floor(value), 0.0, static_cast<double>(size - 1)));
    };
    return {within(place.x(), box.nx), within(place.y(), box.ny), within(place.z(), box.nz)};
}

}  // namespace

void put_dust(const DustSource& source, double share, const Frame& frame, const Cells& cells, Cloud& cloud,
              std::array<double, 2>* indoors_kg)
{
    const Region& box = cloud.region;
    std::array<double, 2> amount;                        // kg/m3 times cells
    for (int i = 0; i < 2; ++i)
        amount[i] = share * source.mass_kg[i] / (frame.cell_m * frame.cell_m * frame.cell_m);
    Ball ball(frame.in_density_cells(source.place), source.radius_m / frame.cell_m);
    const double widest = kWidest * ball.radius;
    const auto inside = [&](int x, int y, int z) {
        return x >= 0 && x < box.nx && y < box.ny && z >= 0 && z < box.nz;
    };
    double total = 0, beyond = 0, most = 0;
    for (;; ball.radius *= 1.3) {
        total = beyond = most = 0;
        ball.over_cells(kCentre, [&](int x, int y, int z, double weight) {
            if (y < 0 || (inside(x, y, z) && !in_air(cells, x, y, z)))
                return;
            total += weight;
            beyond += inside(x, y, z) ? 0.0 : weight;
            most = std::max(most, weight);
        });
        if ((total > 0 && (amount[0] + amount[1]) * most <= kThickest_kg_m3 * total) || ball.radius > widest)
            break;
    }
    if (indoors_kg && ball.radius > widest) {
        for (int i = 0; i < 2; ++i)
            (*indoors_kg)[i] += share * source.mass_kg[i];
        return;
    }
    for (int i = 0; i < 2; ++i)
        cloud.dust[i].in += amount[i];
    if (!(total > 0)) {
        give_to_nearest(cells, clamped(cells.lattice, frame.in_velocity_cells(source.place)), amount, cloud);
        return;
    }
    for (int i = 0; i < 2; ++i)
        cloud.dust[i].out += amount[i] * beyond / total;
    ball.over_cells(kCentre, [&](int x, int y, int z, double weight) {
        if (y < 0 || !inside(x, y, z) || !in_air(cells, x, y, z))
            return;
        for (int i = 0; i < 2; ++i)
            cloud.dust[i].density[cloud.index(x, y, z)] += static_cast<float>(amount[i] * weight / total);
        cloud.region.add(x, y, z);
    });
}

void put_air(const DustSource& source, double share, double dt_s, const Frame& frame, const Cells& cells,
             std::vector<float>& divergence)
{
    if (!(source.air_m3 > 0))
        return;
    const Lattice& box = cells.lattice;
    const double cell_m = 2 * frame.cell_m;
    const double rate = share * source.air_m3 / (dt_s * cell_m * cell_m * cell_m);
    Ball ball(frame.in_velocity_cells(source.place), source.radius_m / cell_m);
    const double widest = kWidest * ball.radius;
    const auto takes = [&](int x, int y, int z) { return box.inside(x, y, z) && cells.at(x, y, z) == Cell::open; };
    double total = 0, most = 0;
    for (;; ball.radius *= 1.3) {
        total = most = 0;
        ball.over_cells(kCentre, [&](int x, int y, int z, double weight) {
            if (!takes(x, y, z))
                return;
            total += weight;
            most = std::max(most, weight);
        });
        if ((total > 0 && rate * most <= kFastestAir * total) || ball.radius > widest)
            break;
    }
    ball.over_cells(kCentre, [&](int x, int y, int z, double weight) {
        if (takes(x, y, z))
            divergence[box.index(x, y, z)] += static_cast<float>(rate * weight / total);
    });
    if (total > 0)
        return;
    const Place near = clamped(box, ball.middle);
    const auto takers = nearest_air(cells, near.x, near.y, near.z, true);
    for (const std::ptrdiff_t taker : takers)
        divergence[taker] += static_cast<float>(rate / static_cast<double>(takers.size()));
}

void grip_air(const DustSource& source, double share, const Frame& frame, const Level& faces, Air& air)
{
    if (!(source.grip > 0))
        return;
    const Lattice& box = air.lattice;
    const double grip = 1 - std::pow(1 - std::min(source.grip, 1.0), share);
    const Ball ball(frame.in_velocity_cells(source.place), source.radius_m / (2 * frame.cell_m));
    for (int axis = 0; axis < 3; ++axis) {
        const std::vector<float>& open = axis == 0 ? faces.cx : axis == 1 ? faces.cy : faces.cz;
        Eigen::Vector3d offset = kCentre;
        offset[axis] = 0;
        ball.over_cells(offset, [&](int x, int y, int z, double weight) {
            if (x < 0 || x > box.nx || y < 0 || y > box.ny || z < 0 || z > box.nz)
                return;
            const std::ptrdiff_t at = box.index(x, y, z);
            float& value = air.axis(axis)[at];
            value += static_cast<float>(grip * weight) * open[at] * (static_cast<float>(source.velocity[axis]) - value);
        });
    }
}

void push_out(const Cells& cells, Cloud& cloud)
{
    const Lattice& box = cells.lattice;
    const Region region = cloud.region;
    for (int z = 0; z < box.nz; ++z) {
        Span span = region.y[2 * z];
        span.add(region.y[2 * z + 1]);
        for (int y = span.low / 2; y < (span.high + 1) / 2; ++y)
            for (int x = region.x.low / 2; x < (region.x.high + 1) / 2; ++x) {
                if (cells.at(x, y, z) != Cell::solid)
                    continue;
                std::array<double, 2> amount{};
                over_eight({x, y, z}, [&](int i, int j, int k) {
                    for (int one = 0; one < 2; ++one) {
                        float& density = cloud.dust[one].density[cloud.index(i, j, k)];
                        amount[one] += density;
                        density = 0;
                    }
                });
                if (amount[0] + amount[1] > 0)
                    give_to_nearest(cells, {x, y, z}, amount, cloud);
            }
    }
}

}  // namespace platefall::collapse::dust
