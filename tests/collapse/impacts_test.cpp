#include "collapse/motion/motion.h"

#include "collapse/block_structure.h"

#include <gtest/gtest.h>

namespace platefall::collapse {
namespace {

/// A wall panel of 6 x 4 blocks, its foot at `height`.
Structure panel(double height, double strength = 1)
{
    return make_blocks({.counts = {6, 4, 1}, .size = {0.8, 0.6, 0.25}, .low = {0, height, 0}, .strength = strength});
}

TEST(Impacts, AHighFallShatters)
{
    const Structure wall = panel(20);
    const Motion motion = simulate(wall, {}, {.frames = 60});
    EXPECT_GT(motion.broken.size(), wall.bonds.size() / 4);
    EXPECT_GT(motion.broken.front().time_s, 1.9);                // when it lands, not before
    EXPECT_LT(motion.broken.front().time_s, 2.1);
}

TEST(Impacts, AGentleLandingBreaksNothing)
{
    EXPECT_TRUE(simulate(panel(0.03), {}, {.frames = 48}).broken.empty());
}

TEST(Impacts, WhatRestsDoesNotCrumble)
{
    // A heap of strong slabs, put down one on the other; nothing may break while it sits for three seconds.
    Structure heap;
    for (int level = 0; level < 5; ++level) {
        const Blocks slab{.counts = {4, 1, 4}, .size = {0.8, 0.3, 0.8}, .low = {0.1 * level, 0.001 + 0.301 * level, 0}};
        Structure one = make_blocks(slab);
        for (Bond& bond : one.bonds) {
            bond.first += static_cast<int>(heap.pieces.size());
            bond.second += static_cast<int>(heap.pieces.size());
            heap.bonds.push_back(bond);
        }
        for (Piece& piece : one.pieces) {
            piece.element = level;
            heap.pieces.push_back(piece);
        }
        heap.elements.push_back(one.elements[0]);
    }
    const Motion motion = simulate(heap, {}, {.frames = 72});
    EXPECT_TRUE(motion.broken.empty());
    for (const Pose& pose : motion.poses.back())
        EXPECT_LT(pose.velocity.norm(), 0.05);
}

TEST(Impacts, AStrongerPanelBreaksLess)
{
    const auto broken = [](double strength) { return simulate(panel(3, strength), {}, {.frames = 48}).broken.size(); };
    EXPECT_LT(broken(30), broken(0.3));
}

TEST(Impacts, AWeightThatDropsOnABuildingBreaksIt)
{
    Structure building = make_frame_building({.floors = 1, .bays = {1, 1}});
    add_box_piece(building, {-1, 15, -1}, {1, 17, 1}, ElementKind::block, Material::concrete, 0);
    const Motion motion = simulate(building, {}, {.frames = 60});
    EXPECT_GT(motion.broken.size(), 3u);
    EXPECT_LT(motion.poses.back().back().centre.y(), 2.5);       // through the slab
}

TEST(Impacts, AWeightThatIsPutDownGentlyStays)
{
    Structure building = make_frame_building({.floors = 1, .bays = {1, 1}, .cells = 1, .strength = 3});
    add_box_piece(building, {-0.5, 3.02, -0.5}, {0.5, 3.5, 0.5}, ElementKind::block, Material::concrete, 0);
    const Motion motion = simulate(building, {}, {.frames = 72});
    EXPECT_TRUE(motion.broken.empty());
    EXPECT_NEAR(motion.poses.back().back().centre.y(), 3.24, 0.03);
}

TEST(Impacts, AWeightTooHeavyForTheSlabBreaksItWithoutABlow)
{
    Structure building = make_frame_building({.floors = 1, .bays = {1, 1}, .strength = 0.3});
    add_box_piece(building, {-2, 3.02, -2}, {2, 6, 2}, ElementKind::block, Material::concrete, 0);
    const Motion motion = simulate(building, {}, {.frames = 96});
    EXPECT_FALSE(motion.broken.empty());
    EXPECT_LT(motion.poses.back().back().centre.y(), 4);
}

}  // namespace
}  // namespace platefall::collapse
