#include "collapse/building/building.h"

#include "base/files.h"
#include "collapse/building/closed_parts.h"
#include "collapse/building/convex_cut.h"
#include "collapse/building/polygon.h"
#include "collapse/fracture/fracture.h"
#include "collapse/solid_checks.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace platefall::collapse {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;
using testing::HasSubstr;

/// Upright walls over any simple polygon, counter-clockwise in (x, z), with floor and ceiling in triangles.
std::vector<Triangle> tower(const Polygon& ring, double bottom, double top)
{
    std::vector<Triangle> triangles;
    const auto at = [](const Vector2d& point, double height) { return Vector3d(point.x(), height, point.y()); };
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vector2d &a = ring[i], &b = ring[(i + 1) % ring.size()];
        triangles.push_back({at(a, bottom), at(a, top), at(b, top)});
        triangles.push_back({at(a, bottom), at(b, top), at(b, bottom)});
    }
    return triangles;
}

/// Floor and ceiling as a fan from the first corner, from which all others must be seen.
std::vector<Triangle> closed_tower(const Polygon& ring, double bottom, double top)
{
    std::vector<Triangle> triangles = tower(ring, bottom, top);
    const auto at = [](const Vector2d& point, double height) { return Vector3d(point.x(), height, point.y()); };
    for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
        triangles.push_back({at(ring[0], bottom), at(ring[i], bottom), at(ring[i + 1], bottom)});
        triangles.push_back({at(ring[0], top), at(ring[i + 1], top), at(ring[i], top)});
    }
    return triangles;
}

std::vector<Triangle> cube(const Vector3d& low, const Vector3d& high)
{
    return closed_tower({{low.x(), low.z()}, {high.x(), low.z()}, {high.x(), high.z()}, {low.x(), high.z()}}, low.y(),
                        high.y());
}

Polygon l_shape()
{
    return {{4, 4}, {4, 10}, {0, 10}, {0, 0}, {10, 0}, {10, 4}};
}

std::vector<Triangle> joined(std::vector<Triangle> first, const std::vector<Triangle>& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

class CollapseMesh : public testing::Test {
protected:
    Elements read(const std::vector<Triangle>& triangles, int floors = 1)
    {
        std::string text = "o tower\n";
        for (const Triangle& triangle : triangles)
            for (const Vector3d& point : triangle)
                text += fmt::format("v {:.9g} {:.9g} {:.9g}\n", point.x(), point.y(), point.z());
        for (std::size_t i = 0; i < triangles.size(); ++i)
            text += fmt::format("f {} {} {}\n", 3 * i + 1, 3 * i + 2, 3 * i + 3);
        write_file_atomically(path_, text);
        return read_building(path_, Vector3d::Zero(), floors, Material::masonry);
    }
    std::string refusal(const std::vector<Triangle>& triangles)
    {
        return platefall::test::error_of([&] { read(triangles); });
    }

    platefall::test::TempFolder folder_;
    std::filesystem::path path_ = folder_ / "tower.obj";
};

TEST_F(CollapseMesh, AConvexPartStaysWhole)
{
    const Elements building = read(cube({0, 0, 0}, {4, 3, 2}));
    ASSERT_EQ(building.elements.size(), 1u);
    EXPECT_EQ(building.elements[0].solid.faces.size(), 6u) << "two triangles are one face";
    EXPECT_NEAR(test::volume(building.elements[0].solid), 24, 1e-9);
    EXPECT_EQ(building.elements[0].material, Material::masonry);
}

TEST_F(CollapseMesh, AConcavePartIsCutIntoConvexOnesThatAreBonded)
{
    const Elements building = read(closed_tower(l_shape(), 0, 6));
    ASSERT_EQ(building.elements.size(), 2u);
    double broken = 0;
    for (const Element& element : building.elements) {
        EXPECT_TRUE(test::closed(element.solid));
        EXPECT_LT(test::dent(element.solid), 1e-9);
        for (const Solid::Face& face : element.solid.faces)
            broken += face.outer ? 0 : area_vector(element.solid, face).norm();
    }
    EXPECT_NEAR(broken, 4 * 6, 1e-6) << "the side that was never surface; the other one mostly was";
    EXPECT_NEAR(test::total_volume(building), 64 * 6, 1e-6);
    EXPECT_LT(test::worst_overlap(building), 1e-9);

    FractureSettings whole;
    whole.size_m = 1000;
    const Structure structure = fracture(building, 0, whole);
    ASSERT_EQ(structure.bonds.size(), 1u);
    EXPECT_NEAR(structure.bonds[0].area_m2, 4 * 6, 1e-6);
}

TEST_F(CollapseMesh, ARingIsCutOpen)
{
    // A square tube: outer walls, inner walls that look inward, and rings of four quads above and below.
    const Polygon outer{{0, 0}, {6, 0}, {6, 6}, {0, 6}}, inner{{2, 2}, {4, 2}, {4, 4}, {2, 4}};
    std::vector<Triangle> tube = tower(outer, 0, 3);
    for (Triangle triangle : tower(inner, 0, 3)) {
        std::swap(triangle[1], triangle[2]);
        tube.push_back(triangle);
    }
    for (std::size_t i = 0; i < 4; ++i) {
        const Vector2d a = outer[i], b = outer[(i + 1) % 4], c = inner[(i + 1) % 4], d = inner[i];
        for (double y : {0.0, 3.0}) {
            Triangle one{Vector3d(a.x(), y, a.y()), Vector3d(b.x(), y, b.y()), Vector3d(c.x(), y, c.y())};
            Triangle two{Vector3d(a.x(), y, a.y()), Vector3d(c.x(), y, c.y()), Vector3d(d.x(), y, d.y())};
            if (y > 0) {
                std::swap(one[1], one[2]);
                std::swap(two[1], two[2]);
            }
            tube.push_back(one);
            tube.push_back(two);
        }
    }
    const Elements building = read(tube);
    EXPECT_EQ(building.elements.size(), 4u);
    EXPECT_NEAR(test::total_volume(building), (36 - 4) * 3, 1e-6);
    EXPECT_LT(test::worst_overlap(building), 1e-9);
}

TEST_F(CollapseMesh, BodiesThatTouchInOneObjectStayApart)
{
    const Elements building = read(joined(cube({0, 0, 0}, {4, 3, 4}), cube({0, 3, 0}, {4, 6, 4})), 2);
    ASSERT_EQ(building.elements.size(), 2u);
    EXPECT_NEAR(test::volume(building.elements[0].solid), 48, 1e-6);
    EXPECT_NEAR(test::volume(building.elements[1].solid), 48, 1e-6);
    EXPECT_EQ(building.elements[0].floor, 0);
    EXPECT_EQ(building.elements[1].floor, 1);
}

TEST_F(CollapseMesh, AnInsideOutPartIsTurned)
{
    std::vector<Triangle> triangles = cube({0, 0, 0}, {4, 3, 2});
    for (Triangle& triangle : triangles)
        std::swap(triangle[1], triangle[2]);
    EXPECT_NEAR(test::total_volume(read(triangles)), 24, 1e-6);
}

TEST_F(CollapseMesh, FloorsDivideTheHeightAndTheFootprintIsTheHull)
{
    read(closed_tower(l_shape(), 0, 6));
    const Elements building = read_building(path_, {100, 2, -5}, 3, Material::concrete);
    ASSERT_EQ(building.storeys.size(), 3u);
    EXPECT_NEAR(building.storeys[0].bottom_m, 2, 1e-6);
    EXPECT_NEAR(building.storeys[1].top_m, 6, 1e-6);
    EXPECT_NEAR(building.storeys[1].area_m2, 100 - 18, 1e-6);
    EXPECT_EQ(building.footprint.size(), 5u);
    EXPECT_TRUE(contains(building.footprint, {101, -4}));
}

TEST_F(CollapseMesh, ARoundTurretIsOneConvexPart)
{
    Polygon ring;
    for (int i = 0; i < 24; ++i)
        ring.emplace_back(5 * std::cos(i * std::numbers::pi / 12), 5 * std::sin(i * std::numbers::pi / 12));
    const Elements building = read(closed_tower(ring, 0, 9));
    ASSERT_EQ(building.elements.size(), 1u);
    EXPECT_EQ(building.elements[0].solid.faces.size(), 26u);
    EXPECT_NEAR(test::total_volume(building), 12 * 25 * std::sin(std::numbers::pi / 12) * 9, 1e-2);
}

TEST_F(CollapseMesh, APartWithAHoleIsNamedWithItsOpenEdges)
{
    std::vector<Triangle> open = cube({0, 0, 0}, {4, 3, 2});
    open.pop_back();
    EXPECT_EQ(refusal(open),
              fmt::format("building: part 'tower' of '{}' is not closed: 3 of its edges are open; close its holes",
                          path_.string()));
    EXPECT_EQ(
        refusal(joined(cube({9, 0, 0}, {12, 3, 2}), open)),
        fmt::format(
            "building: part 'tower' (number 2 of 2) of '{}' is not closed: 3 of its edges are open; close "
            "its holes",
            path_.string()));
}

TEST_F(CollapseMesh, ATurnedFaceIsRefused)
{
    std::vector<Triangle> turned = cube({0, 0, 0}, {4, 3, 2});
    std::swap(turned[0][1], turned[0][2]);
    EXPECT_EQ(refusal(turned),
              fmt::format("building: part 'tower' of '{}' has faces turned inside out along 3 of its edges; make its "
                          "normals point outward",
                          path_.string()));
}

TEST_F(CollapseMesh, AFigureOfEightIsRefused)
{
    EXPECT_THAT(refusal(closed_tower({{0, 0}, {4, 3}, {4, 0}, {0, 4}}, 0, 3)),
                testing::StartsWith("building: part 'tower' of '"));
}

TEST_F(CollapseMesh, AMissingOrEmptyFileIsRefused)
{
    EXPECT_THAT(
        platefall::test::error_of(
            [&] { read_building(folder_ / "no.obj", Vector3d::Zero(), 1, Material::concrete); }),
        HasSubstr(fmt::format("building: cannot read the mesh '{}': ", (folder_ / "no.obj").string())));
    write_file_atomically(path_, std::string_view("o nothing\nv 0 0 0\n"));
    EXPECT_THAT(platefall::test::error_of([&] { read_building(path_, Vector3d::Zero(), 1, Material::concrete); }),
                HasSubstr("building: "));
    EXPECT_EQ(platefall::test::error_of([&] { read_building(path_, Vector3d::Zero(), 0, Material::concrete); }),
              "building: 'floors' is 0; give 1 or more");
}

TEST(CollapseConvexCut, ASpikyPartIsGivenUpRatherThanCutIntoHundreds)
{
    Polygon star;
    for (int i = 0; i < 40; ++i) {
        const double radius = i % 2 ? 5 : 9, angle = i * std::numbers::pi / 20;
        star.emplace_back(radius * std::cos(angle), radius * std::sin(angle));
    }
    std::vector<Triangle> triangles = tower(star, 0, 3);
    for (std::size_t i = 0; i < star.size(); ++i) {
        const Vector2d &a = star[i], &b = star[(i + 1) % star.size()];
        triangles.push_back({Vector3d::Zero(), Vector3d(a.x(), 0, a.y()), Vector3d(b.x(), 0, b.y())});
        triangles.push_back({Vector3d(0, 3, 0), Vector3d(b.x(), 3, b.y()), Vector3d(a.x(), 3, a.y())});
    }
    EXPECT_TRUE(convex_solids(triangles, 5).empty());
    double volume = 0;
    for (const Solid& solid : convex_solids(triangles, 500))
        volume += test::volume(solid);
    EXPECT_NEAR(volume, enclosed_volume(triangles), 1e-6);
}

}  // namespace
}  // namespace platefall::collapse
