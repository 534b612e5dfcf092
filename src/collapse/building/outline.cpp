#include "collapse/building/outline.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

using Eigen::Vector2d;

double cross(const Vector2d& a, const Vector2d& b)
{
    return a.x() * b.y() - a.y() * b.x();
}

Polygon counter_clockwise(Polygon polygon)
{
    if (signed_area(polygon) < 0)
        std::ranges::reverse(polygon);
    return polygon;
}

/// Corners' coordinates, those nearer than half a bay to a kept one left out, and equal bays between the kept ones.
std::vector<double> bay_lines(std::vector<double> corners, double bay_m)
{
    std::ranges::sort(corners);
    std::vector<double> kept{corners.front()};
    for (double place : corners)
        if (place - kept.back() > bay_m / 2 && corners.back() - place > bay_m / 2)
            kept.push_back(place);
    kept.push_back(corners.back());

    std::vector<double> lines{kept.front()};
    for (std::size_t i = 1; i < kept.size(); ++i) {
        const double width = kept[i] - kept[i - 1];
        const int bays = std::max(1, static_cast<int>(std::lround(width / bay_m)));
        for (int bay = 1; bay < bays; ++bay)
            lines.push_back(kept[i - 1] + width * bay / bays);
        lines.push_back(kept[i]);
    }
    return lines;
}

std::vector<Edge> make_edges(const Polygon& footprint)
{
    std::vector<Edge> edges;
    for (std::size_t i = 0; i < footprint.size(); ++i) {
        const Vector2d way = footprint[(i + 1) % footprint.size()] - footprint[i];
        const Vector2d along = way.normalized();
        edges.push_back({.start = footprint[i],
                         .along = along,
                         .inward = {-along.y(), along.x()},
                         .length_m = way.norm(),
                         .first_m = 0,
                         .last_m = way.norm(),
                         .columns_m = {}});
    }
    return edges;
}

/// A column in the corner where `edge` starts: one kite where the corner is sharp enough for it, otherwise
/// two halves that meet on the line that bisects it. Tells both edges how much of them it takes.
void add_corner(Outline& outline, std::size_t index, double column_m)
{
    Edge& out = outline.edges[index];
    Edge& in = outline.edges[(index + outline.edges.size() - 1) % outline.edges.size()];
    const Vector2d inner = inner_corner(outline, index, column_m);
    const double reach = out.along.dot(inner - out.start);      // negative at a reflex corner
    const Vector2d foot_in = in.at(in.length_m - reach, 0), foot_out = out.at(reach, 0);

    if (reach >= column_m / 2) {
        outline.corners.push_back(counter_clockwise({out.start, foot_out, inner, foot_in}));
        out.first_m = reach;
    } else if (reach <= -column_m / 2) {
        outline.corners.push_back(
            counter_clockwise({out.start, out.at(0, column_m), inner, in.at(in.length_m, column_m)}));
        out.first_m = 0;
    } else {
        const double half = column_m / 2;
        outline.corners.push_back(counter_clockwise({out.start, out.at(half, 0), out.at(half, column_m), inner}));
        outline.corners.push_back(counter_clockwise(
            {out.start, in.at(in.length_m - half, 0), in.at(in.length_m - half, column_m), inner}));
        out.first_m = half;
    }
    in.last_m = in.length_m - out.first_m;
}

void add_lines_across(const Edge& edge, const Vector2d& axis, const std::vector<double>& lines,
                      std::vector<double>& places)
{
    const double speed = axis.dot(edge.along);
    if (std::abs(speed) < 0.5)       // the line meets the edge at less than 30 degrees
        return;
    for (double line : lines)
        places.push_back((line - axis.dot(edge.start)) / speed);
}

/// Columns where bay lines cross the edge, and more where that leaves wide gaps.
void place_columns(Edge& edge, const Grid& grid, const BuildingPlan& plan)
{
    std::vector<double> wanted;
    add_lines_across(edge, grid.u, grid.across_u, wanted);
    add_lines_across(edge, grid.v, grid.across_v, wanted);
    std::ranges::sort(wanted);
    const double apart = std::max(2 * plan.column_m, 0.4 * plan.bay_m);
    std::vector<double> kept{edge.first_m};
    for (double place : wanted)
        if (place - kept.back() >= apart && edge.last_m - place >= apart)
            kept.push_back(place);
    kept.push_back(edge.last_m);

    for (std::size_t i = 1; i < kept.size(); ++i) {
        const double width = kept[i] - kept[i - 1];
        const int bays = width > 1.5 * plan.bay_m ? static_cast<int>(std::lround(width / plan.bay_m)) : 1;
        for (int bay = 1; bay < bays; ++bay)
            edge.columns_m.push_back(kept[i - 1] + width * bay / bays);
        if (i + 1 < kept.size())
            edge.columns_m.push_back(kept[i]);
    }
}

}  // namespace

Polygon Edge::strip(double from_m, double to_m, double outer_m, double inner_m) const
{
    return {at(from_m, outer_m), at(to_m, outer_m), at(to_m, inner_m), at(from_m, inner_m)};
}

Polygon Grid::rectangle(double u0, double u1, double v0, double v1) const
{
    return {at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)};
}

Grid make_grid(const Polygon& footprint, double bay_m)
{
    Vector2d longest = Vector2d::Zero();
    for (std::size_t i = 0; i < footprint.size(); ++i) {
        const Vector2d edge = footprint[(i + 1) % footprint.size()] - footprint[i];
        if (edge.norm() > longest.norm() + 1e-9)
            longest = edge;
    }
    // Of the four directions at right angles, the one nearest to the first axis.
    Vector2d u = longest.normalized();
    if (std::abs(u.y()) > std::abs(u.x()))
        u = {u.y(), -u.x()};
    if (u.x() < 0)
        u = -u;

    Grid grid{.u = u, .v = {-u.y(), u.x()}, .across_u = {}, .across_v = {}};
    for (const Vector2d& corner : footprint) {
        grid.across_u.push_back(grid.u.dot(corner));
        grid.across_v.push_back(grid.v.dot(corner));
    }
    grid.across_u = bay_lines(grid.across_u, bay_m);
    grid.across_v = bay_lines(grid.across_v, bay_m);
    return grid;
}

Vector2d inner_corner(const Outline& outline, std::size_t edge, double thickness_m)
{
    const Edge& out = outline.edges[edge];
    const Edge& in = outline.edges[(edge + outline.edges.size() - 1) % outline.edges.size()];
    // On both inner lines: along the edge by (1 - cos) / sin of the turn between them.
    const double sine = cross(in.along, out.along), cosine = in.along.dot(out.along);
    const double reach = std::abs(sine) < 1e-9 ? 0 : thickness_m * (1 - cosine) / sine;
    return out.at(reach, thickness_m);
}

Outline make_outline(const Polygon& footprint, const Grid& grid, const BuildingPlan& plan)
{
    Outline outline{.edges = make_edges(footprint), .corners = {}};
    for (std::size_t i = 0; i < outline.edges.size(); ++i)
        add_corner(outline, i, plan.column_m);
    for (Edge& edge : outline.edges) {
        if (edge.first_m > edge.last_m) {
            const Vector2d end = edge.at(edge.length_m, 0);
            throw Error(fmt::format(
                "building: the footprint's edge from ({:g}, {:g}) to ({:g}, {:g}) is {:.2g} m long, too "
                "short for the columns at its ends; leave out a corner or give a smaller 'column'",
                edge.start.x(), edge.start.y(), end.x(), end.y(), edge.length_m));
        }
        place_columns(edge, grid, plan);
    }
    return outline;
}

}  // namespace platefall::collapse
