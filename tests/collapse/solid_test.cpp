#include "collapse/solid.h"

#include "collapse/solid_checks.h"

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platefall::collapse {
namespace {

using Eigen::Matrix3d;
using Eigen::Vector2d;
using Eigen::Vector3d;
using test::closed;
using test::volume;

Matrix3d turned()
{
    return Eigen::AngleAxisd(0.7, Vector3d(1, 2, 3).normalized()).toRotationMatrix();
}

double surface(const Solid& solid)
{
    double sum = 0;
    for (const Solid::Face& face : solid.faces)
        sum += area_vector(solid, face).norm();
    return sum;
}

TEST(CollapseSolid, BoxHasTheInertiaOfTextbooksFarFromTheOriginToo)
{
    const Vector3d middle(1000, -2000, 500);
    const MassProperties shape = mass_properties(box(middle, {0.5, 1, 1.5}));
    EXPECT_NEAR(shape.volume_m3, 6, 1e-9);
    EXPECT_LT((shape.centre - middle).norm(), 1e-9);
    const Matrix3d expected = Vector3d(4 + 9, 1 + 9, 1 + 4).asDiagonal() * Matrix3d::Identity() * (6.0 / 12);
    EXPECT_LT((shape.inertia - expected).norm(), 1e-8) << shape.inertia;
}

TEST(CollapseSolid, InertiaTurnsWithTheBox)
{
    const Matrix3d upright = mass_properties(box({1, 2, 3}, {0.5, 1, 1.5})).inertia;
    const Matrix3d tilted = mass_properties(box({1, 2, 3}, {0.5, 1, 1.5}, turned())).inertia;
    EXPECT_LT((tilted - turned() * upright * turned().transpose()).norm(), 1e-12);
}

TEST(CollapseSolid, TetrahedronHasItsCentreAtTheMeanOfItsCorners)
{
    const Solid tetrahedron{.points = {{0, 0, 0}, {3, 0, 0}, {0, 3, 0}, {0, 0, 3}},
                            .faces = {{{0, 2, 1}}, {{0, 1, 3}}, {{0, 3, 2}}, {{1, 2, 3}}}};
    const MassProperties shape = mass_properties(tetrahedron);
    EXPECT_NEAR(shape.volume_m3, 4.5, 1e-12);
    EXPECT_LT((shape.centre - Vector3d::Constant(0.75)).norm(), 1e-12);
}

TEST(CollapseSolid, NothingWeighsNothing)
{
    EXPECT_EQ(mass_properties({}).volume_m3, 0);
}

TEST(CollapseSolid, FacesOfABoxPointOutwardEvenThroughAMirror)
{
    for (const Matrix3d& axes : {Matrix3d(Matrix3d::Identity()), turned(), Matrix3d(-turned())}) {
        const Solid solid = box({4, 5, 6}, {1, 2, 3}, axes);
        EXPECT_TRUE(closed(solid));
        EXPECT_NEAR(surface(solid), 2 * (8 + 12 + 24), 1e-12);
        for (const Solid::Face& face : solid.faces)
            EXPECT_GT(area_vector(solid, face).dot(solid.points[face.corners[0]] - Vector3d(4, 5, 6)), 0);
    }
}

TEST(CollapseSolid, PrismIsTheSameInEitherOrderOfItsCorners)
{
    std::vector<Vector2d> triangle{{0, 0}, {4, 0}, {0, -3}};
    for (int order = 0; order < 2; ++order) {
        const Solid solid = prism(triangle, 2, 5);
        EXPECT_TRUE(closed(solid));
        const MassProperties shape = mass_properties(solid);
        EXPECT_NEAR(shape.volume_m3, 18, 1e-12);
        EXPECT_LT((shape.centre - Vector3d(4.0 / 3, 3.5, -1)).norm(), 1e-12);
        std::ranges::reverse(triangle);
    }
}

TEST(CollapseSolid, ACutLeavesWhatIsBelowThePlane)
{
    const Solid half = clipped(box({0, 0, 0}, {1, 1, 1}), Vector3d(1, 1, 0).normalized(), 0, false);
    EXPECT_TRUE(closed(half));
    EXPECT_NEAR(volume(half), 4, 1e-12);
    EXPECT_EQ(half.points.size(), 6u) << "no point is left over from what was cut off";
    EXPECT_FALSE(half.faces.back().outer);
    EXPECT_NEAR(area_vector(half, half.faces.back()).norm(), 2 * std::numbers::sqrt2 * 2, 1e-12);
    EXPECT_GT(area_vector(half, half.faces.back()).x(), 0);
}

TEST(CollapseSolid, BothSidesOfManyCutsAddUpToTheWhole)
{
    Solid left = box({3, 4, 5}, {1, 2, 3}, turned());
    double cut_off = 0;
    for (int i = 0; i < 12; ++i) {
        const Vector3d normal = Vector3d(std::cos(i), std::sin(3.0 * i), std::cos(5.0 * i)).normalized();
        const double offset = normal.dot(Vector3d(3, 4, 5)) + 0.9;
        const Solid off = clipped(left, -normal, -offset, true);
        cut_off += volume(off);
        left = clipped(left, normal, offset, true);
        EXPECT_TRUE(closed(left));
        EXPECT_TRUE(off.faces.empty() || closed(off));
    }
    EXPECT_GT(cut_off, 1);
    EXPECT_NEAR(volume(left) + cut_off, 48, 1e-9);
}

TEST(CollapseSolid, APlaneBesideTheSolidTakesAllOrNothing)
{
    const Solid whole = box({0, 0, 0}, {1, 1, 1});
    EXPECT_EQ(clipped(whole, Vector3d::UnitX(), 1, false).faces.size(), 6u)
        << "a plane along a face adds no second one";
    EXPECT_EQ(clipped(whole, Vector3d::UnitX(), 1 - 1e-10, false).faces.size(), 6u) << "nor does one a hair inside";
    EXPECT_TRUE(clipped(whole, Vector3d::UnitX(), -1, false).faces.empty());
    EXPECT_TRUE(clipped(whole, Vector3d::UnitX(), -3, false).points.empty());
}

TEST(CollapseSolid, ACutThroughCornersMakesNoSliver)
{
    const Solid half = clipped(box({0, 0, 0}, {1, 1, 1}), Vector3d(1, 0, -1).normalized(), 0, true);
    EXPECT_TRUE(closed(half));
    EXPECT_EQ(half.points.size(), 6u);
    EXPECT_EQ(half.faces.size(), 5u);
}

}  // namespace
}  // namespace platefall::collapse
