#include "collapse/building/building.h"

#include "collapse/building/polygon.h"
#include "collapse/solid_checks.h"
#include "support/error_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace platefall::collapse {
namespace {

using Eigen::Vector2d;
using testing::HasSubstr;

BuildingPlan plan_on(std::vector<Vector2d> footprint, int floors = 2)
{
    BuildingPlan plan;
    plan.footprint = std::move(footprint);
    plan.floors = floors;
    return plan;
}

std::vector<Vector2d> l_shape()
{
    return {{-10, 0}, {4, 0}, {4, -6}, {10, -6}, {10, -16}, {-10, -16}};
}

std::vector<Vector2d> hexagon()
{
    std::vector<Vector2d> corners;
    for (int i = 0; i < 6; ++i) {
        const double angle = i * std::numbers::pi / 3 + 0.3;
        corners.emplace_back(9 * std::cos(angle), 9 * std::sin(angle));
    }
    return corners;
}

/// Right angles, an acute one, one of 225 degrees and one of 270.
std::vector<Vector2d> odd_shape()
{
    return {{0, 0}, {14, 0}, {18, 4}, {30, 4}, {30, 14}, {12, 14}, {12, 24}, {0, 30}};
}

int count(const Elements& building, ElementKind kind)
{
    return static_cast<int>(
        std::ranges::count_if(building.elements, [&](const Element& element) { return element.kind == kind; }));
}

std::string refusal(const BuildingPlan& plan)
{
    return platefall::test::error_of([&] { make_building(plan); });
}

TEST(CollapsePolygon, ConcavePolygonsFallIntoConvexPartsOfTheSameArea)
{
    for (Polygon polygon : {l_shape(), odd_shape(), hexagon()}) {
        if (signed_area(polygon) < 0)
            std::ranges::reverse(polygon);
        double area = 0;
        for (const Polygon& part : convex_parts(polygon)) {
            area += signed_area(part);
            for (std::size_t i = 0; i < part.size(); ++i) {
                const Vector2d in = part[(i + 1) % part.size()] - part[i];
                const Vector2d out = part[(i + 2) % part.size()] - part[(i + 1) % part.size()];
                EXPECT_GT(in.x() * out.y() - in.y() * out.x(), 0);
            }
        }
        EXPECT_NEAR(area, signed_area(polygon), 1e-9);
    }
}

TEST(CollapsePolygon, WhatIsSharedAndWhatIsLeftMakeTheWhole)
{
    const Polygon square{{0, 0}, {4, 0}, {4, 4}, {0, 4}}, tilted{{2, -1}, {7, 3}, {3, 5}};
    double left = 0;
    for (const Polygon& part : difference(square, tilted))
        left += signed_area(part);
    EXPECT_GT(signed_area(intersection(square, tilted)), 1);
    EXPECT_NEAR(left + signed_area(intersection(square, tilted)), 16, 1e-12);
    EXPECT_EQ(difference(square, {{4, 0}, {8, 0}, {8, 4}}).size(), 1u)
        << "what only touches takes nothing and cuts nothing";
}

class CollapseBuildingShapes : public testing::TestWithParam<std::vector<Vector2d>> {};

TEST_P(CollapseBuildingShapes, ElementsAreConvexAndShareNoVolume)
{
    const Elements building = make_building(plan_on(GetParam()));
    for (const Element& element : building.elements) {
        EXPECT_TRUE(test::closed(element.solid));
        EXPECT_LT(test::dent(element.solid), 1e-9);
        EXPECT_GT(test::volume(element.solid), 1e-4);
    }
    EXPECT_LT(test::worst_overlap(building), 1e-9);
}

TEST_P(CollapseBuildingShapes, SlabsCoverTheFootprintButForTheShaft)
{
    BuildingPlan plan = plan_on(GetParam());
    plan.core = 0;
    const Elements building = make_building(plan);
    double slabs = 0;
    for (const Element& element : building.elements)
        if (element.kind == ElementKind::slab)
            slabs += test::volume(element.solid);
    const double area = std::abs(signed_area(GetParam()));
    EXPECT_NEAR(slabs, 2 * 0.25 * area, 0.002 * area);
    EXPECT_NEAR(building.storeys[1].area_m2, area, 1e-9);
}

TEST_P(CollapseBuildingShapes, TheOtherOrderOfCornersIsTheSameBuilding)
{
    std::vector<Vector2d> turned = GetParam();
    std::ranges::reverse(turned);
    const Elements one = make_building(plan_on(GetParam())), other = make_building(plan_on(turned));
    EXPECT_EQ(one.elements.size(), other.elements.size());
    EXPECT_NEAR(test::total_volume(one), test::total_volume(other), 1e-6);
}

TEST_P(CollapseBuildingShapes, NothingStandsOutsideTheFootprint)
{
    Polygon footprint = GetParam();
    const Elements building = make_building(plan_on(footprint));
    for (const Element& element : building.elements)
        for (const Eigen::Vector3d& point : element.solid.points) {
            const Vector2d seen(point.x(), point.z());
            EXPECT_TRUE(contains(footprint, seen) || outline_distance(footprint, seen) < 1e-9) << seen.transpose();
        }
}

INSTANTIATE_TEST_SUITE_P(Shapes, CollapseBuildingShapes,
                         testing::Values(std::vector<Vector2d>{{0, 0}, {20, 0}, {20, -14}, {0, -14}},
                                         l_shape(), hexagon(), odd_shape(),
                                         std::vector<Vector2d>{{0, 0}, {20, 3}, {5, -12}}));

TEST(CollapseBuilding, TheSampleHasAFrameWallsCoreAndParapet)
{
    const Elements building = make_building(test::sample_plan());
    EXPECT_EQ(count(building, ElementKind::column), 10 * 5 * 4);
    EXPECT_EQ(count(building, ElementKind::beam), 10 * (4 * 4 + 5 * 3 + 1)) << "the core cuts one beam in two";
    EXPECT_EQ(count(building, ElementKind::wall), 10 * 14) << "windows take what is above the sills";
    EXPECT_EQ(count(building, ElementKind::glass), 10 * 14);
    EXPECT_EQ(count(building, ElementKind::core), 10 * 4);
    EXPECT_EQ(count(building, ElementKind::parapet), 14);
    EXPECT_GT(count(building, ElementKind::partition), 30);
    ASSERT_EQ(building.storeys.size(), 10u);
    EXPECT_DOUBLE_EQ(building.storeys[3].bottom_m, 9);
    EXPECT_DOUBLE_EQ(building.storeys[3].top_m, 11.75);
}

TEST(CollapseBuilding, StandsOnItsGroundAndIsAsHighAsItsFloors)
{
    BuildingPlan plan = test::sample_plan();
    plan.ground_m = -1.5;
    double lowest = 1e9, highest = -1e9;
    for (const Element& element : make_building(plan).elements)
        for (const Eigen::Vector3d& point : element.solid.points) {
            lowest = std::min(lowest, point.y());
            highest = std::max(highest, point.y());
        }
    EXPECT_DOUBLE_EQ(lowest, -1.5);
    EXPECT_DOUBLE_EQ(highest, -1.5 + 30 + 0.9);
}

TEST(CollapseBuilding, WindowsTakeTheShareOfTheWallsThatWasAskedFor)
{
    for (double share : {0.05, 0.15, 0.25}) {
        BuildingPlan plan = test::sample_plan();
        plan.openings = share;
        double glass = 0;
        for (const Element& element : make_building(plan).elements)
            if (element.kind == ElementKind::glass)
                glass += test::volume(element.solid) / 0.03;
        EXPECT_NEAR(glass / (68 * 30), share, 0.06 * share) << "less a slit over every pane, and no window in a corner";
    }
}

TEST(CollapseBuilding, SmallWindowsHaveJambsAndLintels)
{
    BuildingPlan plan = test::sample_plan();
    plan.openings = 0.1;
    const Elements building = make_building(plan);
    EXPECT_EQ(count(building, ElementKind::wall), 10 * 14 * 4);
    EXPECT_LT(test::worst_overlap(building), 1e-9);
}

TEST(CollapseBuilding, NoOpeningsMeanSolidWallsWithoutGlass)
{
    BuildingPlan plan = test::sample_plan();
    plan.openings = 0;
    const Elements building = make_building(plan);
    EXPECT_EQ(count(building, ElementKind::glass), 0);
    EXPECT_EQ(count(building, ElementKind::wall), 10 * 14);
}

TEST(CollapseBuilding, FlatSlabsHaveNoBeamsAndHigherWalls)
{
    BuildingPlan plan = test::sample_plan();
    plan.beam_m = 0;
    plan.openings = 0;
    const Elements building = make_building(plan);
    EXPECT_EQ(count(building, ElementKind::beam), 0);
    for (const Element& element : building.elements)
        if (element.kind == ElementKind::wall) {
            EXPECT_NEAR(element.solid.points.back().y() - element.solid.points.front().y(), 2.75, 1e-9);
        }
}

TEST(CollapseBuilding, PartitionsAndCoreAndParapetCanBeLeftOut)
{
    BuildingPlan plan = test::sample_plan();
    plan.partitions = plan.core = plan.parapet_m = 0;
    const Elements building = make_building(plan);
    EXPECT_EQ(count(building, ElementKind::partition), 0);
    EXPECT_EQ(count(building, ElementKind::core), 0);
    EXPECT_EQ(count(building, ElementKind::parapet), 0);
    EXPECT_EQ(count(building, ElementKind::slab), 10 * 12);
}

TEST(CollapseBuildingRefusal, CrossingEdgesAreNamed)
{
    EXPECT_EQ(refusal(plan_on({{0, 0}, {10, 10}, {10, 0}, {0, 10}})),
              "building: the footprint crosses itself: the edge from (0, 0) to (10, 10) meets the edge from "
              "(10, 0) to (0, 10); "
              "list its corners in order around it");
}

TEST(CollapseBuildingRefusal, TooFewCornersOrNoArea)
{
    EXPECT_EQ(refusal(plan_on({{0, 0}, {10, 10}})), "building: the footprint has 2 corners; give three or more");
    EXPECT_EQ(refusal(plan_on({{0, 0}, {10, 10}, {20, 20}})),
              "building: the footprint has no area; its corners lie on one line");
    EXPECT_EQ(refusal(plan_on({{0, 0}, {10, 0}, {10, 0}, {0, 10}})),
              "building: the footprint's edge from (10, 0) to (10, 0) has no length; leave one corner out");
    EXPECT_EQ(refusal(plan_on({{0, 0}, {10, 0}, {std::numeric_limits<double>::quiet_NaN(), 1}})),
              "building: corner 3 of the footprint is not a pair of numbers");
}

TEST(CollapseBuildingRefusal, NoFloors)
{
    BuildingPlan plan = test::sample_plan();
    plan.floors = 0;
    EXPECT_EQ(refusal(plan), "building: 'floors' is 0; give 1 to 200");
}

TEST(CollapseBuildingRefusal, AllNumbersOutOfRangeAtOnce)
{
    BuildingPlan plan = test::sample_plan();
    plan.openings = 0.9;
    plan.wall_m = -1;
    plan.slab_m = std::numeric_limits<double>::quiet_NaN();
    const std::string text = refusal(plan);
    EXPECT_THAT(text, HasSubstr("building: 'openings' is 0.9; give 0 to 0.8"));
    EXPECT_THAT(text, HasSubstr("building: 'wall' is -1; give 0.05 to 3"));
    EXPECT_THAT(text, HasSubstr("building: 'slab' is nan; give 0.05 to 2"));
}

TEST(CollapseBuildingRefusal, BaysTooSmallForTheirColumns)
{
    BuildingPlan plan = test::sample_plan();
    plan.bay_m = 1.2;
    EXPECT_EQ(refusal(plan), "building: bays of 1.2 m are too small for columns of 0.45 m; give 'bay' at least 1.35");
}

TEST(CollapseBuildingRefusal, WallsThickerThanColumns)
{
    BuildingPlan plan = test::sample_plan();
    plan.wall_m = 0.5;
    EXPECT_EQ(refusal(plan),
              "building: walls of 0.5 m are thicker than the columns they stand between; give 'wall' at most 0.45");
}

TEST(CollapseBuildingRefusal, NoRoomUnderBeamsOrOverSills)
{
    BuildingPlan plan = test::sample_plan();
    plan.beam_m = 1.5;
    EXPECT_EQ(refusal(plan), "building: slab and beams leave 1.25 m of a storey's 3 m; at least 1.5 m are needed");
    plan = test::sample_plan();
    plan.sill_m = 2;
    EXPECT_EQ(refusal(plan),
              "building: sills 2 m high leave no room for windows; give 'sill' at most 1.95, or 'openings' 0");
}

TEST(CollapseBuildingRefusal, EdgesTooShortForTheirColumns)
{
    EXPECT_EQ(refusal(plan_on({{0, 0}, {20, 0}, {20, 10}, {19.8, 10.2}, {0, 10.2}})),
              "building: the footprint's edge from (20, 10) to (19.8, 10.2) is 0.28 m long, too short for "
              "the columns at its "
              "ends; leave out a corner or give a smaller 'column'");
}

TEST(CollapseBuildingRefusal, FootprintNarrowerThanItsWalls)
{
    EXPECT_THAT(refusal(plan_on({{0, 0}, {20, 0}, {20, 0.3}, {0, 0.3}})), HasSubstr("building: the footprint"));
}

}  // namespace
}  // namespace platefall::collapse
