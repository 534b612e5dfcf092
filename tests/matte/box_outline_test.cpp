#include "matte/box_outline.h"
#include "matte/matte_helpers.h"

#include <gmock/gmock.h>

namespace platefall::matte {
namespace {

using testing::HasSubstr;

/// At the origin, looking along -z; a metre that is 10 m away is 64 * 35 / 36 / 10 pixels wide.
constexpr Window kDisplay{10, 20, 74, 68};
constexpr double kPixels = 64 * 35.0 / 36;

Camera camera()
{
    return {};
}

double area(const std::vector<Point>& outline)
{
    double twice = 0;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const Point &a = outline[i], &b = outline[(i + 1) % outline.size()];
        twice += a[0] * b[1] - a[1] * b[0];
    }
    return std::abs(twice) / 2;
}

TEST(BoxOutline, AWallSeenSquarelyIsARectangle)
{
    const auto outline = outline_of({{-1, -0.5, -10}, {1, 0.5, -10}}, camera(), kDisplay);
    ASSERT_EQ(outline.size(), 4u);
    EXPECT_NEAR(area(outline), 2 * kPixels / 10 * kPixels / 10, 1e-9);
    for (const Point& p : outline) {
        EXPECT_NEAR(std::abs(p[0] - (10 + 32)), kPixels / 10, 1e-9);
        EXPECT_NEAR(std::abs(p[1] - (20 + 24)), kPixels / 20, 1e-9);
    }
}

TEST(BoxOutline, ABoxAsideShowsItsNearFaceAndOneSide)
{
    const auto outline = outline_of({{1, -1, -20}, {3, 1, -10}}, camera(), kDisplay);
    EXPECT_EQ(outline.size(), 6u);
    double left = 1e9, right = 0;
    for (const Point& p : outline) {
        left = std::min(left, p[0]);
        right = std::max(right, p[0]);
    }
    EXPECT_NEAR(left, 42 + kPixels / 20, 1e-9) << "the far edge of its left side";
    EXPECT_NEAR(right, 42 + 3 * kPixels / 10, 1e-9) << "the near edge of its right side";
}

TEST(BoxOutline, GroundThatReachesBehindTheCameraIsCutOffThere)
{
    const auto outline = outline_of({{-1000, -2, -1e6}, {1000, -2, 100}}, camera(), kDisplay);
    ASSERT_GE(outline.size(), 3u);
    double top = 1e9, bottom = 0;
    for (const Point& p : outline) {
        top = std::min(top, p[1]);
        bottom = std::max(bottom, p[1]);
    }
    EXPECT_NEAR(top, 44, 1e-3) << "the horizon";
    EXPECT_GT(bottom, 1000) << "under one's feet";
}

TEST(BoxOutline, NothingIsSeenOfABoxBehindTheCamera)
{
    EXPECT_TRUE(outline_of({{-1, -1, 5}, {1, 1, 10}}, camera(), kDisplay).empty());
}

class BoxShapes : public MatteFixture {
protected:
    void SetUp() override
    {
        MatteFixture::SetUp();
        shot_.camera = [](int frame) {
            Camera camera;
            camera.world_from_camera[0][3] = (frame - 1010) * 0.5;   // half a metre a frame to the right
            return camera;
        };
    }

    /// How far along x the middle of the matte lies.
    double middle(int frame)
    {
        frame_.number = frame;
        const Image& drawn = matte("shapes = [{ low = [-1, -1, -10], high = [1, 1, -10] }]");
        double sum_x = 0;
        for (int y = 0; y < 48; ++y)
            for (int x = 0; x < 64; ++x)
                sum_x += (x + 0.5) * at(drawn, x, y);
        return sum_x / sum(drawn);
    }
};

TEST_F(BoxShapes, ABoxMovesAsTheCameraDoes)
{
    EXPECT_NEAR(middle(1010), 32, 0.05);
    EXPECT_NEAR(middle(1012), 32 - kPixels / 10, 0.05);
}

TEST_F(BoxShapes, ABoxBehindTheCameraDrawsNothing)
{
    EXPECT_EQ(sum(matte("shapes = [{ low = [-1, -1, 5], high = [1, 1, 6] }]")), 0);
}

TEST_F(BoxShapes, ABoxIsCutOutOfAnother)
{
    const double frame = sum(matte("shapes = [{ low = [-1, -1, -10], high = [1, 1, -10] },\n"
                                   "{ low = [-0.5, -0.5, -10], high = [0.5, 0.5, -10], mode = 'subtract' }]"));
    EXPECT_NEAR(frame, 3 * kPixels / 10 * kPixels / 10, 0.01);
}

TEST_F(BoxShapes, SlipsAreNamed)
{
    const auto expect_fault = [&](const std::string& keys, const std::string& fault, const std::string& hint) {
        const std::string error = error_of("shapes = [{ " + keys + " }]");
        EXPECT_THAT(error, HasSubstr(fault + "\n"));
        EXPECT_THAT(error, HasSubstr("^ " + hint));
    };
    const std::string flat = "along one of them it may be equal: a wall";
    expect_fault("name = 'wall', low = [0, 0, 0]", "shape 'wall' has only one corner of its box",
                 "'low' and 'high' belong together");
    expect_fault("name = 'wall', low = [0, 0, 0], high = [0, 0, 1]",
                 "'high' of shape 'wall' must be greater than 'low' along x, y and z", flat);
    expect_fault("low = [0, 0, 0], high = [1, 1, -1]", "'high' of shape '1' must be greater than 'low' along x, y and z", flat);
    expect_fault("low = [0, 0, 0], high = [1, 1, 1], points = [[0, 0], [1, 0], [0, 1]]",
                 "shape '1' has both a box and an outline", "leave out one of them");
    shot_.camera = nullptr;
    expect_fault("low = [0, 0, 0], high = [1, 1, 1]", "shape '1' is a box, which needs a camera to be seen through",
                 "add [camera] to the manifest");
}

} // namespace
} // namespace platefall::matte
