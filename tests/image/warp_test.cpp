#include "image/warp.h"

#include <platefall/error.h>

#include "base/parallel.h"
#include "image/pictures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace platefall {
namespace {

using test::channels_named;
using test::noise;
using test::samples_of;

constexpr Window kEverywhere{-1000, -1000, 1000, 1000};
constexpr Affine kIdentity{1, 0, 0, 0, 1, 0};
constexpr std::array kFilters{Reconstruction::nearest, Reconstruction::linear, Reconstruction::cubic};

float at(const Image& image, int x, int y, int channel = 0)
{
    return image.data_window().contains(x, y) ? image.pixel(x, y)[channel] : 0.0f;
}

/// Smooth enough that a warp and its inverse can give it back.
Image hills(const Window& window)
{
    Image image(window, window, channels_named({"R", "A"}));
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            image.pixel(x, y)[0] = static_cast<float>(2 + std::sin(x * 0.15) * std::cos(y * 0.11));
            image.pixel(x, y)[1] = static_cast<float>(1 + 0.5 * std::cos(x * 0.07 + y * 0.09));
        }
    return image;
}

TEST(Transform, IdentityChangesNoBit)
{
    const Image image = noise({-3, -2, 17, 9}, {0, 0, 16, 8}, channels_named({"R", "G", "B", "A"}));
    for (const Reconstruction filter : kFilters) {
        const Image moved = transform(image, kIdentity, filter, kEverywhere);
        EXPECT_EQ(moved.data_window(), image.data_window());
        EXPECT_EQ(samples_of(moved), samples_of(image));
    }
}

TEST(Transform, WholePixelsChangeNoBit)
{
    const Image image = noise({-3, -2, 17, 9}, {0, 0, 16, 8}, channels_named({"R", "A"}));
    for (const Reconstruction filter : kFilters) {
        const Image moved = transform(image, {1, 0, 5, 0, 1, -7}, filter, kEverywhere);
        EXPECT_EQ(moved.data_window(), (Window{2, -9, 22, 2}));
        EXPECT_EQ(moved.display_window(), image.display_window());
        EXPECT_EQ(samples_of(moved), samples_of(image));
    }
}

TEST(Transform, HalfAPixelIsTheMeanOfTwo)
{
    Image image({0, 0, 3, 1}, {0, 0, 3, 1}, channels_named({"Y"}));
    image.data()[0] = 1;
    image.data()[1] = 3;
    image.data()[2] = 7;
    const Image moved = transform(image, {1, 0, 0.5, 0, 1, 0}, Reconstruction::linear, kEverywhere);
    EXPECT_EQ(at(moved, 0, 0), 0.5f);
    EXPECT_EQ(at(moved, 1, 0), 2.0f);
    EXPECT_EQ(at(moved, 2, 0), 5.0f);
    EXPECT_EQ(at(moved, 3, 0), 3.5f);
}

TEST(Transform, PixelCentresLieAtOneHalf)
{
    // Twice the size about the origin: source pixel 0 covers target pixels 0 and 1.
    const Image image = noise(4, 4, {"Y"});
    const Image twice = transform(image, {2, 0, 0, 0, 2, 0}, Reconstruction::nearest, kEverywhere);
    EXPECT_EQ(twice.data_window(), (Window{0, 0, 8, 8}));
    for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 8; ++x)
            EXPECT_EQ(at(twice, x, y), at(image, x / 2, y / 2));
}

TEST(Transform, AQuarterTurnMovesEveryPixel)
{
    const Image image = noise(6, 4, {"Y"});
    for (const Reconstruction filter : kFilters) {
        const Image turned =
            transform(image, {0, -1, 4, 1, 0, 0}, filter, kEverywhere);   // x' = 4 - y, y' = x
        for (int y = 0; y < 4; ++y)
            for (int x = 0; x < 6; ++x)
                EXPECT_NEAR(at(turned, 3 - y, x), at(image, x, y), 1e-5f) << x << "," << y;
    }
}

TEST(Transform, ThereAndBackGivesTheInterior)
{
    const Image image = hills({0, 0, 80, 60});
    const double angle = 10 * std::numbers::pi / 180, c = std::cos(angle), s = std::sin(angle);
    const Affine there{c, -s, 3.3, s, c, -1.7};
    const Affine back{c, s, -(c * 3.3 - s * 1.7), -s, c, s * 3.3 + c * 1.7};
    const Image result = transform(transform(image, there, Reconstruction::cubic, kEverywhere), back,
                                   Reconstruction::cubic, kEverywhere);
    for (int y = 6; y < 54; ++y)
        for (int x = 6; x < 74; ++x)
            for (int channel = 0; channel < 2; ++channel)
                ASSERT_NEAR(at(result, x, y, channel), at(image, x, y, channel), 2e-3f) << x << "," << y;
}

TEST(Transform, ReductionAveragesInsteadOfSkipping)
{
    // One pixel checks: any sampling that skips would show them.
    Image checks({0, 0, 64, 64}, {0, 0, 64, 64}, channels_named({"Y"}));
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64; ++x)
            checks.pixel(x, y)[0] = static_cast<float>((x + y) % 2);
    const Image small = transform(checks, {0.25, 0, 0, 0, 0.25, 0}, Reconstruction::linear, kEverywhere);
    for (int y = 1; y < 15; ++y)
        for (int x = 1; x < 15; ++x)
            EXPECT_NEAR(at(small, x, y), 0.5f, 1e-6f);
}

TEST(Transform, NearestNeverMixesIds)
{
    const Image ids = noise(64, 64, {"id"});
    const auto known = samples_of(ids);
    for (const float id :
         samples_of(transform(ids, {0.3, 0.1, 0, -0.1, 0.3, 0}, Reconstruction::nearest, kEverywhere)))
        EXPECT_TRUE(id == 0.0f || std::find(known.begin(), known.end(), id) != known.end()) << id;
}

TEST(Transform, StaysWithinTheLimit)
{
    const Image image = noise(10, 10, {"A"});
    EXPECT_EQ(transform(image, {1, 0, 5, 0, 1, 5}, Reconstruction::linear, {0, 0, 12, 12}).data_window(),
              (Window{5, 5, 12, 12}));
    EXPECT_EQ(transform(image, {1e8, 0, 0, 0, 1e8, 0}, Reconstruction::linear, {0, 0, 12, 12}).data_window(),
              (Window{0, 0, 12, 12}));
    EXPECT_TRUE(transform(image, {1, 0, 5e6, 0, 1, 0.5}, Reconstruction::linear, {0, 0, 12, 12})
                    .data_window()
                    .empty());
}

TEST(Transform, ScaleZeroIsRefused)
{
    try {
        transform(noise(4, 4, {"A"}), {0, 0, 1, 0, 1, 0}, Reconstruction::linear, kEverywhere);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "a transform squeezes the picture to nothing; its scale must not be 0");
    }
}

/// A map in the manner of compositing programs: R across from the left, G up from the bottom.
template <class Position>
Image stmap(const Window& window, Position source_of)
{
    Image map(window, window, channels_named({"R", "G"}, ChannelType::full_float));
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            const auto [u, v] = source_of(x + 0.5, y + 0.5);
            map.pixel(x, y)[0] = static_cast<float>(u / window.width());
            map.pixel(x, y)[1] = static_cast<float>(1.0 - v / window.height());
        }
    return map;
}

constexpr Window kFrame{0, 0, 160, 90};

TEST(StMap, IdentityGivesThePictureWithItsEdges)
{
    const Image image = hills(kFrame);
    const Image same = apply_stmap(image, stmap(kFrame, [](double x, double y) { return std::pair{x, y}; }),
                                   Reconstruction::linear);
    for (std::size_t i = 0; i < image.sample_count(); ++i)
        ASSERT_NEAR(same.data()[i], image.data()[i], 1e-4f);
}

TEST(StMap, GreenPointsUp)
{
    const Image image = noise(8, 8, {"Y"});
    Image map({0, 0, 1, 1}, {0, 0, 8, 8}, channels_named({"R", "G"}, ChannelType::full_float));
    map.data()[0] = 0.5f / 8;
    map.data()[1] = 0.5f / 8;   // the lowest row
    const Image result = apply_stmap(image, map, Reconstruction::nearest);
    EXPECT_EQ(result.data()[0], at(image, 0, 7));
}

// The lens of a wide angle: a point at distance r from the centre is recorded at r (1 + k r^2).
constexpr double kLens = 0.08;

std::pair<double, double> about_the_centre(double x, double y, double (*scale)(double))
{
    const double cx = 0.5 * kFrame.width(), cy = 0.5 * kFrame.height();
    const double r = std::hypot(x - cx, y - cy) / cx, factor = scale(r);
    return {cx + (x - cx) * factor, cy + (y - cy) * factor};
}

double distorted(double r) { return 1 + kLens * r * r; }

double undistorted(double r)
{
    double straight = r;
    for (int i = 0; i < 50; ++i)
        straight = r / distorted(straight);
    return r > 0 ? straight / r : 1.0;
}

TEST(StMap, UndistortThenRedistortGivesThePictureBack)
{
    const Image image = hills(kFrame);
    const Image undistort =
        stmap(kFrame, [](double x, double y) { return about_the_centre(x, y, distorted); });
    const Image redistort =
        stmap(kFrame, [](double x, double y) { return about_the_centre(x, y, undistorted); });

    const Image straight = apply_stmap(image, undistort, Reconstruction::cubic);
    double change = 0;
    for (std::size_t i = 0; i < image.sample_count(); ++i)
        change = std::max(change, std::abs(static_cast<double>(straight.data()[i]) - image.data()[i]));
    EXPECT_GT(change, 0.1) << "the lens must have an effect";

    const Image back = apply_stmap(straight, redistort, Reconstruction::cubic);
    for (int y = 12; y < 78; ++y)
        for (int x = 16; x < 144; ++x)
            ASSERT_NEAR(at(back, x, y), at(image, x, y), 2e-3f) << x << "," << y;
}

TEST(StMap, WhereItLeavesThePictureOrIsNotANumberThereIsNothing)
{
    const Image image(kFrame, kFrame, channels_named({"A"}), 1.0f);
    Image map({0, 0, 4, 1}, kFrame, channels_named({"S", "T"}, ChannelType::full_float), 0.5f);
    map.pixel(0, 0)[0] = -0.01f;
    map.pixel(1, 0)[1] = std::numeric_limits<float>::quiet_NaN();
    map.pixel(2, 0)[0] = std::numeric_limits<float>::infinity();
    EXPECT_EQ(samples_of(apply_stmap(image, map, Reconstruction::linear)), (std::vector<float>{0, 0, 0, 1}));
}

TEST(StMap, OverscanIsReached)
{
    Image image = noise({-10, -10, 20, 20}, {0, 0, 10, 10}, channels_named({"Y"}));
    Image map({0, 0, 1, 1}, {0, 0, 10, 10}, channels_named({"R", "G"}, ChannelType::full_float));
    map.data()[0] = -0.55f;   // x = -5.5
    map.data()[1] = 1.25f;    // y = -2.5
    EXPECT_EQ(apply_stmap(image, map, Reconstruction::nearest).data()[0], at(image, -6, -3));
}

TEST(StMap, WithoutItsChannelsIsRefused)
{
    try {
        apply_stmap(noise(4, 4, {"A"}), noise(4, 4, {"R", "B"}), Reconstruction::linear);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "an STMap needs the channels R and G, or S and T (has R B)");
    }
}

TEST(Warps, SameOnOneAndTwoThreads)
{
    const Image image = noise(100, 100, {"R", "G", "B", "A"});
    std::vector<std::vector<float>> results;
    for (const int threads : {1, 2}) {
        const ThreadLimit limit(threads);
        results.push_back(
            samples_of(transform(image, {0.7, 0.2, 3, -0.2, 0.9, 1}, Reconstruction::cubic, kEverywhere)));
    }
    EXPECT_EQ(results[0], results[1]);
}

}  // namespace
}  // namespace platefall
