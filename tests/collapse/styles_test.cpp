#include "collapse/styles.h"

#include "collapse/small_building.h"

#include <platefall/error.h>

#include <gmock/gmock.h>

namespace platefall::collapse {
namespace {

using testing::ThrowsMessage;

Settings settings_for(Style style)
{
    Settings settings;
    settings.style = style;
    settings.plan = test::small_plan();
    return settings;
}

/// Mean place of the charges that go first.
Eigen::Vector3d first_goes(const Failure& failure)
{
    double first = 1e9;
    for (const Charge& charge : failure.charges)
        first = std::min(first, charge.time_s);
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    double count = 0;
    for (const Charge& charge : failure.charges)
        if (charge.time_s == first) {
            sum += charge.place;
            ++count;
        }
    return sum / count;
}

TEST(CollapseStyles, AnImplosionGoesFromTheMiddleOutwards)
{
    const Failure failure = plan_failure(settings_for(Style::implosion), test::small_structure());
    const Charge* corner = nullptr;
    const Charge* inner = nullptr;
    for (const Charge& charge : failure.charges) {
        if (charge.place.x() > 4 && charge.place.z() > 4 && (!corner || charge.time_s > corner->time_s))
            corner = &charge;
        if (std::abs(charge.place.x()) < 1.5 && (!inner || charge.time_s < inner->time_s))
            inner = &charge;
    }
    ASSERT_TRUE(corner && inner);
    EXPECT_LT(inner->time_s + 0.1, corner->time_s);
}

TEST(CollapseStyles, AToppleCutsTheSideThatItFallsToFirst)
{
    Settings settings = settings_for(Style::topple);
    const Structure structure = test::small_structure();
    for (const auto& [direction, x] : {std::pair(0.0, 1.0), std::pair(180.0, -1.0)}) {
        settings.direction_deg = direction;
        EXPECT_GT(x * first_goes(plan_failure(settings, structure)).x(), 2) << direction;
    }
    EXPECT_TRUE(plan_failure(settings, structure).deadlines.empty()) << "it stays whole";
}

TEST(CollapseStyles, AToppleTurnsOnWhatCarriesItsBack)
{
    Settings settings = settings_for(Style::topple);
    const Structure structure = test::small_structure();
    settings.direction_deg = 0;
    const Hinge hinge = plan_failure(settings, structure).hinge;
    ASSERT_EQ(hinge.pieces.size(), structure.pieces.size());
    int found = 0;
    for (std::size_t i = 0; i < hinge.pieces.size(); ++i)
        if (hinge.pieces[i]) {
            ++found;
            EXPECT_LT(structure.pieces[i].shape.centre.x(), 0);
            EXPECT_LT(structure.pieces[i].shape.centre.y(), 3.1);
        }
    EXPECT_GT(found, 0);
    settings.style = Style::implosion;
    EXPECT_TRUE(plan_failure(settings, structure).hinge.pieces.empty());
}

/// How far a tower's slabs lean towards +z, their median, as a sine.
double lean(const Structure& structure, const std::vector<Pose>& poses)
{
    std::vector<double> tilt;
    for (std::size_t i = 0; i < structure.pieces.size(); ++i)
        if (structure.elements[static_cast<std::size_t>(structure.pieces[i].element)].kind == ElementKind::slab)
            tilt.push_back((poses[i].turn * Eigen::Vector3d::UnitY()).z());
    std::ranges::nth_element(tilt, tilt.begin() + static_cast<std::ptrdiff_t>(tilt.size() / 2));
    return tilt[tilt.size() / 2];
}

TEST(CollapseStyles, AToppleGoesOverWhole)
{
    Settings settings = settings_for(Style::topple);
    settings.direction_deg = 90;                             // across its narrow side
    const Structure structure = fracture(make_building(test::small_plan()), 0,
                                         {.size_m = 2, .denser_at = {}, .seen_from = {}, .strength = 20, .seed = 7});
    const Motion motion = simulate(structure, plan_failure(settings, structure), {.frames = 49});
    EXPECT_GT(lean(structure, motion.poses[48]), 0.3) << "sine of how far it leans";
}

TEST(CollapseStyles, ATowerThatTopplesLeansBeforeItBreaks)
{
    Settings settings = settings_for(Style::topple);
    settings.direction_deg = 90;
    settings.plan = {};
    settings.plan.footprint = {{-6, 0}, {6, 0}, {6, -9}, {-6, -9}};
    settings.plan.floors = 7;
    const Structure structure = fracture(make_building(settings.plan), 0,
                                         {.size_m = 1.6, .denser_at = {}, .seen_from = {}, .strength = 20, .seed = 7});
    const Failure failure = plan_failure(settings, structure);
    const Motion motion = simulate(structure, failure, {.frames = 97});
    std::size_t frame = 0;
    while (frame < motion.poses.size() && lean(structure, motion.poses[frame]) < 0.5)
        ++frame;
    ASSERT_LT(frame, motion.poses.size()) << "it never leans by 30 degrees";

    // What the charges cut counts for nothing.
    const auto since = [](double time_s) { return [=](const BrokenBond& broken) { return broken.time_s > time_s; }; };
    const auto all = std::ranges::count_if(motion.broken, since(0.2));
    const auto after = std::ranges::count_if(motion.broken, since(static_cast<double>(frame) / 24));
    EXPECT_LT(static_cast<double>(all - after), 0.25 * static_cast<double>(structure.bonds.size()));
}

TEST(CollapseStyles, AProgressiveCollapseUnzipsFromItsCornerOn)
{
    Settings settings = settings_for(Style::progressive);
    settings.direction_deg = 45;
    const Failure failure = plan_failure(settings, test::small_structure());
    const Eigen::Vector3d first = first_goes(failure);
    EXPECT_GT(first.x(), 3);
    EXPECT_GT(first.z(), 3);
    EXPECT_EQ(failure.deadlines.size(), 3u);
}

TEST(CollapseStyles, ABlastPushesWhatItCuts)
{
    const Failure failure = plan_failure(settings_for(Style::blast), test::small_structure());
    ASSERT_FALSE(failure.charges.empty());
    for (const Charge& charge : failure.charges)
        EXPECT_GT(charge.push_Ns, 0);
}

TEST(CollapseStyles, RowsOfTheManifestTakeThePlaceOfTheStyle)
{
    Settings settings = settings_for(Style::implosion);
    settings.charges = {{.floor = 1, .at = Eigen::Vector2d(5, 5), .azimuth_deg = {}, .delay_s = 0.5, .radius_m = 2}};
    const Failure failure = plan_failure(settings, test::small_structure());
    ASSERT_FALSE(failure.charges.empty());
    for (const Charge& charge : failure.charges) {
        EXPECT_EQ(charge.time_s, 0.5);
        EXPECT_NEAR(charge.place.y(), 4.5, 1.6) << "the second storey";
        EXPECT_LT((Eigen::Vector2d(charge.place.x(), charge.place.z()) - Eigen::Vector2d(5, 5)).norm(), 3);
    }
    EXPECT_EQ(failure.deadlines.front().floor, 1) << "what is below stands until it is hit";
}

TEST(CollapseStyles, AnAzimuthMeansTheOuterColumnsOfThatSide)
{
    Settings settings = settings_for(Style::implosion);
    settings.charges = {{.floor = 0, .at = {}, .azimuth_deg = 180.0, .width_deg = 80}};
    const Failure failure = plan_failure(settings, test::small_structure());
    ASSERT_FALSE(failure.charges.empty());
    for (const Charge& charge : failure.charges)
        EXPECT_LT(charge.place.x(), -2);
}

TEST(CollapseStyles, AChargeOutsideTheBuildingIsRefused)
{
    Settings settings = settings_for(Style::implosion);
    settings.charges = {{.floor = 0, .at = Eigen::Vector2d(0, 2.5), .azimuth_deg = {}},
                        {.floor = 0, .at = Eigen::Vector2d(50, 0), .azimuth_deg = {}}};
    settings.charges[0].radius_m = 5;
    EXPECT_THAT(
        [&] { plan_failure(settings, test::small_structure()); },
        ThrowsMessage<Error>(
            "charge 2 is outside the building: nothing that carries stands there on floor 0; check 'at', "
            "'azimuth' and 'floor'"));
}

TEST(CollapseStyles, BoxesKeepWhatIsInsideThemStanding)
{
    Settings settings = settings_for(Style::implosion);
    const Structure structure = test::small_structure();
    EXPECT_TRUE(plan_failure(settings, structure).keep_standing.empty());
    settings.keep_standing = {{{-10, 0, -10}, {0, 100, 10}}};
    const Failure failure = plan_failure(settings, structure);
    ASSERT_EQ(failure.keep_standing.size(), structure.pieces.size());
    for (std::size_t i = 0; i < structure.pieces.size(); ++i)
        EXPECT_EQ(failure.keep_standing[i] != 0, structure.pieces[i].shape.centre.x() <= 0);
}

}  // namespace
}  // namespace platefall::collapse
