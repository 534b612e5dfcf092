#include "collapse/rubble.h"

#include "collapse/small_building.h"

#include <gtest/gtest.h>

#include <numeric>

namespace platefall::collapse {
namespace {

const DustGrid kGrid{.low = {-8, 0, -8}, .cell_m = 0.5, .cells = {32, 32, 32}};

std::size_t block(double x, double y, double z)
{
    const auto at = [](double value, double low) { return static_cast<std::size_t>(value - low); };   // blocks of 1 m
    return (at(z, -8) * 16 + at(y, 0)) * 16 + at(x, -8);
}

/// One solid block of 4 x 4 x 4 m on the ground.
Structure boulder()
{
    Structure structure;
    structure.elements.push_back({.solid = box({0, 2, 0}, {2, 2, 2})});
    Piece piece;
    piece.solid = structure.elements[0].solid;
    piece.shape = mass_properties(piece.solid);
    piece.mass_kg = 2400 * piece.shape.volume_m3;
    structure.pieces.push_back(piece);
    return structure;
}

TEST(CollapseRubble, ASolidPieceFillsTheCellsThatItCovers)
{
    const Structure structure = boulder();
    const DustSolids solids = Rubble(structure, {}, kGrid).solids(test::at_rest(structure));
    EXPECT_EQ(std::accumulate(solids.solid.begin(), solids.solid.end(), 0), 4 * 4 * 4);
    EXPECT_TRUE(solids.solid[block(-1.5, 0.5, -1.5)]);
    EXPECT_TRUE(solids.solid[block(1.5, 3.5, 1.5)]);
    EXPECT_FALSE(solids.solid[block(2.5, 0.5, 0.5)]);
}

TEST(CollapseRubble, ItsCellsMoveAsItDoes)
{
    const Structure structure = boulder();
    std::vector<Pose> poses = test::at_rest(structure);
    poses[0].velocity = {0, -3, 0};
    poses[0].spin = {0, 1, 0};
    const DustSolids solids = Rubble(structure, {}, kGrid).solids(poses);
    const auto velocity = solids.velocity[block(1.5, 2.5, 0.5)];
    EXPECT_NEAR(velocity[0], 0.5, 0.05) << "w x r";
    EXPECT_NEAR(velocity[1], -3, 1e-5);
    EXPECT_NEAR(velocity[2], -1.5, 0.05);
}

TEST(CollapseRubble, RoomsAreClosedAndTheAirOutsideIsNot)
{
    const Structure structure = test::small_structure();   // x -5..5, z 0..5, three storeys of 3 m
    const DustSolids solids = Rubble(structure, {}, kGrid).solids(test::at_rest(structure));
    for (const double y : {0.5, 1.5, 4.5, 7.5})
        EXPECT_TRUE(solids.solid[block(1.5, y, 2.5)]) << y;
    EXPECT_FALSE(solids.solid[block(1.5, 11.5, 2.5)]) << "over the roof";
    EXPECT_FALSE(solids.solid[block(1.5, 1.5, 5.5)]) << "before the wall";
    EXPECT_FALSE(solids.solid[block(6.5, 1.5, 2.5)]);
}

TEST(CollapseRubble, AShaftIsClosedAndAYardIsNot)
{
    Structure structure;                                                            // four walls, 6 m high, about 4 x 4 m
    structure.footprint = {{-4, -4}, {4, -4}, {4, 4}, {-4, 4}};
    const auto add = [&](const Eigen::Vector3d& middle, const Eigen::Vector3d& half) {
        structure.elements.push_back({.solid = box(middle, half)});
        Piece piece{.solid = structure.elements.back().solid, .element = static_cast<int>(structure.elements.size()) - 1, .shape = {}};
        piece.shape = mass_properties(piece.solid);
        structure.pieces.push_back(piece);
    };
    add({-3, 3, 0}, {1, 3, 4});
    add({3, 3, 0}, {1, 3, 4});
    add({0, 3, -3}, {2, 3, 1});
    EXPECT_FALSE(Rubble(structure, {}, kGrid).solids(test::at_rest(structure)).solid[block(0.5, 2.5, 0.5)])
        << "open on one side";
    add({0, 3, 3}, {2, 3, 1});
    const DustSolids solids = Rubble(structure, {}, kGrid).solids(test::at_rest(structure));
    EXPECT_TRUE(solids.solid[block(0.5, 2.5, 0.5)]);
    EXPECT_FALSE(solids.solid[block(0.5, 6.5, 0.5)]) << "over it";
    structure.footprint.clear();
    EXPECT_FALSE(Rubble(structure, {}, kGrid).solids(test::at_rest(structure)).solid[block(0.5, 2.5, 0.5)])
        << "a heap beside the building";
}

TEST(CollapseRubble, WhatFallsPastTheBuildingClosesNothing)
{
    const Structure structure = test::small_structure();
    std::vector<Pose> poses = test::at_rest(structure);
    int moved = 0;
    for (std::size_t i = 0; i < poses.size(); ++i)                                 // walls, beside it and one above the other
        if (structure.elements[static_cast<std::size_t>(structure.pieces[i].element)].kind == ElementKind::wall)
            poses[i].centre = {6.5, 0.5 + 1.5 * (moved++ % 6), 2.5};
    ASSERT_GE(moved, 6);
    const DustSolids solids = Rubble(structure, {}, kGrid).solids(poses);
    int closed = 0;
    for (double y = 0.5; y < 9; y += 1)
        closed += solids.solid[block(6.5, y, 2.5)];
    EXPECT_LT(closed, 9) << "it is no stack of rooms";
}

TEST(CollapseRubble, ARoomMovesAsTheFloorsAboveAndBelowIt)
{
    const Structure structure = test::small_structure();
    std::vector<Pose> poses = test::at_rest(structure);
    for (Pose& pose : poses)
        if (pose.centre.y() > 5.5)
            pose.velocity = {0, -4, 0};
    const DustSolids solids = Rubble(structure, {}, kGrid).solids(poses);
    EXPECT_NEAR(solids.velocity[block(1.5, 7.5, 2.5)][1], -4, 0.1);
    EXPECT_LT(solids.velocity[block(1.5, 4.5, 2.5)][1], -0.5) << "it is crushed";
    EXPECT_GT(solids.velocity[block(1.5, 4.5, 2.5)][1], -3.5);
    EXPECT_NEAR(solids.velocity[block(1.5, 1.5, 2.5)][1], 0, 0.1);
}

TEST(CollapseRubble, PiecesFarApartCloseNothing)
{
    const Structure structure = test::small_structure();
    std::vector<Pose> poses = test::at_rest(structure);
    for (Pose& pose : poses)
        pose.centre.y() = pose.centre.y() > 8 ? 14 : -50;   // the roof alone, in the air
    const DustSolids solids = Rubble(structure, {}, kGrid).solids(poses);
    EXPECT_FALSE(solids.solid[block(1.5, 3.5, 2.5)]);
    EXPECT_FALSE(solids.solid[block(1.5, 11.5, 2.5)]);
}

TEST(CollapseRubble, ObstaclesStandStill)
{
    const Structure structure = boulder();
    const DustSolids solids = Rubble(structure, {{{4, 0, 4}, {8, 10, 8}}}, kGrid).solids(test::at_rest(structure));
    EXPECT_TRUE(solids.solid[block(5.5, 9.5, 5.5)]);
    EXPECT_FALSE(solids.solid[block(5.5, 10.5, 5.5)]);
    EXPECT_EQ(solids.velocity[block(5.5, 9.5, 5.5)], (std::array<float, 3>{}));
}

}  // namespace
}  // namespace platefall::collapse
