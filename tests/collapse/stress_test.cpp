#include "collapse/structure/stress.h"

#include "collapse/block_structure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall::collapse {
namespace {

constexpr double kGravity = 9.81;

std::vector<Load> weight(const Structure& structure)
{
    std::vector<Load> loads(structure.pieces.size());
    for (std::size_t piece = 0; piece < loads.size(); ++piece)
        loads[piece].force = {0, -kGravity * structure.pieces[piece].mass_kg, 0};
    return loads;
}

std::vector<char> all_of(const Structure& structure)
{
    return std::vector<char>(structure.bonds.size(), 1);
}

/// Only the first `count` pieces are held.
std::vector<char> held_first(const Structure& structure, int count)
{
    std::vector<char> held(structure.pieces.size(), 0);
    std::fill_n(held.begin(), count, 1);
    return held;
}

double total_mass(const Structure& structure)
{
    double sum = 0;
    for (const Piece& piece : structure.pieces)
        sum += piece.mass_kg;
    return sum;
}

Structure cantilever(int length, double strength = 1)
{
    return make_blocks({.counts = {length, 1, 1}, .size = {0.5, 0.4, 0.3}, .strength = strength});
}

/// 10 floors of 4 x 3 bays: columns and slabs of blocks, with the openings between them left out.
Structure frame_of_blocks(int floors)
{
    const Blocks grid{.counts = {13, 3 * floors, 10}, .size = {1.5, 1.0, 1.5}, .anchored = true};
    const Structure full = make_blocks(grid);
    Structure result;
    std::vector<int> kept(full.pieces.size(), -1);
    for (int y = 0; y < grid.counts[1]; ++y)
        for (int z = 0; z < grid.counts[2]; ++z)
            for (int x = 0; x < grid.counts[0]; ++x)
                if (y % 3 == 2 || (x % 3 == 0 && z % 3 == 0)) {
                    kept[block_index(grid, x, y, z)] = static_cast<int>(result.pieces.size());
                    result.pieces.push_back(full.pieces[block_index(grid, x, y, z)]);
                }
    for (Bond bond : full.bonds)
        if (kept[bond.first] >= 0 && kept[bond.second] >= 0) {
            bond.first = kept[bond.first];
            bond.second = kept[bond.second];
            result.bonds.push_back(bond);
        }
    return result;
}

TEST(Stress, AHangingChainPullsWithTheWeightBelow)
{
    const Structure chain = make_blocks({.counts = {1, 12, 1}, .size = {0.4, 0.7, 0.4}});
    std::vector<char> held(chain.pieces.size(), 0);
    held.back() = 1;                                     // the uppermost

    const auto bonds = StressSolver(chain).solve(all_of(chain), held, weight(chain));
    for (std::size_t bond = 0; bond < bonds.size(); ++bond) {
        const double below = static_cast<double>(bond + 1) * chain.pieces[0].mass_kg * kGravity;
        EXPECT_NEAR(bonds[bond].normal_N, below, 0.001 * below);
        EXPECT_NEAR(bonds[bond].shear_N, 0, 0.001 * below);
        EXPECT_NEAR(bonds[bond].bending_Nm, 0, 0.001 * below);
    }
}

TEST(Stress, TheBaseOfAFrameCarriesItsWeightWithinOnePerCent)
{
    const Structure frame = frame_of_blocks(3);
    std::vector<char> held(frame.pieces.size());
    double carried_mass = total_mass(frame);
    for (std::size_t piece = 0; piece < held.size(); ++piece) {
        held[piece] = frame.pieces[piece].anchored;
        carried_mass -= held[piece] ? frame.pieces[piece].mass_kg : 0;
    }

    double residual = 1;
    const auto bonds = StressSolver(frame).solve(all_of(frame), held, weight(frame), &residual);
    EXPECT_LT(residual, 1e-5);
    double reaction = 0;
    for (std::size_t bond = 0; bond < bonds.size(); ++bond)
        if (held[frame.bonds[bond].first] != held[frame.bonds[bond].second])
            reaction -= bonds[bond].normal_N;            // columns stand upright: pressure is upward
    EXPECT_NEAR(reaction, carried_mass * kGravity, 0.01 * carried_mass * kGravity);
}

TEST(Stress, EveryBondOfACantileverCarriesWhatStaticsSay)
{
    const Structure beam = cantilever(20);
    const auto bonds = StressSolver(beam).solve(all_of(beam), held_first(beam, 1), weight(beam));
    const double weight_per_m = 0.4 * 0.3 * 2400 * kGravity;
    for (std::size_t bond = 0; bond < bonds.size(); ++bond) {
        const double beyond = 0.5 * (19.0 - static_cast<double>(bond));          // length that hangs on it
        EXPECT_NEAR(bonds[bond].shear_N, weight_per_m * beyond, 0.01 * weight_per_m * beyond);
        EXPECT_NEAR(bonds[bond].bending_Nm, weight_per_m * beyond * beyond / 2,
                    0.01 * weight_per_m * beyond * beyond / 2);
        EXPECT_NEAR(bonds[bond].normal_N, 0, 1e-3 * weight_per_m * beyond);
        EXPECT_NEAR(bonds[bond].torsion_Nm, 0, 1e-3 * weight_per_m * beyond);
    }
}

TEST(Stress, ASidewaysLoadAtTheTipOfAColumnTwistsAndBendsIt)
{
    const Structure column = make_blocks({.counts = {1, 8, 1}, .size = {0.5, 0.5, 0.5}, .anchored = true});
    std::vector<Load> loads(column.pieces.size());
    loads.back() = {.force = {1000, 0, 0}, .moment = {0, 300, 0}};
    const auto bonds = StressSolver(column).solve(all_of(column), held_first(column, 1), loads);
    for (std::size_t bond = 0; bond < bonds.size(); ++bond) {
        EXPECT_NEAR(bonds[bond].torsion_Nm, 300, 3);
        EXPECT_NEAR(bonds[bond].shear_N, 1000, 10);
        const double arm = 3.75 - 0.5 * static_cast<double>(bond + 1);           // to the centre of the tip
        EXPECT_NEAR(bonds[bond].bending_Nm, 1000 * arm, 10 * arm);
    }
}

TEST(Stress, ACantileverBreaksAtTheAnalyticLength)
{
    // w l^2 / 2 = W tension; the section lies flat: 0.3 wide and 0.4 high, its weaker axis counts.
    const double weight_per_m = 0.4 * 0.3 * 2400 * kGravity;
    const double section = 0.4 * 0.3 * 0.3 / 6;
    const double longest = std::sqrt(2 * section * facts(Material::concrete).tension_Pa / weight_per_m);
    const int holds = static_cast<int>(longest / 0.5);   // blocks beyond the first bond
    for (const int blocks : {holds, holds + 1}) {
        const Structure beam = cantilever(blocks + 1);
        const auto bonds = StressSolver(beam).solve(all_of(beam), held_first(beam, 1), weight(beam));
        const double worst = utilisation(beam.bonds[0], bonds[0]);
        EXPECT_EQ(worst > 1, blocks > holds) << blocks << " blocks use " << worst;
    }
}

TEST(Stress, StrengthDividesUtilisation)
{
    const Bond bond = cantilever(2).bonds[0];
    Bond weak = bond;
    weak.strength = 0.25;
    const BondLoad load{.normal_N = 1e4, .shear_N = 2e3, .bending_Nm = 500, .torsion_Nm = 100};
    EXPECT_DOUBLE_EQ(utilisation(weak, load), 4 * utilisation(bond, load));
}

TEST(Stress, PressureHelpsAgainstShearUpToFourTimes)
{
    const Bond bond = cantilever(2).bonds[0];
    const double strength_N = facts(Material::concrete).shear_Pa * bond.area_m2;
    EXPECT_NEAR(utilisation(bond, {.shear_N = strength_N}), 1, 1e-12);
    const double pressed = facts(Material::concrete).shear_Pa / facts(Material::concrete).friction;
    EXPECT_NEAR(utilisation(bond, {.normal_N = -pressed * bond.area_m2, .shear_N = 2 * strength_N}), 1, 1e-12);
    EXPECT_NEAR(utilisation(bond, {.normal_N = -10 * pressed * bond.area_m2, .shear_N = 4 * strength_N}), 1, 1e-12);
    EXPECT_NEAR(utilisation(bond, {.normal_N = 0.1 * strength_N, .shear_N = 2 * strength_N}), 2, 1e-12);
}

TEST(Stress, ConcreteCarriesTenTimesMorePressureThanPull)
{
    const Bond bond = cantilever(2).bonds[0];
    EXPECT_NEAR(utilisation(bond, {.normal_N = 3.5e6 * bond.area_m2}), 1, 1e-12);
    EXPECT_NEAR(utilisation(bond, {.normal_N = -35e6 * bond.area_m2}), 1, 1e-12);
    EXPECT_NEAR(utilisation(bond, {.bending_Nm = 3.5e6 * bond.bending_m3}), 1, 1e-12);
}

TEST(Stress, WhatHangsOnNothingCarriesNothing)
{
    const Structure beam = cantilever(10);
    auto alive = all_of(beam);
    alive[4] = 0;
    const auto bonds = StressSolver(beam).solve(alive, held_first(beam, 1), weight(beam));
    const double weight_per_m = 0.4 * 0.3 * 2400 * kGravity;
    EXPECT_NEAR(bonds[0].shear_N, weight_per_m * 2.0, 1);                         // four blocks of half a metre
    for (std::size_t bond = 4; bond < bonds.size(); ++bond) {
        EXPECT_EQ(bonds[bond].shear_N, 0);
        EXPECT_EQ(bonds[bond].bending_Nm, 0);
    }
}

TEST(Stress, WithNothingHeldNothingIsCarried)
{
    const Structure beam = cantilever(4);
    double residual = 1;
    for (const BondLoad& bond : StressSolver(beam).solve(all_of(beam), held_first(beam, 0), weight(beam), &residual))
        EXPECT_EQ(bond.shear_N, 0);
    EXPECT_EQ(residual, 0);
}

TEST(Stress, BondsThatBreakCostFewIterationsAndNoAccuracy)
{
    const Structure frame = frame_of_blocks(6);
    std::vector<char> held(frame.pieces.size());
    for (std::size_t piece = 0; piece < held.size(); ++piece)
        held[piece] = frame.pieces[piece].anchored;
    auto alive = all_of(frame);
    StressSolver warm(frame);
    for (int broken = 0; broken < 40; ++broken) {
        alive[static_cast<std::size_t>(broken) * alive.size() / 40] = 0;
        double residual = 1;
        const auto from_warm = warm.solve(alive, held, weight(frame), &residual);
        EXPECT_LE(residual, 1e-6);
        EXPECT_LE(warm.iterations(), 24) << broken + 1 << " bonds have broken";
        if (broken % 10 != 9)
            continue;
        const auto from_cold = StressSolver(frame).solve(alive, held, weight(frame));
        for (std::size_t bond = 0; bond < from_warm.size(); ++bond)
            EXPECT_NEAR(from_warm[bond].normal_N, from_cold[bond].normal_N, 100);
    }
}

TEST(Stress, WhatNothingLoadsAnyMoreCarriesNothing)
{
    const Structure beam = cantilever(10);
    StressSolver solver(beam);
    solver.solve(all_of(beam), held_first(beam, 1), weight(beam));
    double residual = 1;
    const std::vector<Load> none(beam.pieces.size());
    for (const BondLoad& bond : solver.solve(all_of(beam), held_first(beam, 1), none, &residual))
        EXPECT_EQ(bond.bending_Nm, 0);
    EXPECT_EQ(residual, 0);
    EXPECT_GT(solver.solve(all_of(beam), held_first(beam, 1), weight(beam))[0].bending_Nm, 0) << "and can again";
}

TEST(Stress, ARepeatedSolveOfTheSameNeedsNoIteration)
{
    const Structure beam = cantilever(10);
    StressSolver solver(beam);
    solver.solve(all_of(beam), held_first(beam, 1), weight(beam));
    EXPECT_GT(solver.iterations(), 0);
    solver.solve(all_of(beam), held_first(beam, 1), weight(beam));
    EXPECT_EQ(solver.iterations(), 0);
}

}  // namespace
}  // namespace platefall::collapse
