#include "collapse/building/floor_plan.h"

#include "collapse/building/outline.h"
#include "collapse/building/plan_check.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace platefall::collapse {
namespace {

using Eigen::Vector2d;

constexpr double kCoreWall_m = 0.2;
constexpr double kPartition_m = 0.1;
constexpr double kThinnest_m = 0.045;   // what is thinner (see thinness) is left out

/// Ground that is given away once: what is asked for later gets what is left of it.
class Ground {
public:
    explicit Ground(const Polygon& footprint) : footprint_(footprint), parts_(convex_parts(footprint)) {}

    /// Convex parts of `wanted` that lie in the footprint and are free; they are taken now.
    std::vector<Polygon> take(const Polygon& wanted)
    {
        std::vector<Polygon> free = inside_footprint(wanted);
        for (const Polygon& taken : taken_)
            free = without(free, taken);
        std::erase_if(free, [](const Polygon& part) { return thinness(part) < kThinnest_m; });
        taken_.insert(taken_.end(), free.begin(), free.end());
        return free;
    }

    /// Nobody gets this.
    void close(const Polygon& area) { taken_.push_back(area); }

private:
    static std::vector<Polygon> without(const std::vector<Polygon>& polygons, const Polygon& taken)
    {
        std::vector<Polygon> left;
        for (const Polygon& polygon : polygons)
            for (Polygon& part : difference(polygon, taken))
                left.push_back(std::move(part));
        return left;
    }

    /// Whole where it can be, so that a strip is not split along a cut that only the footprint's parts know.
    std::vector<Polygon> inside_footprint(const Polygon& wanted) const
    {
        std::vector<Polygon> shares;
        double area = 0, largest = 0;
        for (const Polygon& part : parts_)
            if (Polygon share = intersection(wanted, part); !share.empty()) {
                area += signed_area(share);
                largest = std::max(largest, signed_area(share));
                shares.push_back(std::move(share));
            }
        if (area > signed_area(wanted) - 1e-6 && area > largest)
            return std::vector<Polygon>{wanted};
        return shares;
    }

    Polygon footprint_;
    std::vector<Polygon> parts_;
    std::vector<Polygon> taken_;
};

void append(std::vector<Polygon>& all, const std::vector<Polygon>& more)
{
    all.insert(all.end(), more.begin(), more.end());
}

/// The places along an edge where columns begin and end, corners included.
std::vector<double> wall_ends(const Edge& edge, double column_m)
{
    std::vector<double> ends{edge.first_m};
    for (double column : edge.columns_m) {
        ends.push_back(column - column_m / 2);
        ends.push_back(column + column_m / 2);
    }
    ends.push_back(edge.last_m);
    return ends;
}

class Draughtsman {
public:
    explicit Draughtsman(const BuildingPlan& plan)
        : plan_(plan), footprint_(oriented(plan.footprint)), grid_(make_grid(footprint_, plan.bay_m)),
          outline_(make_outline(footprint_, grid_, plan)), room_(footprint_), ceiling_(footprint_)
    {
        floor_.footprint = footprint_;
    }

    FloorPlan draw() &&
    {
        draw_core();
        draw_columns();
        draw_rim();
        draw_bay_lines();
        draw_slabs();
        draw_parapet();
        return std::move(floor_);
    }

private:
    static Polygon oriented(Polygon polygon)
    {
        if (signed_area(polygon) < 0)
            std::ranges::reverse(polygon);
        return polygon;
    }

    bool far_inside(const Vector2d& point, double distance) const
    {
        return contains(footprint_, point) && outline_distance(footprint_, point) >= distance;
    }

    /// Whole bays in the middle of the building, enough of them for the share that was asked for.
    Polygon core_bays(double area) const
    {
        const Vector2d middle = centroid(footprint_);
        double best = std::numeric_limits<double>::infinity();
        Polygon bays;
        for (std::size_t i = 0; i + 1 < grid_.across_u.size(); ++i)
            for (std::size_t j = 0; j + 1 < grid_.across_v.size(); ++j)
                for (std::size_t wide = 1; wide <= 3 && i + wide < grid_.across_u.size(); ++wide)
                    for (std::size_t deep = 1; deep <= 3 && j + deep < grid_.across_v.size(); ++deep) {
                        const Polygon block = grid_.rectangle(grid_.across_u[i], grid_.across_u[i + wide],
                                                              grid_.across_v[j], grid_.across_v[j + deep]);
                        const double cost = signed_area(block) + (centroid(block) - middle).squaredNorm();
                        if (area < 0.65 * signed_area(block) && cost < best && is_inside(block)) {
                            best = cost;
                            bays = block;
                        }
                    }
        return bays;
    }

    bool is_inside(const Polygon& block) const
    {
        double area = 0;
        for (const Polygon& part : convex_parts(footprint_))
            area += std::abs(signed_area(intersection(block, part)));
        return area > signed_area(block) - 1e-6;
    }

    void draw_core()
    {
        const double area = plan_.core * signed_area(footprint_);
        const Polygon bays = area > 0 ? core_bays(area) : Polygon{};
        if (bays.empty())
            return;
        const double scale = std::sqrt(area / signed_area(bays));
        const Vector2d middle = centroid(bays), reach = scale * (bays[2] - middle);
        const Vector2d outer(grid_.u.dot(reach), grid_.v.dot(reach));
        if (outer.minCoeff() < 3 * kCoreWall_m)
            return;
        const Vector2d inner = outer - Vector2d::Constant(kCoreWall_m);
        const double u = grid_.u.dot(middle), v = grid_.v.dot(middle);
        floor_.shaft = grid_.rectangle(u - outer.x(), u + outer.x(), v - outer.y(), v + outer.y());
        floor_.core = difference(floor_.shaft,
                                 grid_.rectangle(u - inner.x(), u + inner.x(), v - inner.y(), v + inner.y()));
        room_.close(floor_.shaft);
        ceiling_.close(floor_.shaft);
    }

    void draw_columns()
    {
        for (const Polygon& corner : outline_.corners)
            append(floor_.columns, room_.take(corner));
        for (const Edge& edge : outline_.edges)
            for (double place : edge.columns_m)
                append(floor_.columns, room_.take(edge.strip(place - plan_.column_m / 2, place + plan_.column_m / 2, 0,
                                                             plan_.column_m)));
        for (double u : grid_.across_u)
            for (double v : grid_.across_v)
                draw_inner_column(u, v);
        for (const Polygon& column : floor_.columns)
            ceiling_.close(column);
    }

    void draw_inner_column(double u, double v)
    {
        const double half = plan_.column_m / 2;
        const Vector2d middle = grid_.at(u, v);
        if (!far_inside(middle, 4 * half))
            return;
        const Polygon square = grid_.rectangle(u - half, u + half, v - half, v + half);
        if (!floor_.shaft.empty() && !intersection(square, floor_.shaft).empty())
            return;
        append(floor_.columns, room_.take(square));
    }

    /// Outer walls and the beams over them.
    void draw_rim()
    {
        for (const Edge& edge : outline_.edges) {
            const std::vector<double> ends = wall_ends(edge, plan_.column_m);
            for (std::size_t i = 0; i + 1 < ends.size(); i += 2) {
                if (ends[i + 1] - ends[i] < 2 * kThinnest_m)
                    continue;
                const Polygon wall = edge.strip(ends[i], ends[i + 1], 0, plan_.wall_m);
                const std::vector<Polygon> got = room_.take(wall);
                if (got.size() != 1 || signed_area(got[0]) < signed_area(wall) - 1e-6)
                    refuse_narrow(edge);
                floor_.walls.push_back({edge.at(ends[i], 0), edge.at(ends[i + 1], 0), edge.inward});
                if (plan_.beam_m > 0)
                    append(floor_.beams, ceiling_.take(edge.strip(ends[i], ends[i + 1], 0, beam_width(plan_))));
            }
        }
    }

    [[noreturn]] static void refuse_narrow(const Edge& edge)
    {
        const Vector2d end = edge.at(edge.length_m, 0);
        throw Error(fmt::format("building: the footprint is narrower than its walls and columns at the edge from "
                                "({:g}, {:g}) to ({:g}, {:g}); make it wider or give a smaller 'wall' and 'column'",
                                edge.start.x(), edge.start.y(), end.x(), end.y()));
    }

    /// Beams and partitions from node to node. Lines across u come first: the others end at them.
    void draw_bay_lines()
    {
        const double beam = beam_width(plan_) / 2, board = kPartition_m / 2;
        for (double u : grid_.across_u)
            for (std::size_t j = 0; j + 1 < grid_.across_v.size(); ++j)
                draw_between([&](double half) {
                    return grid_.rectangle(u - half, u + half, grid_.across_v[j], grid_.across_v[j + 1]);
                }, beam, board);
        for (double v : grid_.across_v)
            for (std::size_t i = 0; i + 1 < grid_.across_u.size(); ++i)
                draw_between([&](double half) {
                    return grid_.rectangle(grid_.across_u[i], grid_.across_u[i + 1], v - half, v + half);
                }, beam, board);
    }

    void draw_between(const auto& strip, double beam, double board)
    {
        if (plan_.beam_m > 0)
            append(floor_.beams, ceiling_.take(strip(beam)));
        append(floor_.partitions, room_.take(strip(board)));
    }

    void draw_slabs()
    {
        Ground roof(footprint_);
        if (!floor_.shaft.empty())
            roof.close(floor_.shaft);
        for (std::size_t i = 0; i + 1 < grid_.across_u.size(); ++i)
            for (std::size_t j = 0; j + 1 < grid_.across_v.size(); ++j)
                append(floor_.slabs, roof.take(grid_.rectangle(grid_.across_u[i], grid_.across_u[i + 1],
                                                               grid_.across_v[j], grid_.across_v[j + 1])));
    }

    /// In stretches from column to column, with mitred corners.
    void draw_parapet()
    {
        for (std::size_t i = 0; i < outline_.edges.size(); ++i) {
            const Edge& edge = outline_.edges[i];
            std::vector<std::pair<Vector2d, Vector2d>> joints{{edge.start, inner_corner(outline_, i, plan_.wall_m)}};
            for (double place : edge.columns_m)
                joints.emplace_back(edge.at(place, 0), edge.at(place, plan_.wall_m));
            joints.emplace_back(edge.at(edge.length_m, 0),
                                inner_corner(outline_, (i + 1) % outline_.edges.size(), plan_.wall_m));
            for (std::size_t k = 1; k < joints.size(); ++k)
                floor_.parapet.push_back(
                    {joints[k - 1].first, joints[k].first, joints[k].second, joints[k - 1].second});
        }
    }

    const BuildingPlan& plan_;
    Polygon footprint_;
    Grid grid_;
    Outline outline_;
    Ground room_;      // between floor and beams
    Ground ceiling_;   // between beams' underside and slab
    FloorPlan floor_;
};

}  // namespace

FloorPlan make_floor_plan(const BuildingPlan& plan)
{
    return Draughtsman(plan).draw();
}

}  // namespace platefall::collapse
