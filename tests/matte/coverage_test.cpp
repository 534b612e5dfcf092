#include "matte/coverage.h"

#include "matte/outline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace platefall::matte {
namespace {

constexpr int kSize = 64;

std::vector<float> draw(const std::vector<Point>& polygon)
{
    std::vector<float> pixels(kSize * kSize);
    for (int y = 0; y < kSize; ++y)
        cover_row(polygon, 0, y, {pixels.data() + y * kSize, kSize});
    return pixels;
}

double area(const std::vector<float>& pixels)
{
    double total = 0.0;
    for (float pixel : pixels)
        total += pixel;
    return total;
}

float pixel(const std::vector<float>& pixels, int x, int y)
{
    return pixels[y * kSize + x];
}

std::vector<Point> box(double x0, double y0, double x1, double y1)
{
    return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}

std::vector<Point> regular(int corners, double x, double y, double radius, double turn = 0.0)
{
    std::vector<Point> points;
    for (int i = 0; i < corners; ++i) {
        const double angle = turn + 2.0 * std::numbers::pi * i / corners;
        points.push_back({x + radius * std::cos(angle), y + radius * std::sin(angle)});
    }
    return points;
}

TEST(Coverage, ABoxOnThePixelGridIsExactlyOneAndZero)
{
    const auto pixels = draw(box(10, 20, 30, 40));
    for (int y = 0; y < kSize; ++y)
        for (int x = 0; x < kSize; ++x)
            ASSERT_EQ(pixel(pixels, x, y), x >= 10 && x < 30 && y >= 20 && y < 40 ? 1.0f : 0.0f)
                << x << "," << y;
}

TEST(Coverage, ABoxBetweenPixelsCoversTheirParts)
{
    const auto pixels = draw(box(10.25, 20.5, 30.75, 40.125));
    EXPECT_EQ(pixel(pixels, 10, 30), 0.75f);
    EXPECT_EQ(pixel(pixels, 30, 30), 0.75f);
    EXPECT_EQ(pixel(pixels, 20, 20), 0.5f);
    EXPECT_EQ(pixel(pixels, 20, 40), 0.125f);
    EXPECT_EQ(pixel(pixels, 10, 20), 0.375f);
    EXPECT_EQ(pixel(pixels, 20, 30), 1.0f);
}

TEST(Coverage, AreaIsThatOfThePolygonAtAnyAngle)
{
    for (int turn = 0; turn < 24; ++turn) {
        const auto triangle = regular(3, 31.3, 32.7, 25.0, turn * 0.1);
        EXPECT_NEAR(area(draw(triangle)), 0.75 * std::sqrt(3.0) * 625.0, 1e-3) << turn;
    }
}

TEST(Coverage, EitherDirectionOfThePointsIsTheSame)
{
    auto points = regular(7, 30, 30, 20, 0.3);
    const auto forwards = draw(points);
    std::reverse(points.begin(), points.end());
    const auto backwards = draw(points);
    for (std::size_t i = 0; i < forwards.size(); ++i)
        ASSERT_NEAR(forwards[i], backwards[i], 1e-6f);
}

TEST(Coverage, AMirroredPolygonGivesTheMirroredPicture)
{
    auto points = regular(5, 27.4, 31.0, 22.0, 0.2);
    const auto left = draw(points);
    for (Point& p : points)
        p[0] = kSize - p[0];
    const auto right = draw(points);
    for (int y = 0; y < kSize; ++y)
        for (int x = 0; x < kSize; ++x)
            ASSERT_NEAR(pixel(left, x, y), pixel(right, kSize - 1 - x, y), 1e-6f);
}

TEST(Coverage, ASlowMoveChangesAPixelInStepWithIt)
{
    for (int step = 0; step <= 100; ++step) {
        const double x = 10.0 + step / 100.0;
        EXPECT_NEAR(pixel(draw(box(x, 10, 40, 40)), 10, 20), 1.0 - step / 100.0, 1e-6);
    }
}

TEST(Coverage, WhatLiesOutsideIsCutOffExactly)
{
    EXPECT_EQ(area(draw(box(-1e7, -1e7, 1e7, 1e7))), kSize * kSize);
    EXPECT_EQ(area(draw(box(-50, 10, 20, 20))), 200.0);
    EXPECT_EQ(area(draw(box(50, 10, 200, 20))), 140.0);
    EXPECT_EQ(area(draw(box(70, 10, 200, 20))), 0.0);
    // A diamond around the corner of the picture: one quarter of it is seen.
    EXPECT_NEAR(area(draw({{0, -20}, {20, 0}, {0, 20}, {-20, 0}})), 200.0, 1e-4);
}

TEST(Coverage, BothLoopsOfAFigureOfEightAreFilled)
{
    const auto pixels = draw({{10, 10}, {50, 40}, {50, 10}, {10, 40}});
    EXPECT_EQ(pixel(pixels, 12, 25), 1.0f);
    EXPECT_EQ(pixel(pixels, 48, 25), 1.0f);
    EXPECT_EQ(pixel(pixels, 30, 12), 0.0f);
}

TEST(Coverage, NothingIsLeftBesideAJaggedShape)
{
    std::vector<Point> star;
    for (int i = 0; i < 40; ++i) {
        const double radius = i % 2 ? 9.7 : 25.3, angle = i * std::numbers::pi / 20;
        star.push_back({30.1 + radius * std::cos(angle), 30.3 + radius * std::sin(angle)});
    }
    const auto pixels = draw(star);
    for (int y = 0; y < kSize; ++y)
        EXPECT_EQ(pixel(pixels, 60, y), 0.0f);
    EXPECT_EQ(pixel(pixels, 30, 30), 1.0f);
}

TEST(SmoothOutline, GoesThroughItsPointsAndIsRound)
{
    const auto circle = smooth_outline(regular(24, 32, 32, 24));
    double nearest = 1e9, furthest = 0.0;
    for (const Point& p : circle) {
        nearest = std::min(nearest, std::hypot(p[0] - 32, p[1] - 32));
        furthest = std::max(furthest, std::hypot(p[0] - 32, p[1] - 32));
    }
    EXPECT_NEAR(nearest, 24.0, 0.012);
    EXPECT_NEAR(furthest, 24.0, 0.001);
    EXPECT_NEAR(area(draw(circle)), std::numbers::pi * 576, 0.001 * std::numbers::pi * 576);
}

TEST(SmoothOutline, BearsPointsThatFallTogether)
{
    const auto outline = smooth_outline(std::vector<Point>{{10, 10}, {40, 10}, {40, 10}, {40, 40}, {10, 40}});
    for (const Point& p : outline) {
        ASSERT_TRUE(std::isfinite(p[0]) && std::isfinite(p[1]));
        EXPECT_GT(p[0], 0.0);
        EXPECT_LT(p[0], 50.0);
    }
}

} // namespace
} // namespace platefall::matte
