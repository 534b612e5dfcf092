#include "image/filter.h"

#include "base/parallel.h"
#include "image/pictures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace platefall {
namespace {

using test::channels_named;
using test::noise;
using test::samples_of;

constexpr Window kEverywhere{-1000, -1000, 1000, 1000};

/// One white pixel at the origin.
Image point()
{
    return Image({0, 0, 1, 1}, {0, 0, 1, 1}, channels_named({"A"}), 1.0f);
}

float at(const Image& image, int x, int y, int channel = 0)
{
    return image.data_window().contains(x, y) ? image.pixel(x, y)[channel] : 0.0f;
}

double sum(const Image& image)
{
    const auto samples = samples_of(image);
    return std::accumulate(samples.begin(), samples.end(), 0.0);
}

/// The definition, without any of the shortcuts.
Image grow_slowly(const Image& image, int radius, bool erode)
{
    const Window& d = image.data_window();
    const int margin = erode ? 0 : radius;
    Image result({d.x0 - margin, d.y0 - margin, d.x1 + margin, d.y1 + margin}, image.display_window(),
                 image.channels());
    const Window& target = result.data_window();
    for (int y = target.y0; y < target.y1; ++y)
        for (int x = target.x0; x < target.x1; ++x)
            for (int c = 0; c < image.channel_count(); ++c) {
                float best = at(image, x, y, c);
                for (int dy = -radius; dy <= radius; ++dy)
                    for (int dx = -radius; dx <= radius; ++dx)
                        if (dx * dx + dy * dy <= (radius + 0.25) * (radius + 0.25)) {
                            const float other = at(image, x + dx, y + dy, c);
                            best = erode ? std::min(best, other) : std::max(best, other);
                        }
                result.pixel(x, y)[c] = best;
            }
    return result;
}

TEST(Grow, IsTheMaximumUnderADisc)
{
    const Image image = noise({-5, 3, 40, 90}, {0, 0, 64, 64}, channels_named({"A", "B"}));
    for (const int radius : {1, 2, 3, 7, 12}) {
        const Image grown = grow(image, radius, kEverywhere), expected = grow_slowly(image, radius, false);
        EXPECT_EQ(grown.data_window(), expected.data_window());
        EXPECT_EQ(samples_of(grown), samples_of(expected)) << "radius " << radius;
    }
}

TEST(Grow, NegativeIsTheMinimumUnderADisc)
{
    const Image image = noise({-5, 3, 40, 90}, {0, 0, 64, 64}, channels_named({"A", "B"}));
    for (const int radius : {1, 2, 5}) {
        const Image shrunk = grow(image, -radius, kEverywhere), expected = grow_slowly(image, radius, true);
        EXPECT_EQ(shrunk.data_window(), image.data_window());
        EXPECT_EQ(samples_of(shrunk), samples_of(expected)) << "radius " << radius;
    }
}

TEST(Grow, APointBecomesADisc)
{
    for (const int radius : {3, 10, 30, 60}) {
        const double disc = std::numbers::pi * (radius + 0.25) * (radius + 0.25);
        EXPECT_NEAR(sum(grow(point(), radius, kEverywhere)), disc, 0.06 * disc + 2) << "radius " << radius;
    }
}

TEST(Grow, EdgesOfEveryAngleMoveByTheRadius)
{
    for (const int radius : {2, 5, 9, 20, 60}) {
        const Image disc = grow(point(), radius, kEverywhere);
        for (int degrees = 0; degrees < 360; degrees += 5) {
            const double nx = std::cos(degrees * std::numbers::pi / 180);
            const double ny = std::sin(degrees * std::numbers::pi / 180);
            double reach = 0;
            for (int y = -radius; y <= radius; ++y)
                for (int x = -radius; x <= radius; ++x)
                    if (at(disc, x, y) > 0)
                        reach = std::max(reach, x * nx + y * ny);
            EXPECT_NEAR(reach, radius, 0.5) << "radius " << radius << ", " << degrees << " degrees";
        }
    }
}

TEST(Grow, ASoftEdgeKeepsItsProfile)
{
    const std::vector<float> profile{0.1f, 0.4f, 0.8f, 1.0f, 1.0f};
    Image edge({0, 0, 40, 41}, {0, 0, 40, 41}, channels_named({"A"}), 1.0f);
    for (int y = 0; y < 41; ++y)
        for (int x = 0; x < 20; ++x)
            edge.pixel(x, y)[0] = x < 15 ? 0.0f : profile[x - 15];
    for (const int radius : {-4, 6}) {
        const Image moved = grow(edge, radius, edge.data_window());
        for (int i = 0; i < 5; ++i)
            EXPECT_EQ(at(moved, 15 + i - radius, 20), profile[i]) << "radius " << radius << " at " << i;
    }
}

TEST(Grow, FractionsLieBetweenTheirNeighbours)
{
    const Image image = noise(20, 20, {"A"});
    const Image two = grow(image, 2, image.data_window()), three = grow(image, 3, image.data_window());
    const Image between = grow(image, 2.25, image.data_window());
    for (std::size_t i = 0; i < between.sample_count(); ++i)
        EXPECT_FLOAT_EQ(between.data()[i], 0.75f * two.data()[i] + 0.25f * three.data()[i]);
}

TEST(Grow, SmallFractionsHardlyChangeThePicture)
{
    const Image image = noise(20, 20, {"A"});
    for (const double radius : {0.001, -0.001}) {
        const Image grown = grow(image, radius, image.data_window());
        for (std::size_t i = 0; i < grown.sample_count(); ++i)
            EXPECT_NEAR(grown.data()[i], image.data()[i], 0.02f);
    }
}

TEST(Grow, ByNothingIsTheSamePicture)
{
    const Image image = noise(20, 20, {"A"});
    EXPECT_EQ(samples_of(grow(image, 0, kEverywhere)), samples_of(image));
}

TEST(Grow, StaysWithinTheLimit)
{
    const Image image = noise({0, 0, 10, 10}, {0, 0, 12, 12}, channels_named({"A"}));
    const Image grown = grow(image, 5, {0, 0, 12, 12});
    EXPECT_EQ(grown.data_window(), (Window{0, 0, 12, 12}));
    EXPECT_TRUE(grow(image, 5, {50, 50, 60, 60}).data_window().empty());
    const Image far = grow(image, 5, {12, 0, 14, 10});
    for (int y = 0; y < 10; ++y)
        EXPECT_EQ(at(far, 13, y), at(grow(image, 5, kEverywhere), 13, y));
}

TEST(Grow, SameOnOneAndTwoThreads)
{
    const Image image = noise(150, 150, {"A"});
    std::vector<std::vector<float>> results;
    for (const int threads : {1, 2}) {
        const ThreadLimit limit(threads);
        results.push_back(samples_of(grow(image, 3.5, kEverywhere)));
    }
    EXPECT_EQ(results[0], results[1]);
}

TEST(Soften, KeepsTheSum)
{
    const Image soft = soften(noise(30, 20, {"A"}), 6, kEverywhere);
    EXPECT_NEAR(sum(soft) / sum(noise(30, 20, {"A"})), 1.0, 1e-5);
}

TEST(Soften, APointBecomesAGaussianOfHalfTheSize)
{
    const double deviation = 4;
    const Image soft = soften(point(), 2 * deviation, kEverywhere);
    EXPECT_EQ(soft.data_window(), (Window{-16, -16, 17, 17}));
    for (const auto& [x, y] : {std::pair{0, 0}, {4, 0}, {0, -7}, {3, 5}}) {
        const double expected = std::exp(-0.5 * (x * x + y * y) / (deviation * deviation))
                                / (2 * std::numbers::pi * deviation * deviation);
        EXPECT_NEAR(at(soft, x, y), expected, 1e-3 * expected) << x << "," << y;
    }
}

TEST(Soften, TheInsideOfAMatteStaysExactlyOne)
{
    const Image matte({0, 0, 60, 60}, {0, 0, 60, 60}, channels_named({"A"}), 1.0f);
    const Image soft = soften(matte, 7.3, kEverywhere);
    EXPECT_EQ(at(soft, 30, 30), 1.0f);
    EXPECT_EQ(at(soft, 16, 43), 1.0f);
    EXPECT_NEAR(at(soft, 0, 30), 0.5f, 0.06f);
    for (const float value : samples_of(soft)) {
        EXPECT_GE(value, 0.0f);
        EXPECT_LE(value, 1.0f);
    }
}

TEST(Soften, IsTheSameThroughAWindow)
{
    const Image image = noise({-5, -5, 25, 15}, {0, 0, 20, 10}, channels_named({"R", "A"}));
    const Image whole = soften(image, 5, kEverywhere), part = soften(image, 5, {3, -8, 40, 6});
    EXPECT_EQ(part.data_window(), (Window{3, -8, 35, 6}));
    for (int y = -8; y < 6; ++y)
        for (int x = 3; x < 35; ++x)
            for (int c = 0; c < 2; ++c)
                ASSERT_EQ(at(part, x, y, c), at(whole, x, y, c)) << x << "," << y;
}

TEST(Soften, ByNothingIsTheSamePicture)
{
    const Image image = noise(20, 20, {"A"});
    EXPECT_EQ(samples_of(soften(image, 0, kEverywhere)), samples_of(image));
}

TEST(Soften, SameOnOneAndTwoThreads)
{
    const Image image = noise(150, 150, {"R", "G", "B", "A"});
    std::vector<std::vector<float>> results;
    for (const int threads : {1, 2}) {
        const ThreadLimit limit(threads);
        results.push_back(samples_of(soften(image, 9.5, kEverywhere)));
    }
    EXPECT_EQ(results[0], results[1]);
}

}  // namespace
}  // namespace platefall
