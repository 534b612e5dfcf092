#include "collapse/fracture/fracture.h"

#include "base/parallel.h"
#include "collapse/fracture/contact.h"
#include "collapse/solid_checks.h"
#include "support/error_text.h"

#include <Eigen/Geometry>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>

namespace platefall::collapse {
namespace {

using Eigen::Vector3d;
using testing::HasSubstr;
using testing::StartsWith;

Elements one_element(const Solid& solid, Material material = Material::concrete)
{
    Elements building;
    building.elements.push_back({.solid = solid, .kind = ElementKind::block, .material = material, .floor = 0});
    return building;
}

Elements stacked(const Element& lower, const Element& upper)
{
    Elements building;
    building.elements = {lower, upper};
    return building;
}

/// Large enough that nothing breaks.
FractureSettings whole()
{
    FractureSettings settings;
    settings.size_m = 1000;
    settings.spread = 0;
    settings.jitter = 0;
    return settings;
}

FractureSettings small_pieces(double size_m)
{
    FractureSettings settings;
    settings.size_m = size_m;
    settings.spread = 0;
    return settings;
}

double outer_area(const Structure& structure, int element)
{
    double area = 0;
    for (const Piece& piece : structure.pieces)
        if (piece.element == element)
            for (const Solid::Face& face : piece.solid.faces)
                area += face.outer ? area_vector(piece.solid, face).norm() : 0;
    return area;
}

double surface(const Solid& solid)
{
    double area = 0;
    for (const Solid::Face& face : solid.faces)
        area += area_vector(solid, face).norm();
    return area;
}

/// Number of parts that bonds of the given kind leave together.
int parts(const Structure& structure, bool across_elements)
{
    std::vector<int> root(structure.pieces.size());
    std::iota(root.begin(), root.end(), 0);
    const auto top = [&](int piece) {
        while (root[piece] != piece)
            piece = root[piece];
        return piece;
    };
    for (const Bond& bond : structure.bonds)
        if (across_elements || structure.pieces[bond.first].element == structure.pieces[bond.second].element)
            root[top(bond.first)] = top(bond.second);
    std::set<int> tops;
    for (int piece = 0; piece < static_cast<int>(root.size()); ++piece)
        tops.insert(top(piece));
    return static_cast<int>(tops.size());
}

/// Everything that must not depend on threads, to the bit.
std::vector<double> numbers(const Structure& structure)
{
    std::vector<double> all;
    for (const Piece& piece : structure.pieces)
        for (const Vector3d& point : piece.solid.points)
            all.insert(all.end(), point.begin(), point.end());
    for (const Bond& bond : structure.bonds)
        all.insert(all.end(), {static_cast<double>(bond.first), static_cast<double>(bond.second), bond.area_m2,
                               bond.bending_m3, bond.torsion_m3, bond.strength, bond.middle.x(), bond.normal.y()});
    return all;
}

class CollapseFractureOfTheSample : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        building_ = new Elements(make_building(test::sample_plan()));
        structure_ = new Structure(fracture(*building_, 0, {}));
    }
    static void TearDownTestSuite()
    {
        delete structure_;
        delete building_;
    }
    static inline const Elements* building_ = nullptr;
    static inline const Structure* structure_ = nullptr;
};

TEST_F(CollapseFractureOfTheSample, PiecesOfAnElementFillIt)
{
    std::vector<double> filled(building_->elements.size());
    for (const Piece& piece : structure_->pieces)
        filled[piece.element] += piece.shape.volume_m3;
    for (std::size_t i = 0; i < filled.size(); ++i) {
        const double volume = test::volume(building_->elements[i].solid);
        EXPECT_NEAR(filled[i] / volume, 1, 1e-6);
        EXPECT_NEAR(outer_area(*structure_, static_cast<int>(i)) / surface(building_->elements[i].solid), 1, 1e-6);
    }
}

TEST_F(CollapseFractureOfTheSample, PiecesAreClosedConvexAndHaveTheirMass)
{
    for (const Piece& piece : structure_->pieces) {
        EXPECT_TRUE(test::closed(piece.solid));
        EXPECT_LT(test::dent(piece.solid), 1e-8);
        EXPECT_GT(piece.shape.volume_m3, 1e-4);
        const Material material = building_->elements[piece.element].material;
        EXPECT_DOUBLE_EQ(piece.mass_kg, piece.shape.volume_m3 * facts(material).density_kg_m3);
    }
}

TEST_F(CollapseFractureOfTheSample, AllPiecesHangTogetherInsideElementsAndAsABuilding)
{
    EXPECT_EQ(parts(*structure_, false), static_cast<int>(building_->elements.size()));
    EXPECT_EQ(parts(*structure_, true), 1);
}

TEST_F(CollapseFractureOfTheSample, BondsAreInOrderAndPointFromTheFirstToTheSecond)
{
    for (std::size_t i = 0; i < structure_->bonds.size(); ++i) {
        const Bond& bond = structure_->bonds[i];
        ASSERT_LT(bond.first, bond.second);
        if (i > 0) {
            const Bond& before = structure_->bonds[i - 1];
            ASSERT_LT(std::pair(before.first, before.second), std::pair(bond.first, bond.second));
        }
        const Vector3d way = structure_->pieces[bond.second].shape.centre - structure_->pieces[bond.first].shape.centre;
        EXPECT_GT(bond.normal.dot(way), 0);
        EXPECT_NEAR(bond.normal.norm(), 1, 1e-9);
        EXPECT_GT(bond.bending_m3, 0);
        EXPECT_GT(bond.torsion_m3, 0);
        EXPECT_GT(bond.strength, 0);
    }
}

TEST_F(CollapseFractureOfTheSample, EveryBrokenFaceIsCoveredByItsBonds)
{
    std::vector<double> broken(structure_->pieces.size()), bonded(structure_->pieces.size());
    for (std::size_t i = 0; i < broken.size(); ++i)
        for (const Solid::Face& face : structure_->pieces[i].solid.faces)
            broken[i] += face.outer ? 0 : area_vector(structure_->pieces[i].solid, face).norm();
    for (const Bond& bond : structure_->bonds)
        if (structure_->pieces[bond.first].element == structure_->pieces[bond.second].element)
            for (int piece : {bond.first, bond.second})
                bonded[piece] += bond.area_m2;
    for (std::size_t i = 0; i < broken.size(); ++i)
        EXPECT_NEAR(broken[i], bonded[i], 1e-5);
}

TEST_F(CollapseFractureOfTheSample, TheGroundHoldsWhatStandsOnItAndNothingElse)
{
    for (const Piece& piece : structure_->pieces) {
        double lowest = 1e9;
        for (const Vector3d& point : piece.solid.points)
            lowest = std::min(lowest, point.y());
        EXPECT_EQ(piece.anchored, lowest < 0.01);
    }
}

TEST_F(CollapseFractureOfTheSample, SlabsAndWallsBreakAcrossTheirWholeThickness)
{
    for (const Piece& piece : structure_->pieces) {
        if (structure_->elements[piece.element].kind != ElementKind::slab)
            continue;
        const auto [low, high] =
            std::ranges::minmax(piece.solid.points, {}, [](const Vector3d& point) { return point.y(); });
        EXPECT_NEAR(high.y() - low.y(), 0.25, 1e-9);
    }
}

TEST_F(CollapseFractureOfTheSample, TheNumberOfPiecesIsThatOfABuildingOfThisSize)
{
    EXPECT_GT(structure_->pieces.size(), 1700u);
    EXPECT_LT(structure_->pieces.size(), 2500u);
    EXPECT_GT(structure_->bonds.size(), 2 * structure_->pieces.size());
}

TEST(CollapseFractureSameness, OneAndTwoThreadsGiveTheSameBits)
{
    const Elements building = make_building(test::sample_plan());
    std::vector<double> one, two;
    {
        const ThreadLimit limit(1);
        one = numbers(fracture(building, 0, {}));
    }
    {
        const ThreadLimit limit(2);
        two = numbers(fracture(building, 0, {}));
    }
    EXPECT_TRUE(one == two);
}

TEST(CollapseFractureSameness, AnotherSeedBreaksElsewhereIntoAsMuch)
{
    const Elements block = one_element(box({0, 2, 0}, {3, 2, 2.5}));
    FractureSettings settings = small_pieces(1);
    const Structure one = fracture(block, 0, settings);
    settings.seed = 1;
    const Structure other = fracture(block, 0, settings);
    EXPECT_EQ(one.pieces.size(), other.pieces.size());
    EXPECT_FALSE(numbers(one) == numbers(other));
}

TEST(CollapseFractureSize, ABlockHasAsManyPiecesAsItsVolumeHolds)
{
    const Structure structure = fracture(one_element(box({0, 2, 0}, {3, 2, 2.5})), 0, small_pieces(1));
    EXPECT_EQ(structure.pieces.size(), 120u);
    std::vector<double> sizes;
    for (const Piece& piece : structure.pieces)
        sizes.push_back(std::cbrt(piece.shape.volume_m3));
    std::ranges::nth_element(sizes, sizes.begin() + 60);
    EXPECT_NEAR(sizes[60], 1, 0.1);
}

TEST(CollapseFractureSize, PiecesNearAChargeAreSmaller)
{
    FractureSettings settings = small_pieces(1);
    settings.denser_at = {{-10, 1, 0}};
    const Structure structure = fracture(one_element(box({0, 1, 0}, {10, 1, 1})), 0, settings);
    double near = 0, far = 0;
    int near_count = 0, far_count = 0;
    for (const Piece& piece : structure.pieces) {
        const double distance = (piece.shape.centre - settings.denser_at[0]).norm();
        if (distance < 3) {
            near += piece.shape.volume_m3;
            ++near_count;
        } else if (distance > 6) {
            far += piece.shape.volume_m3;
            ++far_count;
        }
    }
    EXPECT_LT(near / near_count, 0.6 * far / far_count);
}

TEST(CollapseFractureSize, ElementsFarFromTheCameraBreakIntoFewerPieces)
{
    Elements building;
    for (double z : {0.0, -30.0})
        building.elements.push_back({.solid = box({0, 2, z}, {2, 2, 2})});
    FractureSettings settings = small_pieces(1);
    settings.seen_from = {{0, 2, 30}};
    const Structure structure = fracture(building, 0, settings);
    const auto back = std::ranges::count_if(structure.pieces, [](const Piece& piece) { return piece.element == 1; });
    EXPECT_LT(back * 4, static_cast<std::ptrdiff_t>(structure.pieces.size()));
    EXPECT_GT(back, 4);
}

TEST(CollapseFractureSize, AThinPlateBreaksIntoCellsThatReachThrough)
{
    const Eigen::Matrix3d turned = Eigen::AngleAxisd(0.8, Vector3d(1, 2, 3).normalized()).toRotationMatrix();
    const Structure structure = fracture(one_element(box({0, 5, 0}, {3, 2, 0.1}, turned)), 0, small_pieces(0.5));
    EXPECT_GT(structure.pieces.size(), 20u);
    for (const Piece& piece : structure.pieces) {
        double low = 1e9, high = -1e9;
        for (const Vector3d& point : piece.solid.points) {
            low = std::min(low, turned.col(2).dot(point));
            high = std::max(high, turned.col(2).dot(point));
        }
        EXPECT_NEAR(high - low, 0.2, 1e-9);
    }
}

TEST(CollapseFractureBonds, AColumnOnABlockHasItsTextbookSection)
{
    const Structure structure = fracture(
        stacked({.solid = box({0, 1, 0}, {2, 1, 2})}, {.solid = box({0.5, 3.5, -0.5}, {0.2, 1.5, 0.3})}), 0, whole());
    ASSERT_EQ(structure.bonds.size(), 1u);
    const Bond& bond = structure.bonds[0];
    EXPECT_NEAR(bond.area_m2, 0.4 * 0.6, 1e-12);
    EXPECT_NEAR(bond.bending_m3, 0.6 * 0.4 * 0.4 / 6, 1e-12) << "about the weaker axis";
    const double polar = 0.4 * 0.6 * (0.4 * 0.4 + 0.6 * 0.6) / 12;
    EXPECT_NEAR(bond.torsion_m3, polar / std::hypot(0.2, 0.3), 1e-12);
    EXPECT_LT((bond.middle - Vector3d(0.5, 2, -0.5)).norm(), 1e-12);
    EXPECT_LT((bond.normal - Vector3d::UnitY()).norm(), 1e-12);
    EXPECT_DOUBLE_EQ(bond.strength, 1);
    EXPECT_TRUE(structure.pieces[0].anchored);
    EXPECT_FALSE(structure.pieces[1].anchored);
}

TEST(CollapseFractureBonds, FacesThatOverlapInPartAreBondedOverThatPart)
{
    const Structure structure =
        fracture(stacked({.solid = box({0, 1, 0}, {1, 1, 1})}, {.solid = box({1.5, 3, 0}, {1, 1, 0.25})}), 0, whole());
    ASSERT_EQ(structure.bonds.size(), 1u);
    EXPECT_NEAR(structure.bonds[0].area_m2, 0.5 * 0.5, 1e-12);
    EXPECT_NEAR(structure.bonds[0].middle.x(), 0.75, 1e-12);
}

TEST(CollapseFractureBonds, AGapOfAMillimetreHoldsAndOneOfFiveDoesNot)
{
    for (double gap : {0.001, 0.005}) {
        const Structure structure = fracture(
            stacked({.solid = box({0, 1, 0}, {1, 1, 1})}, {.solid = box({0, 3 + gap, 0}, {1, 1, 1})}), 0, whole());
        EXPECT_EQ(structure.bonds.size(), gap < 0.002 ? 1u : 0u);
    }
}

TEST(CollapseFractureBonds, EdgesAndFacesTurnedTheSameWayDoNotBond)
{
    for (const Vector3d& beside : {Vector3d(2, 3, 0), Vector3d(2.5, 1, 0)}) {
        const Elements pair = stacked({.solid = box({0, 1, 0}, {1, 1, 1})}, {.solid = box(beside, {1, 1, 1})});
        EXPECT_TRUE(fracture(pair, 0, whole()).bonds.empty());
    }
}

TEST(CollapseFractureBonds, JointsHoldLessThanTheirWeakerSide)
{
    const auto joint = [](Material below, Material above, ElementKind kind) {
        const Structure structure =
            fracture(stacked({.solid = box({0, 1, 0}, {1, 1, 1}), .material = below},
                             {.solid = box({0, 3, 0}, {1, 1, 1}), .kind = kind, .material = above}),
                     0, whole());
        return structure.bonds.at(0);
    };
    EXPECT_EQ(joint(Material::concrete, Material::masonry, ElementKind::wall).material, Material::masonry);
    EXPECT_EQ(joint(Material::glass, Material::masonry, ElementKind::wall).material, Material::glass);
    EXPECT_DOUBLE_EQ(joint(Material::concrete, Material::concrete, ElementKind::slab).strength, 1);
    EXPECT_DOUBLE_EQ(joint(Material::masonry, Material::masonry, ElementKind::wall).strength, 1);
    EXPECT_DOUBLE_EQ(joint(Material::concrete, Material::masonry, ElementKind::wall).strength, 0.6);
    EXPECT_DOUBLE_EQ(joint(Material::concrete, Material::board, ElementKind::partition).strength, 0.5);
    EXPECT_DOUBLE_EQ(joint(Material::masonry, Material::glass, ElementKind::glass).strength, 0.3);
}

TEST(CollapseFractureBonds, JitterIsLognormalAndTheMultiplierScalesAll)
{
    const Elements block = one_element(box({0, 4, 0}, {6, 4, 4}));
    FractureSettings settings = small_pieces(1);
    settings.strength = 0.5;
    double sum = 0, squares = 0;
    const Structure structure = fracture(block, 0, settings);
    for (const Bond& bond : structure.bonds) {
        const double logarithm = std::log(bond.strength / 0.5);
        sum += logarithm;
        squares += logarithm * logarithm;
    }
    const double count = static_cast<double>(structure.bonds.size());
    ASSERT_GT(count, 1000);
    EXPECT_NEAR(sum / count, 0, 0.02);
    EXPECT_NEAR(std::sqrt(squares / count), 0.2, 0.02);
}

TEST(CollapseFractureBonds, ATriangleHasItsTextbookSection)
{
    // Right angle, legs 3 and 6: about the axes along the legs I = b h^3 / 36; the principal ones are turned.
    const Section section =
        section_of(Polygon{{0, 0}, {3, 0}, {0, 6}}, Vector3d(1, 1, 1), Vector3d::UnitX(), Vector3d::UnitY());
    EXPECT_NEAR(section.area_m2, 9, 1e-12);
    EXPECT_LT((section.middle - Vector3d(2, 3, 1)).norm(), 1e-12);
    EXPECT_NEAR(section.torsion_m3, (3 * 216 + 6 * 27) / 36.0 / std::hypot(1, 4), 1e-12);
    EXPECT_LT(section.bending_m3, 6 * 27 / 36.0 / 2);
}

TEST(CollapseFractureRefusal, TooManyPiecesAndTheSizeThatFits)
{
    const Elements building = make_building(test::sample_plan());
    FractureSettings settings;
    settings.size_m = 0.6;
    const std::string text = platefall::test::error_of([&] { fracture(building, 0, settings); });
    EXPECT_THAT(text, StartsWith("fracture: the building breaks into "));
    EXPECT_THAT(text, HasSubstr(" pieces, and 'most_pieces' is 2500; 'size' "));

    settings.size_m = std::stod(text.substr(text.find("'size' ") + 7));
    const std::size_t pieces = fracture(building, 0, settings).pieces.size();
    EXPECT_LE(pieces, 2500u);
    EXPECT_GT(pieces, 2200u) << "no larger than it need be";
}

TEST(CollapseFractureRefusal, MorePartsThanPiecesAllowed)
{
    FractureSettings settings;
    settings.most_pieces = 1;
    EXPECT_EQ(platefall::test::error_of([&] {
                  fracture(
                      stacked({.solid = box({0, 1, 0}, {1, 1, 1})}, {.solid = box({0, 3, 0}, {1, 1, 1})}), 0,
                      settings);
              }),
              "fracture: the building has 2 parts before anything breaks, and 'most_pieces' is 1; give "
              "larger bays or a larger "
              "'most_pieces'");
}

TEST(CollapseFractureRefusal, SettingsOutOfRangeAllAtOnce)
{
    FractureSettings settings;
    settings.size_m = 0;
    settings.jitter = -1;
    const std::string text =
        platefall::test::error_of([&] { fracture(one_element(box({0, 1, 0}, {1, 1, 1})), 0, settings); });
    EXPECT_THAT(text, HasSubstr("fracture: 'size' is 0; give more than 0"));
    EXPECT_THAT(text, HasSubstr("fracture: 'jitter' is -1; give 0 to 1.5"));
}

}  // namespace
}  // namespace platefall::collapse
