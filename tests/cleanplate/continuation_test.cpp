#include "cleanplate/fill/continuation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace platefall::cleanplate {
namespace {

constexpr int kWidth = 160, kHeight = 80, kKnown = 24;

/// A strip on the left is known, all the rest is to be filled.
Level strip(const std::function<double(int x, int y)>& stops, int known = kKnown)
{
    Raster<Feature> features(kWidth, kHeight, kPatchRadius, Feature{});
    Raster<Kind> kinds(kWidth, kHeight, kPatchRadius, Kind::ignored);
    for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x) {
            kinds(x, y) = x < known ? Kind::source : Kind::hole;
            for (std::size_t c = 0; c < 3 && x < known; ++c)
                features(x, y).lane[c] = static_cast<std::int16_t>(std::lround(256 * stops(x, y)));
        }
    return make_level(std::move(features), std::move(kinds));
}

/// Windows of a facade, every 11.4 px.
double window(int x, int y)
{
    const double along = std::fmod(x + 0.5, 11.4);
    return along < 6 && y % 18 < 10 ? 2.0 : 4.0;
}

double noise(int x, int y)
{
    const auto n = static_cast<unsigned>(x * 73856093 ^ y * 19349663) * 2654435761u;
    return 3 + static_cast<double>(n >> 16 & 0xff) / 512;
}

TEST(Continuation, AFacadeGoesOnByMultiplesOfItsWindows)
{
    const std::vector<Shift> shifts = continuations(strip(window));
    ASSERT_GE(shifts.size(), 10u);
    double furthest = 0;
    for (const Shift& shift : shifts) {
        const Offset offset = nearest_pixel(shift.offset);
        EXPECT_LT(offset.x, 0) << "to the left, where something is known";
        EXPECT_EQ(offset.y % 18, 0);
        const double windows = offset.x / -11.4;
        EXPECT_NEAR(windows, std::round(windows), 0.35) << offset.x;
        furthest = std::min(furthest, static_cast<double>(offset.x));
    }
    EXPECT_LT(furthest, -(kWidth - kKnown - 12)) << "as far as the hole goes";
}

TEST(Continuation, WhatIsOnlySmoothOrNoiseDoesNotRepeat)
{
    EXPECT_TRUE(continuations(strip([](int x, int y) { return 3 + 0.02 * x + 0.01 * y; })).empty());
    EXPECT_TRUE(continuations(strip(noise)).empty());
}

TEST(Continuation, IsForHolesLargerThanWhatIsKnown)
{
    EXPECT_TRUE(continuations(strip(window, kWidth / 2 + 1)).empty());
}

TEST(Continuation, ASmallStripTellsNothing)
{
    EXPECT_TRUE(continuations(strip(window, 6)).empty()) << "less than a window";
}

}  // namespace
}  // namespace platefall::cleanplate
