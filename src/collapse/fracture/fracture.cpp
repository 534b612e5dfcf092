#include "collapse/fracture/fracture.h"

#include "base/parallel.h"
#include "collapse/fracture/bonds.h"
#include "collapse/fracture/seeds.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

constexpr double kGround_m = 0.01;

void check_settings(const FractureSettings& settings)
{
    Faults faults;
    const auto positive = [&](const char* name, double value) {
        if (!(value > 0 && std::isfinite(value)))
            faults.add(fmt::format("fracture: '{}' is {:g}; give more than 0", name, value));
    };
    const auto within = [&](const char* name, double value, double high) {
        if (!(value >= 0 && value <= high))
            faults.add(fmt::format("fracture: '{}' is {:g}; give 0 to {:g}", name, value, high));
    };
    positive("size", settings.size_m);
    positive("denser", settings.denser_m);
    positive("strength", settings.strength);
    within("spread", settings.spread, 1.5);
    within("jitter", settings.jitter, 1.5);
    if (settings.most_pieces < 1)
        faults.add(fmt::format("fracture: 'most_pieces' is {}; give 1 or more", settings.most_pieces));
    faults.throw_if_any();
}

double total(const std::vector<Demand>& demands, double size_m)
{
    double pieces = 0;
    for (const Demand& demand : demands)
        pieces += piece_count(demand, size_m);
    return pieces;
}

/// The smallest size, in centimetres, at which the building has few enough pieces.
double fitting_size(const std::vector<Demand>& demands, const FractureSettings& settings)
{
    double size_m = settings.size_m;
    while (total(demands, size_m) > settings.most_pieces)
        size_m *= 1.05;
    return std::ceil(100 * size_m) / 100;
}

void check_cap(const std::vector<Demand>& demands, const FractureSettings& settings)
{
    const int elements = static_cast<int>(demands.size());
    if (elements > settings.most_pieces)
        throw Error(fmt::format("fracture: the building has {} parts before anything breaks, and 'most_pieces' is {}; "
                                "give larger bays or a larger 'most_pieces'",
                                elements, settings.most_pieces));
    const double pieces = total(demands, settings.size_m);
    if (pieces > settings.most_pieces)
        throw Error(fmt::format("fracture: the building breaks into {:.0f} pieces, and 'most_pieces' is {}; "
                                "'size' {:.2f} would fit",
                                pieces, settings.most_pieces, fitting_size(demands, settings)));
}

/// How near the building comes to a camera.
double nearest_distance(const std::vector<Element>& elements, const FractureSettings& settings)
{
    double nearest = std::numeric_limits<double>::infinity();
    for (const Element& element : elements)
        for (const Vector3d& point : element.solid.points)
            nearest = std::min(nearest, camera_distance(settings, point));
    return std::isfinite(nearest) ? nearest : 0;
}

bool rests_on(const Solid& solid, double ground_m)
{
    return std::ranges::any_of(solid.points, [&](const Vector3d& point) { return point.y() <= ground_m + kGround_m; });
}

/// The building's elements on their way to pieces.
class Breaker {
public:
    Breaker(const Elements& building, const FractureSettings& settings)
        : building_(building), settings_(settings), count_(static_cast<int>(building.elements.size())),
          sizes_(settings, nearest_distance(building.elements, settings)), frames_(building.elements.size()),
          demands_(building.elements.size())
    {
        parallel_each(count_, [&](int i) {
            frames_[i] = frame_of(solid(i));
            demands_[i] = demand(solid(i), frames_[i], sizes_, settings_, i);
        });
        check_cap(demands_, settings);
    }

    std::vector<Broken> broken() const
    {
        std::vector<Broken> broken(building_.elements.size());
        parallel_each(count_, [&](int i) {
            const int pieces = piece_count(demands_[i], settings_.size_m);
            broken[i].cells = voronoi_cells(
                solid(i), frames_[i], spread_seeds(solid(i), frames_[i], pieces, sizes_, settings_, i));
        });
        for (std::size_t i = 1; i < broken.size(); ++i)
            broken[i].first_piece = broken[i - 1].first_piece + static_cast<int>(broken[i - 1].cells.size());
        return broken;
    }

private:
    const Solid& solid(int element) const { return building_.elements[element].solid; }

    const Elements& building_;
    const FractureSettings& settings_;
    int count_;
    SizeField sizes_;
    std::vector<Frame> frames_;
    std::vector<Demand> demands_;
};

}  // namespace

Structure fracture(const Elements& building, double ground_m, const FractureSettings& settings)
{
    check_settings(settings);
    std::vector<Broken> broken = Breaker(building, settings).broken();

    Structure structure{.elements = building.elements,
                        .pieces = {},
                        .bonds = find_bonds(building.elements, broken, settings),
                        .storeys = building.storeys,
                        .footprint = building.footprint};
    for (std::size_t i = 0; i < broken.size(); ++i)
        for (Cell& cell : broken[i].cells) {
            const MassProperties shape = mass_properties(cell.solid);
            const double density = facts(building.elements[i].material).density_kg_m3;
            const bool anchored = rests_on(cell.solid, ground_m);
            structure.pieces.push_back({.solid = std::move(cell.solid),
                                        .element = static_cast<int>(i),
                                        .shape = shape,
                                        .mass_kg = density * shape.volume_m3,
                                        .anchored = anchored});
        }
    return structure;
}

}  // namespace platefall::collapse
