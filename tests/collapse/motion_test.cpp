#include "collapse/motion/motion.h"

#include "base/parallel.h"
#include "collapse/block_structure.h"
#include "collapse/motion/sleeping.h"

#include <platefall/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numbers>
#include <set>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;
using testing::Each;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr double kGravity = 9.81;

Structure one_block(double height)
{
    return make_blocks({.size = {1, 0.8, 0.6}, .low = {0, height, 0}});
}

void expect_energy_never_grows(const Motion& motion)
{
    for (std::size_t frame = 1; frame < motion.energy_J.size(); ++frame)
        EXPECT_LE(motion.energy_J[frame], motion.energy_J[frame - 1] + 0.002 * motion.energy_J[0]) << "frame " << frame;
}

void expect_same_bits(const Motion& a, const Motion& b)
{
    ASSERT_EQ(a.poses.size(), b.poses.size());
    for (std::size_t frame = 0; frame < a.poses.size(); ++frame)
        for (std::size_t piece = 0; piece < a.poses[frame].size(); ++piece) {
            const Pose &one = a.poses[frame][piece], &other = b.poses[frame][piece];
            ASSERT_EQ(one.centre, other.centre) << "frame " << frame << " piece " << piece;
            ASSERT_EQ(one.turn.coeffs(), other.turn.coeffs()) << "frame " << frame << " piece " << piece;
            ASSERT_EQ(one.velocity, other.velocity) << "frame " << frame << " piece " << piece;
        }
    ASSERT_EQ(a.broken.size(), b.broken.size());
    for (std::size_t i = 0; i < a.broken.size(); ++i)
        ASSERT_EQ(a.broken[i].bond, b.broken[i].bond);
    ASSERT_EQ(a.impacts.size(), b.impacts.size());
    for (std::size_t i = 0; i < a.impacts.size(); ++i)
        ASSERT_EQ(a.impacts[i].energy_J, b.impacts[i].energy_J);
    EXPECT_EQ(a.energy_J, b.energy_J);
}

double highest(const std::vector<Pose>& poses)
{
    double most = -1e9;
    for (const Pose& pose : poses)
        most = std::max(most, pose.centre.y());
    return most;
}

/// Mean height of the pieces of the uppermost floor.
double roof_height(const Structure& structure, const std::vector<Pose>& poses)
{
    const int top = structure.elements.back().floor;
    double sum = 0;
    int count = 0;
    for (std::size_t piece = 0; piece < poses.size(); ++piece) {
        const Element& element = structure.elements[structure.pieces[piece].element];
        if (element.floor == top && element.kind == ElementKind::slab) {
            sum += poses[piece].centre.y();
            ++count;
        }
    }
    return sum / count;
}

/// A charge at mid height of every column of a floor.
std::vector<Charge> charges_on(const FrameBuilding& plan, int floor, double time_s, double most_x = 1e9)
{
    std::vector<Charge> result;
    for (int i = 0; i <= plan.bays[0]; ++i)
        for (int k = 0; k <= plan.bays[1]; ++k) {
            const Vector3d place(5.0 * i - 2.5 * plan.bays[0], 3.0 * floor + 1.4, 5.0 * k - 2.5 * plan.bays[1]);
            if (place.x() < most_x)
                result.push_back({.time_s = time_s, .place = place});
        }
    return result;
}

TEST(Fall, ABlockFallsAsGalileoSays)
{
    const Structure block = one_block(40);
    const Motion motion = simulate(block, {}, {.frames = 49});
    ASSERT_EQ(motion.poses.size(), 49u);
    for (int frame = 0; frame < 49; ++frame) {
        const double t = frame / 24.0;
        const double fallen = 40.4 - motion.poses[frame][0].centre.y();
        EXPECT_NEAR(fallen, kGravity * t * t / 2, kGravity * t / 120);      // one step of a symplectic integrator
        EXPECT_NEAR(motion.poses[frame][0].velocity.y(), -kGravity * t, 1e-6);
    }
    expect_energy_never_grows(motion);
}

TEST(Fall, SlowMotionShowsTheSameFall)
{
    const Motion motion = simulate(one_block(40), {}, {.frames = 97, .time_scale = 0.5});
    EXPECT_NEAR(40.4 - motion.poses[96][0].centre.y(), kGravity * 4 / 2, kGravity * 2 / 120);
}

TEST(Fall, ABlockThatLandsGivesItsEnergyToTheImpact)
{
    const Structure block = one_block(10);
    const Motion motion = simulate(block, {}, {.frames = 72});
    double dissipated = 0;
    for (const Impact& impact : motion.impacts)
        dissipated += impact.energy_J;
    const double fallen = block.pieces[0].mass_kg * kGravity * 10;
    EXPECT_NEAR(dissipated, fallen, 0.1 * fallen);
    EXPECT_NEAR(motion.poses.back()[0].centre.y(), 0.4, 0.03);
    EXPECT_EQ(motion.poses.back()[0].velocity, Vector3d::Zero());           // asleep
}

TEST(Fall, AToppleFollowsTheAnalyticPivot)
{
    // A rod of five blocks stands on its edge, leaning by 15 degrees; strong as steel.
    constexpr double kWide = 1, kTall = 10, kLean = 15 * std::numbers::pi / 180;
    const Eigen::Matrix3d axes = Eigen::AngleAxisd(-kLean, Vector3d::UnitZ()).toRotationMatrix();
    Structure rod = make_blocks({.counts = {1, 5, 1}, .size = {kWide, kTall / 5, 1}, .strength = 1e6});
    for (int i = 0; i < 5; ++i) {
        Piece& piece = rod.pieces[i];
        const Vector3d middle = axes * Vector3d(-kWide / 2, (i + 0.5) * kTall / 5, 0);
        piece.solid = box(middle, {kWide / 2, kTall / 10, 0.5}, axes);
        piece.shape = mass_properties(piece.solid);
        if (i < 4) {
            rod.bonds[i].middle = axes * Vector3d(-kWide / 2, (i + 1) * kTall / 5, 0);
            rod.bonds[i].normal = axes.col(1);
        }
    }
    const Motion motion = simulate(rod, {}, {.frames = 60, .collision_shrink_m = 0.0005});
    EXPECT_TRUE(motion.broken.empty());

    // (h^2 + w^2) / 3 a'' = g d sin(a), with a and d of the diagonal from the edge to the centre of mass.
    const double diagonal = std::hypot(kWide, kTall) / 2;
    double angle = kLean - std::atan2(kWide, kTall), speed = 0;
    for (int frame = 1; frame < 60; ++frame) {
        for (int i = 0; i < 1000; ++i) {
            speed += kGravity * diagonal * std::sin(angle) * 3 / (kWide * kWide + kTall * kTall) / 24000;
            angle += speed / 24000;
        }
        const double lean = angle + std::atan2(kWide, kTall);
        if (lean > std::numbers::pi / 3)
            break;
        const Vector3d up = motion.poses[frame][2].turn * axes.col(1);
        EXPECT_NEAR(std::atan2(up.x(), up.y()), lean, 0.03 * lean) << "frame " << frame;
    }
    EXPECT_GT(angle, 0.9);                                                  // the comparison went that far
    expect_energy_never_grows(motion);
}

TEST(Fall, WhatLiesOnSomethingThatTurnsSlowlyGoesWithIt)
{
    // A turntable twelve metres wide, and a small block near its middle, slow enough to look as if it lay still.
    constexpr double kTurns_1_s = 0.16;
    Structure structure = make_blocks({.size = {12, 1, 12}, .low = {-6, 0, -6}});
    const Structure block = make_blocks({.size = {0.6, 0.6, 0.6}, .low = {1.2, 1.0, -0.3}});
    structure.elements.push_back(block.elements[0]);
    structure.pieces.push_back(block.pieces[0]);
    structure.pieces[1].element = 1;
    const Failure none;
    const MotionSettings settings;
    Fall fall(structure, none, settings);
    for (int step = 0; step < 120; ++step) {
        Cluster& table = fall.clusters[fall.cluster_of[0]];
        table.pose.velocity.setZero();
        table.pose.spin = {0, kTurns_1_s, 0};
        fall.world.move_with(table.body, table.pose);
        fall.advance(1.0 / 120);
        settle(fall, 1.0 / 120);
    }
    EXPECT_EQ(fall.cluster(1).footing, Footing::moving);
    const Vector3d place = fall.cluster(1).pose.centre;
    EXPECT_NEAR(std::atan2(-place.z(), place.x()), kTurns_1_s, 0.3 * kTurns_1_s);
}

TEST(Fall, ABlockRestsOnAnObstacle)
{
    MotionSettings settings{.frames = 48};
    settings.obstacles.push_back({.low = {-2, 0, -2}, .high = {3, 4, 3}});
    const Motion motion = simulate(one_block(6), {}, settings);
    EXPECT_NEAR(motion.poses.back()[0].centre.y(), 4.4, 0.03);
}

TEST(Fall, AnIntactBuildingStandsForTenSecondsToTheLastBit)
{
    const Structure building = make_frame_building({.floors = 4, .bays = {3, 2}});
    const Motion motion = simulate(building, {}, {.frames = 241});
    EXPECT_TRUE(motion.broken.empty());
    EXPECT_TRUE(motion.impacts.empty());
    for (std::size_t piece = 0; piece < building.pieces.size(); ++piece)
        EXPECT_EQ(motion.poses.back()[piece].centre, building.pieces[piece].shape.centre);
}

TEST(Fall, ABuildingTooWeakForItsWeightFallsUnaided)
{
    const Structure building = make_frame_building({.floors = 4, .bays = {2, 2}, .strength = 0.05});
    const Motion motion = simulate(building, {}, {.frames = 72});
    EXPECT_LT(highest(motion.poses.back()), 6);
    expect_energy_never_grows(motion);
}

TEST(Fall, ChargesBringTheBuildingDown)
{
    const FrameBuilding plan{.floors = 4, .bays = {3, 2}};
    const Structure building = make_frame_building(plan);
    const Motion motion = simulate(building, {.charges = charges_on(plan, 0, 0.25)}, {.frames = 120});
    EXPECT_EQ(motion.poses[6][40].centre, building.pieces[40].shape.centre);          // nothing before they fire
    EXPECT_GE(motion.broken.front().time_s, 0.25 - 1e-9);
    EXPECT_LT(highest(motion.poses.back()), 0.5 * 12);
    expect_energy_never_grows(motion);
}

TEST(Fall, APancakeFallsSlowerThanFreelyAndDoesNotStall)
{
    const FrameBuilding plan{.floors = 6, .bays = {2, 2}, .strength = 0.45};
    const Structure building = make_frame_building(plan);
    const Motion motion = simulate(building, {.charges = charges_on(plan, 2, 0)}, {.frames = 48});
    const double start = roof_height(building, motion.poses[0]);
    const double fallen = start - roof_height(building, motion.poses[36]);            // after 1.5 s
    const double free = kGravity * 1.5 * 1.5 / 2;
    EXPECT_LT(fallen, 0.95 * free);
    EXPECT_GT(fallen, 0.4 * free);
    EXPECT_LT(roof_height(building, motion.poses.back()), 0.45 * start);
    expect_energy_never_grows(motion);
}

TEST(Fall, RubbleComesToRestAsALowHeap)
{
    const FrameBuilding plan{.floors = 4, .bays = {2, 2}, .strength = 0.5};
    const Structure building = make_frame_building(plan);
    const Motion motion = simulate(building, {.charges = charges_on(plan, 0, 0)}, {.frames = 168});
    double volume = 0, still = 0, mean_height = 0;
    for (std::size_t piece = 0; piece < building.pieces.size(); ++piece) {
        volume += building.pieces[piece].shape.volume_m3;
        mean_height += building.pieces[piece].shape.volume_m3 * motion.poses.back()[piece].centre.y();
        still += motion.poses.back()[piece].velocity.norm() < 0.05;
        EXPECT_GT(motion.poses.back()[piece].centre.y(), -0.05);                      // nothing sinks into the ground
    }
    mean_height /= volume;
    // Solid, the material would lie 1.3 m deep over the footprint: half of that to its middle, and rubble is half air.
    const double solid_depth = volume / 100;
    EXPECT_GT(mean_height, 0.3 * solid_depth);
    EXPECT_LT(mean_height, 2.5 * solid_depth);
    EXPECT_GT(still, 0.9 * static_cast<double>(building.pieces.size()));
    EXPECT_LT(highest(motion.poses.back()), 6);
}

TEST(Fall, WhatIsKeptStandingDoesNotMove)
{
    const FrameBuilding plan{.floors = 3, .bays = {4, 2}, .strength = 0.5};
    const Structure building = make_frame_building(plan);
    Failure failure{.charges = charges_on(plan, 0, 0)};
    for (const Piece& piece : building.pieces)
        failure.keep_standing.push_back(piece.shape.centre.x() > 2.5);
    const Motion motion = simulate(building, failure, {.frames = 96});
    double lowest_fall = 0;
    for (std::size_t piece = 0; piece < building.pieces.size(); ++piece) {
        const Vector3d moved = motion.poses.back()[piece].centre - building.pieces[piece].shape.centre;
        if (failure.keep_standing[piece]) {
            EXPECT_EQ(moved, Vector3d::Zero());
        }
        lowest_fall = std::min(lowest_fall, moved.y());
    }
    for (const BrokenBond& broken : motion.broken)
        EXPECT_FALSE(failure.keep_standing[building.bonds[broken.bond].first]
                     || failure.keep_standing[building.bonds[broken.bond].second]);
    EXPECT_LT(lowest_fall, -6);
}

TEST(Fall, ADeadlineFailsItsStoreyHoweverStrong)
{
    const Structure building = make_frame_building({.floors = 3, .bays = {2, 2}, .strength = 50});
    const Motion motion = simulate(building, {.deadlines = {{.floor = 1, .time_s = 0.5}}}, {.frames = 48});
    EXPECT_EQ(roof_height(building, motion.poses[12]), roof_height(building, motion.poses[0]));
    EXPECT_LT(roof_height(building, motion.poses.back()), roof_height(building, motion.poses[0]) - 1);

    std::set<int> broken;
    for (const BrokenBond& bond : motion.broken)
        broken.insert(bond.bond);
    for (int bond = 0; bond < static_cast<int>(building.bonds.size()); ++bond) {
        const auto floor = [&](int piece) { return building.elements[building.pieces[piece].element].floor; };
        if ((floor(building.bonds[bond].first) < 1) != (floor(building.bonds[bond].second) < 1)) {
            EXPECT_TRUE(broken.contains(bond));
        }
    }
}

TEST(Fall, APushSendsPiecesOutward)
{
    const Structure blocks = make_blocks({.counts = {2, 1, 1}, .low = {-1, 10, -0.5}});
    const Failure failure{.charges = {{.place = {0, 10.5, 0}, .radius_m = 2, .push_Ns = 9600}}};
    const Motion motion = simulate(blocks, failure, {.frames = 3});
    const double speed = 9600 / (2 * 2400.0);
    EXPECT_NEAR(motion.poses[1][0].velocity.x(), -speed, 1e-6);
    EXPECT_NEAR(motion.poses[1][1].velocity.x(), speed, 1e-6);
}

TEST(Fall, ARerunHasTheSameBitsOnAnyNumberOfThreads)
{
    const FrameBuilding plan{.floors = 3, .bays = {2, 2}, .strength = 0.45};
    const Structure building = make_frame_building(plan);
    const Failure failure{.charges = charges_on(plan, 0, 0.1, 0.0)};
    const MotionSettings settings{.frames = 48};
    const Motion first = simulate(building, failure, settings);
    EXPECT_FALSE(first.broken.empty());
    expect_same_bits(first, simulate(building, failure, settings));
    for (const int threads : {1, 2}) {
        const ThreadLimit limit(threads);
        expect_same_bits(first, simulate(building, failure, settings));
    }
}

TEST(Fall, EventsComeInOrder)
{
    const FrameBuilding plan{.floors = 3, .bays = {2, 2}, .strength = 0.5};
    const Motion motion = simulate(make_frame_building(plan), {.charges = charges_on(plan, 0, 0)}, {.frames = 36});
    const auto bond_order = [](const BrokenBond& it) { return std::pair(it.time_s, it.bond); };
    const auto impact_order = [](const Impact& it) { return std::pair(it.time_s, it.piece); };
    EXPECT_TRUE(std::ranges::is_sorted(motion.broken, {}, bond_order));
    EXPECT_TRUE(std::ranges::is_sorted(motion.impacts, {}, impact_order));
    std::set<int> once;
    for (const BrokenBond& bond : motion.broken)
        EXPECT_TRUE(once.insert(bond.bond).second);
    double dissipated = 0;
    for (const Impact& impact : motion.impacts)
        dissipated += impact.energy_J;
    EXPECT_GT(dissipated, 0.3 * (motion.energy_J.front() - motion.energy_J.back()));
    EXPECT_LT(dissipated, 1.05 * (motion.energy_J.front() - motion.energy_J.back()));
}

TEST(Fall, ProgressGoesUpToOneAndMayStop)
{
    std::vector<double> shares;
    simulate(one_block(5), {}, {.frames = 10}, [&](double share) { shares.push_back(share); });
    EXPECT_TRUE(std::ranges::is_sorted(shares));
    EXPECT_EQ(shares.back(), 1);
    EXPECT_THROW(simulate(one_block(5), {}, {.frames = 10}, [](double) { throw Error("stopped"); }), Error);
}

TEST(Fall, EnergyFromNowhereIsRefused)
{
    MotionSettings settings{.frames = 48};
    settings.obstacles.push_back({.low = {-5, -1, -5}, .high = {5, 12, 5}});
    EXPECT_THAT([&] { simulate(one_block(11), {}, settings); },
                ThrowsMessage<Error>(HasSubstr("the simulation has come apart; raise steps_per_s or iterations")));
}

TEST(Fall, ImpossibleSettingsAreRefused)
{
    EXPECT_THAT([] { simulate(one_block(1), {}, {.fps = 0}); }, ThrowsMessage<Error>(HasSubstr("fps 0")));
    EXPECT_THAT([] { simulate(one_block(1), {}, {.frames = 0}); },
                ThrowsMessage<Error>(HasSubstr("must all be positive")));
    EXPECT_THAT([] { simulate({}, {}, {}); }, ThrowsMessage<Error>(HasSubstr("the structure has no pieces")));
    EXPECT_THAT([] { simulate(one_block(1), {.keep_standing = {1, 0}}, {}); },
                ThrowsMessage<Error>(HasSubstr("keep_standing names 2 pieces and the structure has 1")));
}

}  // namespace
}  // namespace platefall::collapse
