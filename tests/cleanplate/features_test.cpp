#include "cleanplate/moving_picture.h"

#include "base/parallel.h"

#include <gtest/gtest.h>

#include <limits>

namespace platefall::cleanplate {
namespace {

using test::picture;
using test::wall;

const Window kWindow{0, 0, 480, 270};

/// How far the feature nearest to a place is from it, in pixels.
double nearest(const FrameFeatures& features, const Vec2& place)
{
    double distance = std::numeric_limits<double>::max();
    for (const Vec2& point : features.points)
        distance = std::min(distance, std::hypot(point[0] - place[0], point[1] - place[1]));
    return distance;
}

double blob(const Vec2& at, const Vec2& centre, double sigma_px)
{
    const double dx = at[0] - centre[0], dy = at[1] - centre[1];
    return 0.1 + std::exp(-(dx * dx + dy * dy) / (2 * sigma_px * sigma_px));
}

TEST(CleanplateFeatures, ABlobIsFoundAtItsCentre)
{
    const Vec2 centre{200.5, 101.3};
    const Image plate = picture(
        kWindow, 1, [&](const Vec2& at) { return blob(at, centre, 4); }, 0);
    EXPECT_LT(nearest(find_features(1001, plate, nullptr), centre), 0.1);
}

TEST(CleanplateFeatures, PlacesAreThoseOfTheFullPlateAndItsDataWindow)
{
    const Window overscan{-64, -32, 1984, 600};
    const Vec2 centre{1203.2, 233.7};
    const Image plate = picture(
        overscan, 1, [&](const Vec2& at) { return blob(at, centre, 9); }, 0);
    EXPECT_LT(nearest(find_features(1001, plate, nullptr), centre), 0.4);
}

TEST(CleanplateFeatures, EveryPointHasADescriptorAndLiesInsideTheWindow)
{
    const FrameFeatures features =
        find_features(1001, picture(kWindow, 1, [](const Vec2& at) { return wall(at); }), nullptr);
    EXPECT_GT(features.points.size(), 500u);
    EXPECT_EQ(features.descriptors.size(), 128 * features.points.size());
    for (const auto& [x, y] : features.points)
        EXPECT_TRUE(x > 0 && x < 480 && y > 0 && y < 270) << x << " " << y;
}

TEST(CleanplateFeatures, ARichCornerDoesNotTakeAllFeatures)
{
    const auto light = [](const Vec2& at) {
        const bool rich = at[0] < 240 && at[1] < 135;
        return 0.18 * std::exp2((rich ? 1.0 : 0.1) * std::log2(wall(at) / 0.18));
    };
    const FrameFeatures features = find_features(1001, picture(kWindow, 1, light, 0), nullptr);
    const auto elsewhere = std::count_if(features.points.begin(), features.points.end(),
                                         [](const Vec2& at) { return at[0] > 240 || at[1] > 135; });
    EXPECT_GT(elsewhere, static_cast<std::ptrdiff_t>(features.points.size() / 2));
}

class CleanplateBlockedFeatures : public testing::Test {
protected:
    Image blocked_{{100, 50, 300, 200}, kWindow, {{"A"}}, 1.0f};

    /// Inside the blocked window something else can be shown.
    FrameFeatures features(double inside) const
    {
        return find_features(1001,
                             picture(kWindow, 1,
                                     [&](const Vec2& at) {
                                         const bool hidden =
                                             at[0] > 100 && at[0] < 300 && at[1] > 50 && at[1] < 200;
                                         return hidden ? inside * wall(at, 77) : wall(at);
                                     }),
                             &blocked_);
    }
};

TEST_F(CleanplateBlockedFeatures, KeepAFewPixelsAway)
{
    const FrameFeatures found = features(1);
    EXPECT_GT(found.points.size(), 300u);
    for (const auto& [x, y] : found.points)
        EXPECT_TRUE(x < 97 || x > 303 || y < 47 || y > 203) << x << " " << y;
}

TEST_F(CleanplateBlockedFeatures, AreNotShapedByWhatIsHidden)
{
    const FrameFeatures one = features(1), other = features(20);
    EXPECT_EQ(one.points, other.points);
    EXPECT_EQ(one.descriptors, other.descriptors);
}

TEST(CleanplateFeatures, AMatteOverTheWholeFrameLeavesNone)
{
    const Image blocked(kWindow, kWindow, {{"A"}}, 1.0f);
    EXPECT_TRUE(find_features(1001, picture(kWindow, 1, [](const Vec2& at) { return wall(at); }), &blocked)
                    .points.empty());
}

TEST(CleanplateFeatures, AnEmptyDataWindowHasNone)
{
    EXPECT_TRUE(find_features(1001, Image({}, kWindow, {{"R"}, {"G"}, {"B"}}), nullptr).points.empty());
}

TEST(CleanplateFeatures, NanInThePlateDoesNotSpread)
{
    Image plate = picture(kWindow, 1, [](const Vec2& at) { return wall(at); });
    const std::size_t found = find_features(1001, plate, nullptr).points.size();
    plate.pixel(240, 135)[1] = std::numeric_limits<float>::quiet_NaN();
    plate.pixel(20, 30)[0] = std::numeric_limits<float>::infinity();
    EXPECT_NEAR(double(find_features(1001, plate, nullptr).points.size()), double(found), 20.0);
}

TEST(CleanplateFeatures, HalfTheExposureChangesLittle)
{
    const auto found = [](double exposure) {
        return find_features(1001,
                             picture(
                                 kWindow, 1, [&](const Vec2& at) { return exposure * wall(at); }, 0),
                             nullptr);
    };
    const FrameFeatures bright = found(1), dark = found(0.5);
    int found_again = 0;
    for (const Vec2& point : bright.points)
        found_again += nearest(dark, point) < 0.5;
    EXPECT_GT(found_again, int(bright.points.size()) * 3 / 4);
}

TEST(CleanplateFeatures, SameBitsOnOneAndTwoThreads)
{
    const Image plate = picture(kWindow, 1, [](const Vec2& at) { return wall(at); });
    const auto found = [&](int threads) {
        const ThreadLimit limit(threads);
        return find_features(1001, plate, nullptr);
    };
    const FrameFeatures one = found(1), two = found(2);
    EXPECT_EQ(one.points, two.points);
    EXPECT_EQ(one.descriptors, two.descriptors);
}

}  // namespace
}  // namespace platefall::cleanplate
