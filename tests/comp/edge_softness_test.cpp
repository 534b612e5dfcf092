#include "comp/edge_softness.h"

#include "base/parallel.h"
#include "image/filter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace platefall::comp {
namespace {

constexpr Window kSize{0, 0, 320, 192};

/// Tilted bright squares on a dark ground, as a lens of the given softness and square pixels see them, with noise.
Image houses(double softness_px, double noise = 0, double tilt = 0.12)
{
    constexpr int kFine = 4; // samples a side of a pixel
    Image image(kSize, kSize, {{"R"}, {"G"}, {"B"}});
    const auto edge = [&](double distance) { return 0.5 * std::erfc(-distance / softness_px / std::sqrt(2.0)); };
    const auto light = [&](double x, double y) {
        const double u = std::fmod(x * std::cos(tilt) + y * std::sin(tilt) + 640, 64) - 32;
        const double v = std::fmod(y * std::cos(tilt) - x * std::sin(tilt) + 640, 64) - 32;
        return 0.1 + 0.5 * edge(16 - std::abs(u)) * edge(16 - std::abs(v));
    };
    std::mt19937 random(3);
    for (int y = 0; y < kSize.y1; ++y)
        for (int x = 0; x < kSize.x1; ++x) {
            double sum = 0;
            for (int i = 0; i < kFine * kFine; ++i)
                sum += light(x + (i % kFine + 0.5) / kFine, y + (i / kFine + 0.5) / kFine) / (kFine * kFine);
            for (int c = 0; c < 3; ++c)
                image.pixel(x, y)[c] = static_cast<float>(sum + noise * (std::generate_canonical<double, 32>(random) - 0.5) * std::sqrt(12.0));
        }
    return image;
}

double measured(const Image& plate)
{
    EdgeMeter meter;
    meter.add(plate);
    return meter.softness_px().value_or(-1);
}

TEST(EdgeSoftness, ALensIsMeasuredToATwentiethOfAPixel)
{
    for (const double softness : {0.5, 0.7, 1.0, 1.6})
        EXPECT_NEAR(measured(houses(softness)), softness, 0.05) << softness;
}

TEST(EdgeSoftness, UprightEdgesAreMeasuredAsWell)
{
    EXPECT_NEAR(measured(houses(0.8, 0, 0.0)), 0.8, 0.08);
}

TEST(EdgeSoftness, NoiseOfATwentiethOfTheStepChangesItByATenthOfAPixelAtMost)
{
    EXPECT_NEAR(measured(houses(0.7, 0.025)), 0.7, 0.1);
}

TEST(EdgeSoftness, TheSharpestEdgesCountWhereMostAreOutOfFocus)
{
    EdgeMeter meter;
    meter.add(houses(0.6));
    meter.add(houses(1.8));
    EXPECT_NEAR(meter.softness_px().value(), 0.6, 0.08);
}

TEST(EdgeSoftness, APlateWithoutEdgesSaysNothing)
{
    Image flat(kSize, kSize, {{"R"}, {"G"}, {"B"}});
    EXPECT_EQ(measured(flat), -1);
    std::mt19937 random(5);
    for (std::size_t i = 0; i < flat.sample_count(); ++i)
        flat.data()[i] = 0.5f + 0.2f * std::generate_canonical<float, 24>(random);
    EXPECT_EQ(measured(flat), -1);
}

TEST(EdgeSoftness, AThinLineIsNoEdge)
{
    Image line(kSize, kSize, {{"Y"}});
    for (int y = 0; y < kSize.y1; ++y)
        *line.pixel(100, y) = 1;
    EXPECT_FALSE(fit_edge(line, 99, 128).has_value());
    EXPECT_FALSE(fit_edge(line, 2, 2).has_value());
}

TEST(EdgeSoftness, OneThreadAndManyMeasureTheSameBits)
{
    const Image plate = houses(0.7, 0.02);
    const double many = measured(plate);
    const ThreadLimit one(1);
    EXPECT_EQ(measured(plate), many);
}

} // namespace
} // namespace platefall::comp
