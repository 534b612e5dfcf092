#include "render/surface/material.h"

#include "render/sampling.h"
#include "render/surface/material_noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace platefall::render {
namespace {

/// Every kind of surface that a piece can have.
std::vector<SurfacePoint> all_kinds()
{
    std::vector<SurfacePoint> kinds;
    for (const Substance substance :
         {Substance::concrete, Substance::masonry, Substance::board, Substance::glass, Substance::steel})
        for (const bool broken : {false, true})
            for (const bool outside : {false, true})
                kinds.push_back({.rest = V3(0),
                                 .normal = {0, 0, 1},
                                 .substance = substance,
                                 .broken = broken,
                                 .outside = outside});
    kinds.push_back({.rest = V3(0), .normal = {0, 1, 0}, .floor = true});
    kinds.push_back({.rest = V3(0), .normal = {0, -1, 0}, .ceiling = true});
    return kinds;
}

/// A kind of surface at many places, elements and storeys, with the same draws every time.
template <typename Visit>
void visit_places(SurfacePoint point, int count, const Visit& visit)
{
    for (int i = 0; i < count; ++i) {
        const std::uint32_t h = hashed(17, static_cast<std::uint32_t>(i));
        point.rest = V3(unit_of(h), unit_of(hashed(h, 1)), unit_of(hashed(h, 2))) * 20.0f;
        point.element = hashed(h, 3) % 61u;
        point.piece = hashed(h, 4);
        point.storey = static_cast<int>(point.rest.y / 3.0f);
        point.edge_m = unit_of(hashed(h, 5));
        visit(point);
    }
}

struct Spread {
    Colour mean{0, 0, 0};
    float deviation = 0;  ///< of luminance
};

/// Over one face of one element, far from its edges.
Spread spread_of(SurfacePoint point, float width_m)
{
    point.width_m = width_m;
    point.edge_m = 1;
    double sum = 0, squares = 0;
    V3 mean(0);
    const int count = 6000;
    const V3 along = std::abs(point.normal.y) > 0.5f ? V3(0, 0, 1) : V3(0, 1, 0);
    for (int i = 0; i < count; ++i) {
        const std::uint32_t h = hashed(29, static_cast<std::uint32_t>(i));
        point.rest = V3(1, 0, 0) * (12 * unit_of(h)) + along * (0.4f + 2.0f * unit_of(hashed(h, 1)));
        const Colour albedo = surface_at(point).albedo;
        mean += albedo / static_cast<float>(count);
        sum += luminance(albedo);
        squares += luminance(albedo) * luminance(albedo);
    }
    const double average = sum / count;
    return {mean, static_cast<float>(std::sqrt(std::max(0.0, squares / count - average * average)))};
}

float mean_luminance(const SurfacePoint& kind)
{
    float sum = 0;
    visit_places(kind, 4000, [&](const SurfacePoint& point) { sum += luminance(surface_at(point).albedo); });
    return sum / 4000;
}

TEST(Material, EveryAlbedoIsThatOfARealSurface)
{
    for (const SurfacePoint& kind : all_kinds())
        for (const float width : {0.001f, 0.02f, 0.1f, 1.0f}) {
            SurfacePoint wide = kind;
            wide.width_m = width;
            visit_places(wide, 500, [](const SurfacePoint& point) {
                const Colour albedo = surface_at(point).albedo;
                for (int channel = 0; channel < 3; ++channel) {
                    ASSERT_GE(albedo[channel], 0.02f);
                    ASSERT_LE(albedo[channel], 0.85f);
                }
            });
        }
}

TEST(Material, WhatThingsAreMadeOfIsAsPaleAsItIs)
{
    const auto pale = [](Substance substance, bool broken) {
        return mean_luminance({.rest = V3(0), .normal = {0, 0, 1}, .substance = substance, .broken = broken});
    };
    EXPECT_NEAR(pale(Substance::concrete, true), 0.35f, 0.08f);
    EXPECT_NEAR(pale(Substance::masonry, true), 0.27f, 0.08f);
    EXPECT_NEAR(pale(Substance::board, true), 0.56f, 0.10f);
    EXPECT_LT(pale(Substance::glass, false), 0.12f);
}

TEST(Material, NormalsKeepTheirLengthAndTheFacesSide)
{
    for (SurfacePoint kind : all_kinds())
        for (const V3& normal : {V3(0, 0, 1), V3(0.6f, 0, -0.8f), V3(0, -1, 0), V3(0.36f, 0.48f, 0.8f)}) {
            kind.normal = normal;
            visit_places(kind, 300, [](const SurfacePoint& point) {
                const Surface surface = surface_at(point);
                ASSERT_NEAR(surface.normal.length(), 1.0f, 1e-4f);
                ASSERT_GT(surface.normal.dot(point.normal), 0.3f);
            });
        }
}

TEST(Material, BrokenFacesHaveRelief)
{
    for (const Substance substance : {Substance::concrete, Substance::masonry, Substance::board}) {
        float lean = 0;
        visit_places({.rest = V3(0), .normal = {0, 0, 1}, .substance = substance, .broken = true}, 2000,
                     [&](const SurfacePoint& point) {
                         lean += std::acos(std::min(1.0f, surface_at(point).normal.z)) / 2000;
                     });
        EXPECT_GT(lean, 0.15f);  // rad
        EXPECT_LT(lean, 0.8f);
    }
}

TEST(Material, TheSamePlaceAlwaysLooksTheSame)
{
    for (const SurfacePoint& kind : all_kinds())
        visit_places(kind, 50, [](const SurfacePoint& point) {
            const Surface once = surface_at(point), again = surface_at(point);
            ASSERT_EQ(once.albedo, again.albedo);
            ASSERT_EQ(once.normal, again.normal);
        });
}

TEST(Material, AFinePixelsNeighbourLooksNearlyTheSame)
{
    for (SurfacePoint kind : all_kinds()) {
        kind.width_m = 0.05f;
        float change = 0;
        visit_places(kind, 2000, [&](const SurfacePoint& point) {
            SurfacePoint beside = point;
            beside.rest += V3(0.0005f, 0.0005f, 0);  // a hundredth of a pixel
            change +=
                std::abs(luminance(surface_at(point).albedo) - luminance(surface_at(beside).albedo)) / 2000;
        });
        EXPECT_LT(change, 0.002f) << static_cast<int>(kind.substance) << kind.broken;
    }
}

TEST(Material, TwoElementsDiffer)
{
    for (SurfacePoint kind : all_kinds()) {
        if (kind.substance == Substance::glass || kind.substance == Substance::steel)
            continue;
        int same = 0;
        visit_places(kind, 200, [&](const SurfacePoint& point) {
            SurfacePoint other = point;
            other.element += 1;
            same += surface_at(point).albedo == surface_at(other).albedo ? 1 : 0;
        });
        EXPECT_LT(same, 4);
    }
}

TEST(Material, AWidePixelSeesTheMeanOfWhatANarrowOneSees)
{
    for (SurfacePoint kind : all_kinds())
        for (const std::uint32_t element : {3u, 21u}) {
            kind.element = element;
            const Spread narrow = spread_of(kind, 0.004f), wide = spread_of(kind, 0.1f);
            for (int channel = 0; channel < 3; ++channel)
                EXPECT_NEAR(wide.mean[channel] / narrow.mean[channel], 1.0f, 0.06f)
                    << "substance " << static_cast<int>(kind.substance) << " broken " << kind.broken
                    << " element " << element;
        }
}

TEST(Material, AWidePixelHidesDetail)
{
    for (SurfacePoint kind : all_kinds()) {
        if (!kind.broken || kind.substance == Substance::glass || kind.substance == Substance::steel)
            continue;  // what is even has little to hide
        const float fine = spread_of(kind, 0.004f).deviation, middling = spread_of(kind, 0.06f).deviation,
                    wide = spread_of(kind, 2.0f).deviation;
        EXPECT_LT(middling, fine);
        EXPECT_LT(wide, 0.35f * fine);
    }
}

TEST(Material, PlacesThatAreNoneGiveNoNan)
{
    const float nan = std::numeric_limits<float>::quiet_NaN(),
                infinity = std::numeric_limits<float>::infinity();
    for (SurfacePoint kind : all_kinds())
        for (const float wild : {0.0f, 1e30f, -1e30f, infinity, -infinity, nan, 1e-38f})
            for (const float width : {0.0f, 1e-20f, 1.0f, 1e30f, infinity, nan}) {
                kind.rest = {wild, -wild, 1};
                kind.width_m = width;
                for (const float edge : {0.0f, -1.0f, 1e30f}) {
                    kind.edge_m = edge;
                    const Surface surface = surface_at(kind);
                    ASSERT_TRUE(std::isfinite(surface.albedo.x + surface.albedo.y + surface.albedo.z));
                    ASSERT_NEAR(surface.normal.length(), 1.0f, 1e-3f);
                }
            }
}

/// Mean luminance of a torn brick wall by height: 400 rows, 3 mm apart.
std::vector<float> rows_of_bricks()
{
    SurfacePoint point{.rest = V3(0),
                       .normal = {0, 0, 1},
                       .substance = Substance::masonry,
                       .broken = true,
                       .width_m = 0.004f};
    std::vector<float> rows(400, 0.0f);
    for (std::size_t row = 0; row < rows.size(); ++row)
        for (int i = 0; i < 300; ++i) {
            point.rest = V3(0.083f * static_cast<float>(i), 0.003f * static_cast<float>(row) + 0.0015f, 0);
            rows[row] += luminance(surface_at(point).albedo) / 300;
        }
    return rows;
}

/// How alike rows are that lie `apart` rows from each other: 1 alike, 0 strangers.
float likeness(const std::vector<float>& rows, std::size_t apart)
{
    float mean = 0, product = 0, square = 0;
    for (const float row : rows)
        mean += row / static_cast<float>(rows.size());
    for (std::size_t i = 0; i + apart < rows.size(); ++i) {
        product += (rows[i] - mean) * (rows[i + apart] - mean);
        square += (rows[i] - mean) * (rows[i] - mean);
    }
    return product / square;
}

TEST(Material, ABrickWallHasCoursesOfSeventyFiveMillimetres)
{
    const std::vector<float> rows = rows_of_bricks();
    EXPECT_GT(likeness(rows, 25), 0.4f);
    EXPECT_GT(likeness(rows, 50), 0.4f);
    for (const std::size_t apart : {12, 18, 32, 37})
        EXPECT_LT(likeness(rows, apart), 0.2f) << 3 * apart << " mm";
}

TEST(MaterialNoise, GradientNoiseHasTheSlopeItSaysAndIsZeroOnAverage)
{
    float mean = 0;
    for (int i = 0; i < 3000; ++i) {
        const std::uint32_t h = hashed(5, static_cast<std::uint32_t>(i));
        const V3 at = V3(unit_of(h), unit_of(hashed(h, 1)), unit_of(hashed(h, 2))) * 40.0f - V3(20.0f);
        const Wave wave = gradient_noise(at, 9);
        mean += wave.value / 3000;
        const float e = 1.0f / 128;
        const V3 slope(
            (gradient_noise(at + V3(e, 0, 0), 9).value - gradient_noise(at - V3(e, 0, 0), 9).value) / (2 * e),
            (gradient_noise(at + V3(0, e, 0), 9).value - gradient_noise(at - V3(0, e, 0), 9).value) / (2 * e),
            (gradient_noise(at + V3(0, 0, e), 9).value - gradient_noise(at - V3(0, 0, e), 9).value)
                / (2 * e));
        ASSERT_LT((slope - wave.slope).length(), 0.01f);
    }
    EXPECT_NEAR(mean, 0.0f, 0.02f);
}

TEST(MaterialNoise, NoiseRunsOnAcrossLatticePoints)
{
    for (int i = -5; i < 5; ++i) {
        const V3 at(static_cast<float>(i), 0.4f, -0.3f), step(1e-4f, 0, 0);
        EXPECT_NEAR(value_noise(at - step, 3), value_noise(at + step, 3), 1e-3f);
        EXPECT_NEAR(gradient_noise(at - step, 3).value, gradient_noise(at + step, 3).value, 1e-3f);
    }
}

TEST(MaterialNoise, AStripeCoversWhatItIsWide)
{
    EXPECT_FLOAT_EQ(stripe(0, 0.1f, 0.05f), 1);
    EXPECT_FLOAT_EQ(stripe(0, 0.1f, 0.4f), 0.5f);
    EXPECT_FLOAT_EQ(stripe(0.1f, 0.1f, 0.05f), 0.5f);
    EXPECT_FLOAT_EQ(stripe(0.3f, 0.1f, 0.05f), 0);
}

}  // namespace
}  // namespace platefall::render
