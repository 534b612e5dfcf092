#include "collapse/motion/motion.h"

#include "collapse/fracture/fracture.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace platefall::collapse {
namespace {

/// Five storeys with walls, windows, a core and partitions, broken into real pieces.
Structure real_building(double strength)
{
    BuildingPlan plan;
    plan.footprint = {{-7.5, 0}, {7.5, 0}, {7.5, -10}, {-7.5, -10}};
    plan.floors = 5;
    FractureSettings settings;
    settings.size_m = 1.6;
    settings.strength = strength;
    settings.seed = 11;
    return fracture(make_building(plan), 0, settings);
}

/// Mean height of the slab over the uppermost floor, in m.
double roof_height(const Structure& structure, const std::vector<Pose>& poses)
{
    double sum = 0, mass = 0;
    for (std::size_t piece = 0; piece < poses.size(); ++piece) {
        const Element& element = structure.elements[structure.pieces[piece].element];
        if (element.kind == ElementKind::slab && element.floor == 4) {
            sum += structure.pieces[piece].mass_kg * poses[piece].centre.y();
            mass += structure.pieces[piece].mass_kg;
        }
    }
    return sum / mass;
}

void expect_energy_never_grows(const Motion& motion)
{
    for (std::size_t frame = 1; frame < motion.energy_J.size(); ++frame)
        EXPECT_LE(motion.energy_J[frame], motion.energy_J[frame - 1] + 0.002 * motion.energy_J[0]) << "frame " << frame;
}

TEST(FallOfABuilding, IntactItStandsForTenSecondsToTheLastBit)
{
    const Structure building = real_building(1);
    const Motion motion = simulate(building, {}, {.frames = 241});
    EXPECT_TRUE(motion.broken.empty());
    for (std::size_t piece = 0; piece < building.pieces.size(); ++piece)
        EXPECT_EQ(motion.poses.back()[piece].centre, building.pieces[piece].shape.centre);
}

TEST(FallOfABuilding, BelowAFifthOfItsStrengthItFallsUnaided)
{
    const Structure building = real_building(0.15);
    const Motion motion = simulate(building, {}, {.frames = 97});
    EXPECT_LT(roof_height(building, motion.poses.back()), 0.6 * roof_height(building, motion.poses.front()));
    expect_energy_never_grows(motion);
}

TEST(FallOfABuilding, AtHalfItsStrengthItFallsThroughWhenAStoreyIsCutAway)
{
    const Structure building = real_building(0.45);
    const Motion stands = simulate(building, {}, {.frames = 49});
    EXPECT_TRUE(stands.broken.empty());

    const Motion motion = simulate(building, {.deadlines = {{.floor = 2, .time_s = 0}}}, {.frames = 73});
    const double start = roof_height(building, motion.poses.front());
    const double fallen = start - roof_height(building, motion.poses[30]);                // after 1.25 s
    const double free = 9.81 * 1.25 * 1.25 / 2;
    EXPECT_GT(fallen, 0.3 * free);
    EXPECT_LT(fallen, 0.95 * free);
    EXPECT_LT(roof_height(building, motion.poses.back()), 0.4 * start);                   // what was below failed too
    expect_energy_never_grows(motion);
}

TEST(FallOfABuilding, ItsRubbleIsALowHeapAboutItsFootprintAndLiesStill)
{
    const Structure building = real_building(0.45);
    const Motion motion = simulate(building, {.deadlines = {{.floor = 0, .time_s = 0}}}, {.frames = 145});
    double volume = 0, mean_height = 0, near = 0;
    std::size_t moving = 0;
    for (std::size_t piece = 0; piece < building.pieces.size(); ++piece) {
        const double part = building.pieces[piece].shape.volume_m3;
        const Eigen::Vector3d& centre = motion.poses.back()[piece].centre;
        volume += part;
        mean_height += part * centre.y();
        near += part * (std::abs(centre.x()) < 14 && std::abs(centre.z() + 5) < 11.5);
        EXPECT_GT(centre.y(), -0.1);
        moving += motion.poses.back()[piece].velocity != Eigen::Vector3d::Zero();
    }
    const double solid_depth = volume / 150;                                              // over the footprint
    EXPECT_GT(mean_height / volume, 0.3 * solid_depth);
    EXPECT_LT(mean_height / volume, 2.0 * solid_depth);
    EXPECT_GT(near / volume, 0.9);
    EXPECT_LT(moving, building.pieces.size() / 10) << "six seconds after";
}

}  // namespace
}  // namespace platefall::collapse
