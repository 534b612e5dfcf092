#include "collapse/building/plan_check.h"

#include "collapse/building/polygon.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

using Eigen::Vector2d;

constexpr int kMostFloors = 200;
constexpr double kLeastClearHeight_m = 1.5;

double cross(const Vector2d& a, const Vector2d& b)
{
    return a.x() * b.y() - a.y() * b.x();
}

std::string edge_text(const Polygon& footprint, std::size_t edge)
{
    const Vector2d& a = footprint[edge];
    const Vector2d& b = footprint[(edge + 1) % footprint.size()];
    return fmt::format("({:g}, {:g}) to ({:g}, {:g})", a.x(), a.y(), b.x(), b.y());
}

/// Edges that share no corner and meet, touching included.
bool meet(const Vector2d& a, const Vector2d& b, const Vector2d& c, const Vector2d& d)
{
    const auto within = [](const Vector2d& from, const Vector2d& to, const Vector2d& point) {
        return (point - from).dot(point - to) <= 0;
    };
    const double c_side = cross(b - a, c - a), d_side = cross(b - a, d - a);
    const double a_side = cross(d - c, a - c), b_side = cross(d - c, b - c);
    if (c_side * d_side < 0 && a_side * b_side < 0)
        return true;
    return (c_side == 0 && within(a, b, c)) || (d_side == 0 && within(a, b, d)) || (a_side == 0 && within(c, d, a))
           || (b_side == 0 && within(c, d, b));
}

void check_crossings(const Polygon& footprint, Faults& faults)
{
    const std::size_t n = footprint.size();
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 2; j < n; ++j) {
            if (i == 0 && j == n - 1)
                continue;
            if (meet(footprint[i], footprint[i + 1], footprint[j], footprint[(j + 1) % n])) {
                faults.add(fmt::format(
                    "building: the footprint crosses itself: the edge from {} meets the edge from {}; "
                    "list its corners in order around it",
                    edge_text(footprint, i), edge_text(footprint, j)));
                return;
            }
        }
}

void check_footprint(const BuildingPlan& plan, Faults& faults)
{
    const Polygon& footprint = plan.footprint;
    if (footprint.size() < 3) {
        faults.add(fmt::format("building: the footprint has {} corners; give three or more", footprint.size()));
        return;
    }
    for (std::size_t i = 0; i < footprint.size(); ++i) {
        if (!footprint[i].allFinite()) {
            faults.add(fmt::format("building: corner {} of the footprint is not a pair of numbers", i + 1));
            return;
        }
        if ((footprint[(i + 1) % footprint.size()] - footprint[i]).norm() < 0.01) {
            faults.add(fmt::format("building: the footprint's edge from {} has no length; leave one corner out",
                                   edge_text(footprint, i)));
            return;
        }
    }
    if (std::abs(signed_area(footprint)) < 1e-6 && footprint.size() == 3)
        faults.add("building: the footprint has no area; its corners lie on one line");
    else
        check_crossings(footprint, faults);
}

/// Written so that NaN fails too.
void check_range(const char* name, double value, double low, double high, Faults& faults)
{
    if (!(value >= low && value <= high))
        faults.add(fmt::format("building: '{}' is {:g}; give {:g} to {:g}", name, value, low, high));
}

void check_sizes(const BuildingPlan& plan, Faults& faults)
{
    if (plan.floors < 1 || plan.floors > kMostFloors)
        faults.add(fmt::format("building: 'floors' is {}; give 1 to {}", plan.floors, kMostFloors));
    if (!std::isfinite(plan.ground_m))
        faults.add("building: 'ground' is not a number");
    check_range("floor_height", plan.floor_height_m, 2, 20, faults);
    check_range("bay", plan.bay_m, 1, 50, faults);
    check_range("slab", plan.slab_m, 0.05, 2, faults);
    check_range("column", plan.column_m, 0.1, 3, faults);
    check_range("beam", plan.beam_m, 0, 3, faults);
    check_range("wall", plan.wall_m, 0.05, 3, faults);
    check_range("openings", plan.openings, 0, 0.8, faults);
    check_range("sill", plan.sill_m, 0, 10, faults);
    check_range("parapet", plan.parapet_m, 0, 5, faults);
    check_range("core", plan.core, 0, 0.4, faults);
    check_range("partitions", plan.partitions, 0, 1, faults);
}

void check_fits(const BuildingPlan& plan, Faults& faults)
{
    if (plan.bay_m < 3 * plan.column_m)
        faults.add(fmt::format("building: bays of {:g} m are too small for columns of {:g} m; give 'bay' at least {:g}",
                               plan.bay_m, plan.column_m, 3 * plan.column_m));
    if (plan.wall_m > plan.column_m)
        faults.add(fmt::format(
            "building: walls of {:g} m are thicker than the columns they stand between; give 'wall' at most "
            "{:g}",
            plan.wall_m, plan.column_m));
    if (clear_height(plan) < kLeastClearHeight_m)
        faults.add(fmt::format("building: slab and beams leave {:g} m of a storey's {:g} m; at least {:g} m are needed",
                               clear_height(plan), plan.floor_height_m, kLeastClearHeight_m));
    else if (plan.openings > 0 && plan.sill_m > clear_height(plan) - 0.3)
        faults.add(fmt::format("building: sills {:g} m high leave no room for windows; give 'sill' at most {:g}, or "
                               "'openings' 0",
                               plan.sill_m, clear_height(plan) - 0.3));
}

}  // namespace

double beam_width(const BuildingPlan& plan)
{
    return std::clamp(0.75 * plan.column_m, std::min(plan.wall_m, plan.column_m), plan.column_m);
}

double clear_height(const BuildingPlan& plan)
{
    return plan.floor_height_m - plan.slab_m - plan.beam_m;
}

void check_plan(const BuildingPlan& plan)
{
    Faults faults;
    check_footprint(plan, faults);
    check_sizes(plan, faults);
    if (faults.empty())
        check_fits(plan, faults);
    faults.throw_if_any();
}

}  // namespace platefall::collapse
