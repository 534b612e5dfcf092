#include "matte/roto_shape.h"

#include "matte_helpers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall::matte {
namespace {

using testing::HasSubstr;

class RotoShapes : public MatteFixture {};

const std::string kBox = "points = [[10, 10], [30, 10], [30, 30], [10, 30]]";

TEST_F(RotoShapes, AStillPolygonIsDrawnOnEveryFrame)
{
    const Image& m = matte("shapes = [{ " + kBox + " }]");
    EXPECT_EQ(describe(m.channels()), "A");
    EXPECT_EQ(sum(m), 400.0);
    EXPECT_EQ(at(m, 10, 29), 1.0f);
    EXPECT_EQ(at(m, 30, 29), 0.0f);
}

TEST_F(RotoShapes, PointsCountFromTheDisplayWindowsCorner)
{
    use_plate({90, 40, 200, 150}, {100, 50, 164, 98});
    EXPECT_EQ(at(matte("shapes = [{ " + kBox + " }]"), 110, 60), 1.0f);
    EXPECT_EQ(at(frame_.layer("matte.m"), 109, 60), 0.0f);
}

TEST_F(RotoShapes, AProxyScalesPointsAndFeather)
{
    shot_.proxy = 2;
    use_plate({0, 0, 32, 24}, {0, 0, 32, 24});
    EXPECT_EQ(sum(matte("shapes = [{ " + kBox + " }]")), 100.0);
    EXPECT_EQ(at(frame_.layer("matte.m"), 5, 5), 1.0f);
}

TEST_F(RotoShapes, KeysInterpolateAndHoldOutside)
{
    const std::string keys =
        "shapes = [{ keys = [ { frame = 1005, points = [[0, 0], [10, 0], [10, 10], [0, 10]] },"
        " { frame = 1015, points = [[20, 0], [30, 0], [30, 10], [20, 10]] } ] }]";
    EXPECT_EQ(at(matte(keys), 10, 5), 1.0f);
    EXPECT_EQ(at(frame_.layer("matte.m"), 9, 5), 0.0f);

    Frame early(shot_, 990), late(shot_, 2000);
    early.set("plate", frame_.layer("plate"));
    late.set("plate", frame_.layer("plate"));
    stage(keys)->process(early);
    stage(keys)->process(late);
    EXPECT_EQ(at(early.layer("matte.m"), 0, 5), 1.0f);
    EXPECT_EQ(at(late.layer("matte.m"), 29, 5), 1.0f);
    EXPECT_EQ(at(late.layer("matte.m"), 19, 5), 0.0f);
}

TEST_F(RotoShapes, EaseBendsTheWayBetweenKeys)
{
    RotoShape shape{
        .name = "a",
        .keys = {{1000, Ease::smooth, {{0, 0}}}, {1010, Ease::hold, {{10, 0}}}, {1020, {}, {{20, 0}}}}};
    EXPECT_DOUBLE_EQ(points_at(shape, 1005)[0][0], 5.0);
    EXPECT_DOUBLE_EQ(points_at(shape, 1002)[0][0], 10.0 * 0.104);
    EXPECT_DOUBLE_EQ(points_at(shape, 1019)[0][0], 10.0);
    EXPECT_DOUBLE_EQ(points_at(shape, 1020)[0][0], 20.0);
}

TEST_F(RotoShapes, KeysMayStandInAnyOrder)
{
    EXPECT_EQ(
        at(matte("shapes = [{ keys = [ { frame = 1020, points = [[20, 0], [30, 0], [30, 10], [20, 10]] },"
                 " { frame = 1000, points = [[0, 0], [10, 0], [10, 10], [0, 10]] } ] }]"),
           10, 5),
        1.0f);
}

TEST_F(RotoShapes, ShapesAddSubtractAndIntersectInTurn)
{
    const Image& m = matte("shapes = [{ " + kBox
                           + " },"
                             " { points = [[20, 10], [40, 10], [40, 30], [20, 30]], mode = 'subtract' },"
                             " { points = [[0, 0], [60, 0], [60, 20], [0, 20]], mode = 'intersect' },"
                             " { points = [[50, 40], [60, 40], [60, 45], [50, 45]], opacity = 0.5 }]");
    EXPECT_EQ(sum(m), 10.0 * 10.0 + 25.0);
    EXPECT_EQ(at(m, 15, 15), 1.0f);
    EXPECT_EQ(at(m, 25, 15), 0.0f);
    EXPECT_EQ(at(m, 15, 25), 0.0f);
    EXPECT_EQ(at(m, 55, 42), 0.5f);
}

TEST_F(RotoShapes, OpacityZeroLeavesTheOthersAlone)
{
    for (const char* mode : {"add", "subtract", "intersect"})
        EXPECT_EQ(
            sum(matte("shapes = [{ " + kBox
                      + " }, { points = [[0, 0], [20, 0], [20, 40]], opacity = 0, mode = '" + mode + "' }]")),
            400.0)
            << mode;
}

TEST_F(RotoShapes, AnInvertedShapeCoversTheRestOfTheFrame)
{
    EXPECT_EQ(sum(matte("shapes = [{ " + kBox + ", invert = true }]")), 64.0 * 48.0 - 400.0);
}

TEST_F(RotoShapes, FeatherIsSymmetricAndKeepsTheMiddleOfTheEdge)
{
    const Image& m = matte("shapes = [{ points = [[20, 0], [44, 0], [44, 48], [20, 48]], feather = 4 }]");
    for (int d = 0; d < 10; ++d) {
        EXPECT_NEAR(at(m, 19 - d, 24) + at(m, 20 + d, 24), 1.0f, 2e-3f) << d;
        EXPECT_NEAR(at(m, 19 - d, 24), at(m, 44 + d, 24), 1e-5f) << d;
        EXPECT_GE(at(m, 20 - d, 24), at(m, 19 - d, 24)) << d;
    }
    EXPECT_GT(at(m, 18, 24), 0.1f);
}

TEST_F(RotoShapes, FeatherDoesNotFadeAlongTheFramesEdge)
{
    const Image& m =
        matte("shapes = [{ points = [[-60, -60], [30, -60], [30, 120], [-60, 120]], feather = 6 }]");
    EXPECT_NEAR(at(m, 0, 0), 1.0f, 1e-4f);
    EXPECT_NEAR(at(m, 0, 47), 1.0f, 1e-4f);
    EXPECT_NEAR(at(m, 28, 0), at(m, 28, 24), 1e-4f);
}

TEST_F(RotoShapes, ASmoothCurveIsRounderThanItsPolygon)
{
    const std::string diamond = "points = [[32, 8], [48, 24], [32, 40], [16, 24]]";
    EXPECT_NEAR(sum(matte("shapes = [{ " + diamond + " }]")), 512.0, 1e-3);
    EXPECT_GT(sum(matte("shapes = [{ curve = 'smooth', " + diamond + " }]")), 1.3 * 512.0);
}

TEST_F(RotoShapes, KeysWithDifferentPointsAreRefusedByNameAndFrame)
{
    EXPECT_THAT(error_of("shapes = [{ name = 'door', keys = [\n"
                         "{ frame = 1001, points = [[0, 0], [1, 0], [1, 1], [0, 1]] },\n"
                         "{ frame = 1010, points = [[0, 0], [1, 0], [1, 1]] } ] }]"),
                HasSubstr("shot.toml:4:26: shape 'door' has 3 points at frame 1010 but 4 at frame 1001"));
}

TEST_F(RotoShapes, AllMistakesOfAllShapesAreReported)
{
    const std::string message = error_of("shapes = [{ }, { points = [[0, 0], [1, 1]] },\n"
                                         "{ "
                                         + kBox
                                         + ", keys = [] },\n"
                                           "{ keys = [{ frame = 5, "
                                         + kBox + " }, { frame = 5, " + kBox + " }] }]");
    EXPECT_THAT(message, HasSubstr("shape '1' has neither points nor keys nor a box"));
    EXPECT_THAT(message, HasSubstr("shape '2' has 2 points"));
    EXPECT_THAT(message, HasSubstr("shape '3' has both points and keys"));
    EXPECT_THAT(message, HasSubstr("shape '3' has no keys"));
    EXPECT_THAT(message, HasSubstr("shape '4' has two keys at frame 5"));
}

} // namespace
} // namespace platefall::matte
