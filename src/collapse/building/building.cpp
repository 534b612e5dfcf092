#include "collapse/building/building.h"

#include "collapse/building/floor_plan.h"
#include "collapse/building/plan_check.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

using Eigen::Vector2d;

constexpr double kPane_m = 0.03;
constexpr double kSlit_m = 0.01;          // over panes and partitions, which carry nothing but themselves
constexpr double kNarrowestJamb_m = 0.15;

/// A window in a stretch of wall.
struct Opening {
    double width_m = 0;    ///< 0: none
    double sill_m = 0, head_m = 0;   ///< above the floor
};

/// As high as the room allows and then as wide as the share asks for; where that is less than half the wall's
/// length, lower.
Opening opening_in(const BuildingPlan& plan, double wall_length_m)
{
    const double top = clear_height(plan);
    const double area = plan.openings * plan.floor_height_m * (wall_length_m + plan.column_m);
    if (area <= 0 || wall_length_m < 4 * kNarrowestJamb_m)
        return {};
    double width = std::max(area / (top - plan.sill_m), wall_length_m / 2);
    if (width > wall_length_m - 2 * kNarrowestJamb_m)
        width = wall_length_m;
    const double head = plan.sill_m + area / width;
    return {.width_m = width, .sill_m = plan.sill_m, .head_m = head > top - kNarrowestJamb_m ? top : head};
}

class Builder {
public:
    explicit Builder(const BuildingPlan& plan) : plan_(plan), floor_(make_floor_plan(plan)) {}

    Elements build() &&
    {
        built_.footprint = floor_.footprint;
        for (storey_ = 0; storey_ < plan_.floors; ++storey_)
            add_storey();
        storey_ = plan_.floors - 1;
        const double roof = plan_.ground_m + plan_.floors * plan_.floor_height_m;
        if (plan_.parapet_m > 0)
            add_all(floor_.parapet, roof, roof + plan_.parapet_m, ElementKind::parapet, plan_.walls);
        return std::move(built_);
    }

private:
    void add_storey()
    {
        const double floor = plan_.ground_m + storey_ * plan_.floor_height_m;
        const double ceiling = floor + plan_.floor_height_m - plan_.slab_m;
        const double top = floor + plan_.floor_height_m;
        const bool highest = storey_ == plan_.floors - 1;
        built_.storeys.push_back(
            {.bottom_m = floor, .top_m = ceiling, .area_m2 = std::abs(signed_area(floor_.footprint))});

        add_all(floor_.columns, floor, ceiling, ElementKind::column, Material::concrete);
        add_all(floor_.core, floor, highest ? ceiling : top, ElementKind::core, Material::concrete);
        add_all(floor_.beams, ceiling - plan_.beam_m, ceiling, ElementKind::beam, Material::concrete);
        for (const WallRun& wall : floor_.walls)
            add_wall(wall, floor);
        add_partitions(floor, ceiling - plan_.beam_m - kSlit_m);
        add_all(floor_.slabs, ceiling, top, ElementKind::slab, Material::concrete);
        if (highest && !floor_.shaft.empty())
            add(floor_.shaft, ceiling, top, ElementKind::slab, Material::concrete);
    }

    /// Sill, jambs, pane and lintel; only those that there are.
    void add_wall(const WallRun& wall, double floor)
    {
        const double length = (wall.to - wall.from).norm(), top = clear_height(plan_);
        const Opening window = opening_in(plan_, length);
        if (window.width_m == 0) {
            add_part(wall, 0, length, floor, floor + top);
            return;
        }
        const double jamb = (length - window.width_m) / 2, sill = floor + window.sill_m, head = floor + window.head_m;
        if (window.sill_m > 0)
            add_part(wall, 0, length, floor, sill);
        if (jamb > 0) {
            add_part(wall, 0, jamb, sill, head);
            add_part(wall, length - jamb, length, sill, head);
        }
        add(strip(wall, jamb, length - jamb, (plan_.wall_m - kPane_m) / 2, (plan_.wall_m + kPane_m) / 2), sill,
            head - kSlit_m, ElementKind::glass, Material::glass);
        if (window.head_m < top)
            add_part(wall, 0, length, head, floor + top);
    }

    /// Others on every floor, spread evenly over the plan.
    void add_partitions(double bottom, double top)
    {
        const auto count = [&](std::size_t lines) { return std::floor(static_cast<double>(lines) * plan_.partitions); };
        for (std::size_t i = 0; i < floor_.partitions.size(); ++i)
            if (const std::size_t turn = i + static_cast<std::size_t>(storey_); count(turn + 1) > count(turn))
                add(floor_.partitions[i], bottom, top, ElementKind::partition, Material::board);
    }

    static Polygon strip(const WallRun& wall, double from, double to, double outer, double inner)
    {
        const Vector2d along = (wall.to - wall.from).normalized();
        return {wall.from + from * along + outer * wall.inward, wall.from + to * along + outer * wall.inward,
                wall.from + to * along + inner * wall.inward, wall.from + from * along + inner * wall.inward};
    }

    void add_part(const WallRun& wall, double from, double to, double bottom, double top)
    {
        add(strip(wall, from, to, 0, plan_.wall_m), bottom, top, ElementKind::wall, plan_.walls);
    }

    void add_all(const std::vector<Polygon>& polygons, double bottom, double top, ElementKind kind, Material material)
    {
        for (const Polygon& polygon : polygons)
            add(polygon, bottom, top, kind, material);
    }

    void add(const Polygon& polygon, double bottom, double top, ElementKind kind, Material material)
    {
        built_.elements.push_back(
            {.solid = prism(polygon, bottom, top), .kind = kind, .material = material, .floor = storey_});
    }

    const BuildingPlan& plan_;
    FloorPlan floor_;
    Elements built_;
    int storey_ = 0;
};

}  // namespace

Elements make_building(const BuildingPlan& plan)
{
    check_plan(plan);
    return Builder(plan).build();
}

}  // namespace platefall::collapse
