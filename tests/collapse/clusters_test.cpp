#include "collapse/motion/bond_graph.h"
#include "collapse/motion/cluster.h"
#include "collapse/motion/collision_hull.h"
#include "collapse/motion/stress_breaking.h"

#include "collapse/block_structure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;
using testing::ElementsAre;

Structure row_of_five()
{
    return make_blocks({.counts = {5, 1, 1}, .size = {1, 0.5, 0.8}});
}

/// Of a cluster about the world's origin.
Vector3d angular_momentum(const Cluster& cluster)
{
    const Eigen::Matrix3d turn = cluster.pose.turn.toRotationMatrix();
    return turn * cluster.rest_inertia * turn.transpose() * cluster.pose.spin
           + cluster.mass_kg * cluster.pose.centre.cross(cluster.pose.velocity);
}

Cluster flying_row(const Structure& structure)
{
    Cluster row = make_cluster(structure, {0, 1, 2, 3, 4});
    row.pose.centre = {3, 8, -2};
    row.pose.turn = Eigen::AngleAxisd(0.7, Vector3d(1, 2, 3).normalized());
    row.pose.velocity = {4, -3, 1};
    row.pose.spin = {0.5, 2, -1};
    return row;
}

TEST(BondGraph, PartsAreInTheOrderOfTheirFirstPiece)
{
    const Structure row = row_of_five();
    BondGraph graph(row);
    EXPECT_THAT(graph.parts({0, 1, 2, 3, 4}), ElementsAre(ElementsAre(0, 1, 2, 3, 4)));
    graph.cut(1);                                        // between 1 and 2
    graph.cut(3);                                        // between 3 and 4
    EXPECT_THAT(graph.parts({0, 1, 2, 3, 4}), ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3), ElementsAre(4)));
}

TEST(BondGraph, PiecesThatAreNotAskedForConnectNothing)
{
    const Structure row = row_of_five();
    EXPECT_THAT(BondGraph(row).parts({0, 1, 3, 4}), ElementsAre(ElementsAre(0, 1), ElementsAre(3, 4)));
}

TEST(BondGraph, ARingHoldsUntilItIsCutTwice)
{
    const Structure ring = make_blocks({.counts = {2, 2, 1}});
    BondGraph graph(ring);
    graph.cut(0);
    EXPECT_EQ(graph.parts({0, 1, 2, 3}).size(), 1u);
    graph.cut(3);
    EXPECT_EQ(graph.parts({0, 1, 2, 3}).size(), 2u);
}

/// A held block, and three loose ones above it, as if they had come to rest.
TEST(Rubble, PassesOnWhatLiesOnIt)
{
    Structure structure = make_blocks({.counts = {1, 4, 1}, .anchored = true});
    structure.bonds.clear();
    const Failure none;
    const MotionSettings settings;
    Fall fall(structure, none, settings);
    const auto rests = [&](int piece, std::vector<int> on) {
        Cluster& cluster = fall.clusters[fall.cluster_of[piece]];
        cluster.footing = Footing::frozen;
        cluster.rests_on = std::move(on);
    };
    const double kg = structure.pieces[0].mass_kg;
    rests(1, {0});
    rests(2, {-1, 1});           // half of it on the ground
    rests(3, {2});
    EXPECT_NEAR(rubble_on(fall)[0], kg + (kg + kg) / 2, 1e-6);
    rests(3, {});                // nothing is known of what bears it
    EXPECT_NEAR(rubble_on(fall)[0], kg + kg / 2, 1e-6);
    for (const int piece : {1, 2, 3})
        EXPECT_EQ(rubble_on(fall)[piece], 0) << "only what stands is asked";
}

TEST(Cluster, BlocksWeighAndTurnLikeTheBoxThatTheyMake)
{
    const Cluster row = make_cluster(row_of_five(), {0, 1, 2, 3, 4});
    const double mass = 5 * 0.5 * 0.8 * 2400;
    EXPECT_NEAR(row.mass_kg, mass, 1e-9);
    EXPECT_TRUE(row.rest_centre.isApprox(Vector3d(2.5, 0.25, 0.4)));
    EXPECT_NEAR(row.rest_inertia(0, 0), mass / 12 * (0.25 + 0.64), 1e-6);
    EXPECT_NEAR(row.rest_inertia(1, 1), mass / 12 * (25 + 0.64), 1e-6);
    EXPECT_NEAR(row.rest_inertia(0, 1), 0, 1e-9);
}

TEST(Cluster, ASplitConservesMomentumAndEnergy)
{
    const Structure structure = row_of_five();
    const Cluster row = flying_row(structure);
    const Cluster left = make_part(structure, row, {0, 1}), right = make_part(structure, row, {2, 3, 4});

    const Vector3d momentum = left.mass_kg * left.pose.velocity + right.mass_kg * right.pose.velocity;
    EXPECT_TRUE(momentum.isApprox(row.mass_kg * row.pose.velocity, 1e-12));
    EXPECT_TRUE((angular_momentum(left) + angular_momentum(right)).isApprox(angular_momentum(row), 1e-12));
    EXPECT_NEAR(kinetic_energy(left) + kinetic_energy(right), kinetic_energy(row), 1e-9 * kinetic_energy(row));
}

TEST(Cluster, ASplitMovesNoPiece)
{
    const Structure structure = row_of_five();
    const Cluster row = flying_row(structure);
    const Cluster part = make_part(structure, row, {1, 4});
    for (const int piece : {1, 4}) {
        const Pose before = pose_of(row, structure.pieces[piece]), after = pose_of(part, structure.pieces[piece]);
        EXPECT_TRUE(after.centre.isApprox(before.centre, 1e-12));
        EXPECT_TRUE(after.velocity.isApprox(before.velocity, 1e-12));
        EXPECT_EQ(after.turn.coeffs(), before.turn.coeffs());
    }
}

TEST(Cluster, ABlowAtItsCentreOnlyMovesIt)
{
    Cluster row = flying_row(row_of_five());
    const Pose before = row.pose;
    push(row, row.pose.centre, {0, row.mass_kg, 0});
    EXPECT_TRUE(row.pose.velocity.isApprox(before.velocity + Vector3d(0, 1, 0)));
    EXPECT_TRUE(row.pose.spin.isApprox(before.spin));
}

TEST(Cluster, ABlowBesideItsCentreTurnsItToo)
{
    Cluster row = make_cluster(row_of_five(), {0, 1, 2, 3, 4});
    push(row, row.pose.centre + Vector3d(2.5, 0, 0), {0, 0, 1000});
    EXPECT_NEAR(row.pose.spin.y(), -2500 / row.rest_inertia(1, 1), 1e-9);
    EXPECT_NEAR(row.pose.spin.x(), 0, 1e-12);
}

TEST(Cluster, PosesHaveAPositiveRealPart)
{
    const Structure structure = row_of_five();
    Cluster row = flying_row(structure);
    row.pose.turn.coeffs() *= -1;
    EXPECT_GT(pose_of(row, structure.pieces[0]).turn.w(), 0);
}

double reach(const CollisionHull& hull, int axis)
{
    double most = 0;
    for (const Vector3d& point : hull.points)
        most = std::max(most, point[axis]);
    return most + hull.margin_m;
}

TEST(CollisionHull, IsSmallerOnEverySide)
{
    const CollisionHull hull = collision_hull(box({1, 2, 3}, {0.5, 0.4, 0.3}), {1, 2, 3}, 0.006, 1);
    EXPECT_NEAR(reach(hull, 0), 0.494, 1e-4);
    EXPECT_NEAR(reach(hull, 1), 0.394, 1e-4);
    EXPECT_NEAR(reach(hull, 2), 0.294, 1e-4);
}

TEST(CollisionHull, AGlassPaneKeepsSomeThickness)
{
    const CollisionHull hull = collision_hull(box({0, 0, 0}, {0.5, 0.5, 0.01}), {0, 0, 0}, 0.006, 1);
    EXPECT_GT(reach(hull, 2), 0.005);
    EXPECT_LE(reach(hull, 2), 0.01);
}

TEST(CollisionHull, ACrushedPieceIsScaled)
{
    const CollisionHull hull = collision_hull(box({0, 0, 0}, {0.5, 1, 0.5}), {0, 0, 0}, 0.006, 0.6);
    EXPECT_NEAR(reach(hull, 1), 0.594, 1e-4);
}

}  // namespace
}  // namespace platefall::collapse
