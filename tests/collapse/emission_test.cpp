#include "collapse/emission.h"

#include "collapse/small_building.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace platefall::collapse {
namespace {

constexpr double kFrame_s = 1.0 / 24;

/// Everything above `from_m` sinks by `fall_m` a frame, but never below the ground.
Motion sinking(const Structure& structure, double from_m, double fall_m, int frames)
{
    Motion motion;
    for (int frame = 0; frame < frames; ++frame) {
        motion.poses.push_back(test::at_rest(structure));
        for (Pose& pose : motion.poses.back())
            if (pose.centre.y() > from_m) {
                pose.centre.y() = std::max(from_m, pose.centre.y() - frame * fall_m);
                pose.velocity.y() = -fall_m / kFrame_s;
            }
    }
    return motion;
}

struct Sum {
    double mass = 0, air = 0;
};

Sum sum_of(const Emission& emission, double seconds, double step_s)
{
    Sum sum;
    for (double t = 0; t < seconds; t += step_s)
        for (const DustSource& source : emission.between(t, step_s)) {
            sum.mass += source.mass_kg[0] + source.mass_kg[1];
            sum.air += source.air_m3;
        }
    return sum;
}

TEST(CollapseEmission, ABrokenBondGivesItsFaceAndNoMore)
{
    const Structure structure = test::small_structure();
    Motion motion = sinking(structure, 1e9, 0, 48);
    const auto largest = std::ranges::max_element(structure.bonds, {}, &Bond::area_m2);
    motion.broken = {{.time_s = 0.5, .bond = static_cast<int>(largest - structure.bonds.begin())}};
    const Bond& bond = *largest;
    for (std::size_t frame = 13; frame < 48; ++frame)   // they part a twelfth of a second later
        motion.poses[frame][static_cast<std::size_t>(bond.first)].centre.y() += 0.2;
    const double wanted = bond.area_m2 * facts(bond.material).fines_mm * 1e-3 * facts(bond.material).density_kg_m3;
    const Emission emission(structure, motion, {}, 1, 1, 7);
    EXPECT_NEAR(emission.total_kg(), wanted, 1e-9);
    EXPECT_NEAR(sum_of(emission, 2, kFrame_s / 2).mass, wanted, 1e-9);
    EXPECT_TRUE(emission.between(0.4, 0.09).empty());
    EXPECT_FALSE(emission.between(0.5, 0.01).empty());
    EXPECT_TRUE(emission.between(1.0, 0.5).empty());
    EXPECT_NEAR(Emission(structure, motion, {}, 2.5, 1, 7).total_kg(), 2.5 * wanted, 1e-9) << "by the artist";
}

TEST(CollapseEmission, ACrackThatStaysClosedGivesNothing)
{
    const Structure structure = test::small_structure();
    Motion motion = sinking(structure, 1e9, 0, 48);
    for (int bond = 0; bond < static_cast<int>(structure.bonds.size()); ++bond)
        motion.broken.push_back({.time_s = 0.5, .bond = bond});
    EXPECT_EQ(Emission(structure, motion, {}, 1, 1, 7).total_kg(), 0);
}

TEST(CollapseEmission, APieceCannotBeCrushedToMoreThanAHundredthOfItself)
{
    const Structure structure = test::small_structure();
    Motion motion = sinking(structure, 1e9, 0, 48);
    for (int hit = 0; hit < 20; ++hit)
        motion.impacts.push_back({.time_s = 0.05 * hit, .piece = 5, .energy_J = 1e7});
    EXPECT_NEAR(Emission(structure, motion, {}, 1, 1, 7).total_kg(), 0.01 * structure.pieces[5].mass_kg, 1e-9);
}

TEST(CollapseEmission, AStoreyThatIsCrushedGivesItsAirAroundTheFootprint)
{
    const Structure structure = test::small_structure();
    const Motion motion = sinking(structure, 0.2, 0.1, 120);   // all slabs end on the ground
    const Emission emission(structure, motion, {}, 1, 1, 7);
    const double storeys = 3 * 10.0 * 5.0 * (structure.storeys[0].top_m - structure.storeys[0].bottom_m);
    EXPECT_NEAR(emission.total_air_m3(), storeys, 0.12 * storeys);
    EXPECT_NEAR(sum_of(emission, 6, kFrame_s / 2).air, emission.total_air_m3(), 1e-6);
    double mean_out = 0;
    for (const DustSource& source : emission.between(0.5, kFrame_s)) {
        const bool inside = std::abs(source.place.x()) < 5 && source.place.z() > 0 && source.place.z() < 5;
        EXPECT_FALSE(inside);
        const Eigen::Vector3d out = source.place - Eigen::Vector3d(0, source.place.y(), 2.5);
        mean_out += source.velocity.dot(out);
    }
    EXPECT_GT(mean_out, 0);
}

TEST(CollapseEmission, ABuildingThatStandsGivesNothing)
{
    const Structure structure = test::small_structure();
    const Emission emission(structure, sinking(structure, 1e9, 0, 24), {}, 1, 1, 7);
    EXPECT_EQ(emission.total_kg(), 0);
    EXPECT_TRUE(emission.between(0, 1).empty());
}

TEST(CollapseEmission, AnAlleyTakesLessAirThanTheOpenStreet)
{
    const Structure structure = test::small_structure();   // x -5..5, z 0..5
    const Motion motion = sinking(structure, 5.5, 0.1, 24);
    MotionSettings settings;
    settings.obstacles.push_back({.low = {7, 0, -20}, .high = {30, 20, 20}});      // two metres before the wall at x = 5
    const Emission free(structure, motion, {}, 1, 1, 7), beside(structure, motion, settings, 1, 1, 7);
    const auto towards_x = [](const Emission& emission) {
        double air = 0;
        for (double t = 0; t < 1; t += kFrame_s)
            for (const DustSource& source : emission.between(t, kFrame_s))
                air += source.place.x() > 5 ? source.air_m3 : 0.0;
        return air;
    };
    EXPECT_GT(towards_x(free), 0.1 * free.total_air_m3());
    EXPECT_LT(towards_x(beside), 0.3 * towards_x(free));
    EXPECT_NEAR(sum_of(beside, 1, kFrame_s).air, sum_of(free, 1, kFrame_s).air, 1e-6) << "it goes elsewhere";
}

}  // namespace
}  // namespace platefall::collapse
