#include "collapse/chips/fly_chips.h"

#include "base/parallel.h"
#include "collapse/chips/chip_flight.h"
#include "collapse/chips/heap.h"
#include "collapse/parting.h"
#include "collapse/small_building.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;

constexpr double kGravity = 9.81;

ThrownChip chip_at(const Vector3d& place, const Vector3d& velocity, double size_m = 0.05)
{
    ThrownChip chip;
    chip.place = place;
    chip.velocity = velocity;
    chip.size_m = size_m;
    return chip;
}

ChipFlight flight_of(const ThrownChip& chip)
{
    return {chip, facts(Material::concrete)};
}

// -------------------------------------------------------------------------------------------- numbers

TEST(CollapseChips, HowManyAreLargerFallsWithTheSquareOfTheSize)
{
    constexpr int kChips = 100000;
    std::map<int, int> larger;   // than so many millimetres
    for (int i = 0; i < kChips; ++i) {
        const double size = chip_size((i + 0.5) / kChips, kLargestChip_m);
        EXPECT_GE(size, kLeastChip_m);
        EXPECT_LE(size, kLargestChip_m);
        for (const int mm : {15, 30, 60, 120})
            larger[mm] += size * 1000 > mm;
    }
    for (const int mm : {15, 30}) {
        const double ratio = static_cast<double>(larger[mm]) / larger[2 * mm];
        EXPECT_NEAR(ratio, 4, 0.3) << mm << " mm";
    }
    EXPECT_GT(larger[120], 100) << "some are as large as a brick";
}

/// The upper storeys of a small building sink and everything in them breaks.
struct Falling {
    Structure structure = test::small_structure();
    Motion motion;
    Failure failure;
    MotionSettings settings{.frames = 40};

    Falling()
    {
        for (int frame = 0; frame < settings.frames; ++frame) {
            motion.poses.push_back(test::at_rest(structure));
            for (std::size_t i = 0; i < structure.pieces.size(); ++i) {
                Pose& pose = motion.poses.back()[i];
                const double t = frame / settings.fps;
                const double drop = std::min(0.5 * kGravity * t * t, std::max(0.0, pose.centre.y() - 0.5));
                pose.centre.y() -= drop;
                pose.centre.x() += 0.01 * static_cast<double>(i % 7) * frame;
                pose.velocity = {0.24 * static_cast<double>(i % 7), drop > 0 ? -kGravity * t : 0, 0};
            }
        }
        for (int bond = 0; bond < static_cast<int>(structure.bonds.size()); ++bond)
            motion.broken.push_back({.time_s = 0.1, .bond = bond});
        for (int piece = 0; piece < static_cast<int>(structure.pieces.size()); piece += 5)
            motion.impacts.push_back({.time_s = 0.7, .piece = piece, .place = {0, 0.2, 2}, .velocity = {0, -7, 0},
                                      .energy_J = 50000});
        failure.charges = {{.time_s = 0.05, .place = {-4, 1.5, 0.5}}, {.time_s = 0.1, .place = {4, 1.5, 0.5}}};
        settings.obstacles = {{{7, 0, -10}, {12, 6, 10}}};
    }

    std::vector<ThrownChip> thrown(double amount = 1, std::uint64_t seed = 7) const
    {
        return throw_chips(structure, motion, failure, {.amount = amount, .seed = seed});
    }

    std::vector<ChipsFrame> flown(Chips* chips = nullptr) const
    {
        std::vector<ChipsFrame> frames;
        const Chips made = fly_chips(thrown(), structure, motion, settings,
                                     [&](int, const ChipsFrame& frame) { frames.push_back(frame); });
        if (chips)
            *chips = made;
        return frames;
    }
};

TEST(CollapseChips, TwiceTheAmountIsTheSameChipsAndAsManyMore)
{
    const Falling falling;
    const auto once = falling.thrown(), twice = falling.thrown(2);
    ASSERT_GT(once.size(), 1000u);
    EXPECT_NEAR(static_cast<double>(twice.size()) / static_cast<double>(once.size()), 2, 0.02);
    std::map<std::uint32_t, double> known;
    for (const ThrownChip& chip : twice)
        known[chip.seed] = chip.size_m;
    EXPECT_TRUE(std::ranges::all_of(once, [&](const ThrownChip& chip) {
        const auto found = known.find(chip.seed);
        return found != known.end() && found->second == chip.size_m;
    }));
    EXPECT_TRUE(falling.thrown(0).empty());
}

TEST(CollapseChips, ThereAreNeverMoreThanMost)
{
    const Falling falling;
    const auto few = throw_chips(falling.structure, falling.motion, falling.failure,
                                 {.amount = 20, .seed = 7, .most = 500});
    EXPECT_NEAR(static_cast<double>(few.size()), 500, 60);
}

TEST(CollapseChips, ABrokenFaceGivesAsManyAsItIsLarge)
{
    Falling falling;
    falling.motion.impacts.clear();
    falling.failure.charges.clear();
    double area = 0;
    for (const BrokenBond& broken : falling.motion.broken)
        if (parting(falling.structure, falling.motion, 1.0 / 24, broken))
            area += falling.structure.bonds[static_cast<std::size_t>(broken.bond)].area_m2;
    ASSERT_GT(area, 20);
    EXPECT_NEAR(static_cast<double>(falling.thrown().size()), 45 * area, 0.03 * 45 * area);
}

TEST(CollapseChips, AnotherSeedThrowsOthers)
{
    const Falling falling;
    const auto first = falling.thrown(1, 7), other = falling.thrown(1, 8);
    std::size_t same = 0;
    for (std::size_t i = 0; i < std::min(first.size(), other.size()); ++i)
        same += first[i].place == other[i].place;
    EXPECT_EQ(same, 0u);
}

TEST(CollapseChips, GlassGivesNoBricks)
{
    const Falling falling;
    double glass = 0, concrete = 0;
    for (const ThrownChip& chip : falling.thrown(5)) {
        const Element& element = falling.structure.elements[static_cast<std::size_t>(chip.element)];
        double& largest = element.kind == ElementKind::glass ? glass : concrete;
        largest = std::max(largest, chip.size_m);
    }
    EXPECT_GT(glass, 0);
    EXPECT_LE(glass, 0.08);
    EXPECT_GT(concrete, 0.15);
}

// ----------------------------------------------------------------------------------------------- ways

/// v_t tanh(g t / v_t) and v_t^2 / g ln cosh(g t / v_t), with v_t^2 = g / k.
TEST(CollapseChips, ADropFallsAsQuadraticDragSays)
{
    for (const double size : {0.012, 0.05, 0.25}) {
        ChipFlight flight = flight_of(chip_at({0, 100, 0}, {0, 0, 0}, size));
        const double k = drag_of(size, facts(Material::concrete).density_kg_m3);
        const double fastest = std::sqrt(kGravity / k);
        const ChipGround ground;
        for (int frame = 0; frame < 72; ++frame)
            flight.advance(1.0 / 24, ground);
        EXPECT_NEAR(flight.velocity().y(), -fastest * std::tanh(kGravity * 3 / fastest), 1e-3);
        EXPECT_NEAR(100 - flight.place().y(), fastest * fastest / kGravity * std::log(std::cosh(kGravity * 3 / fastest)),
                    1e-3);
    }
}

TEST(CollapseChips, AThrownOneFollowsAFineIntegration)
{
    const Vector3d from(0, 50, 0), velocity(20, 12, -5);
    const double k = drag_of(0.02, facts(Material::concrete).density_kg_m3);
    Vector3d place = from, v = velocity;
    for (int i = 0; i < 200000; ++i) {
        place += 1e-5 * v;
        v += 1e-5 * (Vector3d(0, -kGravity, 0) - k * v.norm() * v);
    }
    ChipFlight flight = flight_of(chip_at(from, velocity, 0.02));
    flight.advance(2, {});
    EXPECT_LT((flight.place() - place).norm(), 2e-3);
}

TEST(CollapseChips, OneThatFallsBouncesAtMostTwiceAndLiesStill)
{
    ChipFlight flight = flight_of(chip_at({0, 5, 0}, {2, 0, 0}));
    int bounces = 0;
    double last = 0;
    for (int i = 0; i < 480; ++i) {
        flight.advance(1.0 / 120, {});
        EXPECT_GE(flight.place().y(), flight.rests_m() - 1e-9);
        bounces += last < 0 && flight.velocity().y() > 0;
        last = flight.velocity().y();
    }
    EXPECT_GE(bounces, 1);
    EXPECT_LE(bounces, 2);
    EXPECT_TRUE(flight.still());
    EXPECT_EQ(flight.velocity(), Vector3d::Zero());
    EXPECT_EQ(flight.spin(), Vector3d::Zero());
    EXPECT_NEAR(flight.place().y(), flight.rests_m(), 1e-4);
}

TEST(CollapseChips, OneThatSlidesStopsWhereFrictionSays)
{
    const double radius = flight_of(chip_at({0, 0, 0}, {0, 0, 0})).rests_m(), friction = facts(Material::concrete).friction;
    ChipFlight flight = flight_of(chip_at({0, radius + 1e-4, 0}, {3, -0.01, 0}));
    for (int i = 0; i < 240 && !flight.still(); ++i)
        flight.advance(1.0 / 120, {});
    EXPECT_NEAR(flight.place().x(), 9 / (2 * friction * kGravity), 0.03);
}

TEST(CollapseChips, AWallThrowsItBack)
{
    const ChipGround ground{.obstacles = {{{5, 0, -5}, {8, 10, 5}}}};
    ChipFlight flight = flight_of(chip_at({4, 5, 0}, {10, 0, 0}));
    flight.advance(0.2, ground);
    EXPECT_LT(flight.velocity().x(), -1);
    EXPECT_LT(flight.place().x(), 5);
}

TEST(CollapseChips, ItLiesOnARoofAndFallsOffItsEdge)
{
    const ChipGround ground{.obstacles = {{{0, 0, 0}, {4, 3, 4}}}};
    ChipFlight lies = flight_of(chip_at({2, 5, 2}, {0.1, 0, 0})), slides = flight_of(chip_at({3.9, 3.1, 2}, {3, 0, 0}));
    lies.advance(4, ground);
    slides.advance(4, ground);
    EXPECT_NEAR(lies.place().y(), 3 + lies.rests_m(), 1e-4);
    EXPECT_NEAR(slides.place().y(), slides.rests_m(), 1e-4);
    EXPECT_GT(slides.place().x(), 4);
    EXPECT_TRUE(lies.still() && slides.still());
}

TEST(CollapseChips, WhatLiesOnRubbleFallsOnWhenThatIsGone)
{
    const Falling falling;
    Heap heap(falling.structure);
    heap.pile(falling.motion.poses.front());
    EXPECT_LT(heap.height(0, 2), -1e6) << "a house that stands is no heap";
    std::vector<Pose> lying = falling.motion.poses.front();
    for (Pose& pose : lying) {
        pose.centre = {0.5, 1, 2};
        pose.velocity.setZero();
    }
    heap.pile(lying);
    ASSERT_GT(heap.height(0.5, 2), 1);
    const ChipGround ground{.heap = &heap};
    ChipFlight flight = flight_of(chip_at({0.5, 6, 2}, {0, 0, 0}));
    flight.advance(4, ground);
    EXPECT_TRUE(flight.still());
    EXPECT_GT(flight.place().y(), 1);
    heap.pile(falling.motion.poses.front());
    flight.advance(4, ground);
    EXPECT_NEAR(flight.place().y(), flight.rests_m(), 1e-4);
}

TEST(CollapseChips, NoneIsUnderTheGroundOrInsideANeighbour)
{
    const Falling falling;
    int beside = 0;
    for (const ChipsFrame& frame : falling.flown())
        for (const DebrisPose& chip : frame) {
            EXPECT_GT(chip.centre.y, 0);
            const Obstacle& box = falling.settings.obstacles.front();
            const Vector3d at(chip.centre.x, chip.centre.y, chip.centre.z);
            EXPECT_FALSE((at.array() > box.low.array()).all() && (at.array() < box.high.array()).all());
            beside += at.x() > 6.5;
        }
    EXPECT_GT(beside, 10) << "some came as far as the neighbour";
}

TEST(CollapseChips, AreKnownByTheOrderOfTheirBirthAndKeepTheirPlaces)
{
    const Falling falling;
    Chips chips;
    const auto frames = falling.flown(&chips);
    ASSERT_EQ(frames.size(), 40u);
    EXPECT_TRUE(std::ranges::is_sorted(chips, {}, &Chip::born));
    for (std::size_t frame = 0; frame < frames.size(); ++frame) {
        const auto born = std::ranges::count_if(chips, [&](const Chip& chip) {
            return chip.born <= static_cast<int>(frame);
        });
        EXPECT_EQ(frames[frame].size(), static_cast<std::size_t>(born));
    }
    // What a chip's velocity says is where it will be, unless it met something.
    std::vector<double> off;
    for (std::size_t i = 0; i < frames[30].size(); ++i) {
        const DebrisPose &a = frames[30][i], &b = frames[31][i];
        const auto apart = [](float now, float speed, float then) { return then - now - speed / 24; };
        off.push_back(std::hypot(apart(a.centre.x, a.velocity.x, b.centre.x),
                                 apart(a.centre.y, a.velocity.y, b.centre.y) + 0.5 * kGravity / 576,
                                 apart(a.centre.z, a.velocity.z, b.centre.z)));
    }
    std::ranges::nth_element(off, off.begin() + static_cast<std::ptrdiff_t>(off.size() / 2));
    EXPECT_LT(off[off.size() / 2], 0.01);
    EXPECT_EQ(chips.size(), frames.back().size());
}

TEST(CollapseChips, SlowMotionShowsTheSameWaysMoreSlowly)
{
    Falling falling;
    falling.settings.time_scale = 0.5;
    const ThrownChip chip = chip_at({0, 50, 0}, {8, 0, 0}, 0.25);
    std::vector<ChipsFrame> frames;
    fly_chips({chip}, falling.structure, falling.motion, falling.settings,
              [&](int, const ChipsFrame& frame) { frames.push_back(frame); });
    ASSERT_EQ(frames[24].size(), 1u);
    EXPECT_NEAR(frames[24][0].centre.x, 8 * 0.5, 0.1);
    EXPECT_NEAR(frames[24][0].velocity.x, 8 * 0.5, 0.1) << "a second of the shot";
    EXPECT_NEAR(frames[24][0].centre.y, 50 - 0.5 * kGravity * 0.25, 0.05);
}

TEST(CollapseChips, SameBitsForAnyNumberOfThreads)
{
    const Falling falling;
    Chips chips[2];
    std::vector<ChipsFrame> frames[2];
    for (const int i : {0, 1}) {
        const ThreadLimit threads(i == 0 ? 1 : 4);
        frames[i] = falling.flown(&chips[i]);
    }
    EXPECT_EQ(chips[0], chips[1]);
    EXPECT_EQ(frames[0], frames[1]);
}

}  // namespace
}  // namespace platefall::collapse
