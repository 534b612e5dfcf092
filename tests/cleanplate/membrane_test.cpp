#include "cleanplate/solve/membrane.h"

#include "base/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <stdexcept>

namespace platefall::cleanplate {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr Window kSize{-20, 30, 181, 180};  // odd, even, and away from the origin

using Function = std::function<float(int x, int y)>;

Image picture(const Window& window, const std::vector<Function>& channels)
{
    const std::vector<Channel> names{{"R"}, {"G"}, {"B"}};
    Image made(window, window, {names.begin(), names.begin() + static_cast<std::ptrdiff_t>(channels.size())});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            for (std::size_t c = 0; c < channels.size(); ++c)
                made.pixel(x, y)[c] = channels[c](x, y);
    return made;
}

Image weight(const Window& window, const std::function<bool(int x, int y)>& known)
{
    return picture(window, {[&](int x, int y) { return known(x, y) ? 1.0f : 0.0f; }});
}

Image on_the_rim(const Window& w)
{
    return weight(w, [&](int x, int y) { return x == w.x0 || y == w.y0 || x == w.x1 - 1 || y == w.y1 - 1; });
}

/// Known outside a hole with a jagged edge and an island.
Image around_a_hole(const Window& window)
{
    std::mt19937 random(5);
    std::uniform_real_distribution<double> uniform(0, 8);
    return weight(window, [&](int x, int y) {
        const double distance = std::hypot(x - 80, y - 105);
        return distance > 55 + uniform(random) || distance < 4;
    });
}

float saddle(int x, int y)
{
    return static_cast<float>((x - 60) * (y - 100)) / 2000.0f;
}
float other_saddle(int x, int y)
{
    return static_cast<float>((x - 50) * (x - 50) - (y - 90) * (y - 90)) / 4000.0f;
}
float slope(int x, int y)
{
    return 3.0f + 0.01f * static_cast<float>(x - 2 * y);
}

/// The values with NaN where nothing is known, so that whoever looks there is found out.
Image only_known(Image values, const Image& known)
{
    const Window& window = values.data_window();
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            if (known.pixel(x, y)[0] == 0)
                std::fill_n(values.pixel(x, y), values.channel_count(), kNan);
    return values;
}

float largest_difference(const Image& a, const Image& b)
{
    float largest = 0;
    for (std::size_t i = 0; i < a.sample_count(); ++i)
        largest = std::max(largest, std::isnan(a.data()[i]) ? INFINITY : std::abs(a.data()[i] - b.data()[i]));
    return largest;
}

float range_of(const Image& image)
{
    const auto [low, high] = std::minmax_element(image.data(), image.data() + image.sample_count());
    return *high - *low;
}

Image gradient(const Image& of, int dx, int dy)
{
    const Window& w = of.data_window();
    Image made(w, w, of.channels(), kNan);
    for (int y = w.y0; y < w.y1 - dy; ++y)
        for (int x = w.x0; x < w.x1 - dx; ++x)
            for (int c = 0; c < of.channel_count(); ++c)
                made.pixel(x, y)[c] = of.pixel(x + dx, y + dy)[c] - of.pixel(x, y)[c];
    return made;
}

/// Edges, texture and a highlight.
Image street()
{
    std::mt19937 random(9);
    std::uniform_real_distribution<float> uniform(0.0f, 0.2f);
    const auto brick = [&](int x, int y) {
        return uniform(random) + ((x / 16 + y / 9) % 2 == 0 ? 0.7f : 0.2f);
    };
    const auto lamp = [&](int x, int y) {
        return std::hypot(x - 100, y - 90) < 6 ? 20.0f : 0.5f + uniform(random);
    };
    return picture(kSize, {brick, lamp, slope});
}

TEST(Membrane, FindsHarmonicFunctionsFromTheirRim)
{
    const Image truth = picture(kSize, {saddle, other_saddle, slope}), known = on_the_rim(kSize);
    const Image found = spread_membrane(only_known(truth, known), known);
    EXPECT_LT(largest_difference(found, truth), 1e-3f * range_of(truth));
}

TEST(Membrane, FindsThemInAJaggedHoleWithAnIsland)
{
    const Image truth = picture(kSize, {saddle, other_saddle}), known = around_a_hole(kSize);
    const Image found = spread_membrane(only_known(truth, known), known);
    EXPECT_LT(largest_difference(found, truth), 1e-3f * range_of(truth));
}

TEST(Membrane, KeepsTheBitsOfKnownValues)
{
    const Image values = street(), known = around_a_hole(kSize);
    const Image found = spread_membrane(values, known);
    for (int y = kSize.y0; y < kSize.y1; ++y)
        for (int x = kSize.x0; x < kSize.x1; ++x)
            if (known.pixel(x, y)[0] > 0) {
                ASSERT_EQ(std::memcmp(found.pixel(x, y), values.pixel(x, y), 3 * sizeof(float)), 0)
                    << x << "," << y;
            }
}

TEST(Membrane, NeverLeavesTheRangeOfTheKnownValues)
{
    const Image values = street();
    std::mt19937 random(1);
    const Image known = weight(kSize, [&](int, int) { return random() % 50 == 0; });
    const Image found = spread_membrane(values, known);
    for (int c = 0; c < 3; ++c) {
        float low = INFINITY, high = -INFINITY;
        for (std::size_t i = 0; i < known.sample_count(); ++i)
            if (known.data()[i] > 0) {
                low = std::min(low, values.data()[3 * i + c]);
                high = std::max(high, values.data()[3 * i + c]);
            }
        for (std::size_t i = c; i < found.sample_count(); i += 3) {
            ASSERT_GE(found.data()[i], low - 1e-3f * (high - low));
            ASSERT_LE(found.data()[i], high + 1e-3f * (high - low));
        }
    }
}

TEST(Membrane, AConstantStaysExactlyThat)
{
    const Image truth = picture(kSize, {[](int, int) { return 0.1f; }, [](int, int) { return -47.3f; }});
    EXPECT_EQ(largest_difference(spread_membrane(truth, around_a_hole(kSize)), truth), 0);
    const Image half_trusted(kSize, kSize, {{"A"}}, 0.3f);
    EXPECT_EQ(largest_difference(spread_membrane(truth, half_trusted), truth), 0);
}

TEST(Membrane, OneKnownPixelFillsEverything)
{
    const Image truth = picture(kSize, {[](int, int) { return 2.7f; }});
    const Image known = weight(kSize, [](int x, int y) { return x == 77 && y == 133; });
    EXPECT_EQ(largest_difference(spread_membrane(only_known(truth, known), known), truth), 0);
}

TEST(Membrane, NothingKnownGivesZero)
{
    const Image nothing(kSize, kSize, {{"A"}}), zero(kSize, kSize, {{"R"}, {"G"}, {"B"}});
    EXPECT_EQ(largest_difference(spread_membrane(street(), nothing), zero), 0);
    EXPECT_TRUE(spread_membrane(Image(Window{}, kSize, {{"R"}}), Image(Window{}, kSize, {{"A"}}))
                    .data_window()
                    .empty());
}

TEST(Membrane, IsMirroredAtTheBorderOfTheWindow)
{
    const Image ramp = picture(kSize, {[](int x, int) { return static_cast<float>(x); }});
    const Image known = weight(kSize, [](int x, int) { return x == kSize.x0 || x == kSize.x1 - 1; });
    EXPECT_LT(largest_difference(spread_membrane(only_known(ramp, known), known), ramp), 0.2f);
}

TEST(Membrane, FillsWindowsOfAnyShape)
{
    for (const Window& w : {Window{0, 0, 1, 1}, Window{0, 0, 2, 1}, Window{0, 0, 1, 77}, Window{0, 0, 130, 2},
                            Window{0, 0, 3, 5}, Window{0, 0, 65, 64}, Window{0, 0, 33, 129}}) {
        const Image truth = picture(w, {[](int x, int y) { return static_cast<float>(x + 3 * y); }});
        const Image known = on_the_rim(w);
        EXPECT_LT(largest_difference(spread_membrane(only_known(truth, known), known), truth),
                  1e-3f * range_of(truth) + 1e-6f)
            << describe(w);
    }
}

TEST(Membrane, HalfTrustedValuesPullAsHardAsTheirWeightSays)
{
    const Window two{0, 0, 2, 1};
    const Image values = picture(two, {[](int x, int) { return static_cast<float>(x); }});
    const auto right_pixel = [&](float trust) {
        return spread_membrane(values, picture(two, {[&](int x, int) { return x == 0 ? 1.0f : trust; }}))
            .pixel(1, 0)[0];
    };
    // Its neighbour pulls to 0 as hard as one, it itself to 1 as hard as w / (1 - w).
    EXPECT_NEAR(right_pixel(0.5f), 0.5f, 1e-4f);
    EXPECT_NEAR(right_pixel(0.75f), 0.75f, 1e-4f);
    EXPECT_NEAR(right_pixel(0.1f), 0.1f, 1e-4f);
    EXPECT_EQ(right_pixel(1.0f), 1.0f);
    EXPECT_NEAR(right_pixel(0.0f), 0.0f, 1e-6f);
}

TEST(Membrane, HalfTrustedNoiseIsSmoothed)
{
    std::mt19937 random(4);
    std::normal_distribution<float> normal;
    const Image values = picture(kSize, {[&](int, int) { return normal(random); }});
    const Image found = spread_membrane(values, Image(kSize, kSize, {{"A"}}, 0.05f));
    double square = 0;
    for (std::size_t i = 0; i < found.sample_count(); ++i)
        square += found.data()[i] * found.data()[i];
    // White noise through pull / (pull + 4 sin^2 ...) with pull 1/19: its variance summed over all
    // frequencies.
    double expected = 0;
    for (int v = 0; v < 100; ++v)
        for (int u = 0; u < 100; ++u) {
            const double stiffness =
                4 * std::pow(std::sin(M_PI * u / 100), 2) + 4 * std::pow(std::sin(M_PI * v / 100), 2);
            expected += std::pow(1 / (1 + 19 * stiffness), 2) / 1e4;
        }
    EXPECT_NEAR(square / static_cast<double>(found.sample_count()) / expected, 1, 0.25);
}

TEST(Membrane, NanIsAsGoodAsUnknown)
{
    Image truth = picture(kSize, {saddle, slope});
    Image values = truth;
    values.pixel(100, 100)[0] = kNan;
    values.pixel(101, 100)[1] = INFINITY;
    const Image found = spread_membrane(values, Image(kSize, kSize, {{"A"}}, 1.0f));
    EXPECT_LT(largest_difference(found, truth), 1e-3f * range_of(truth));
}

TEST(Membrane, IsTheSameOnOneAndTwoThreads)
{
    const Image values = street(), known = around_a_hole(kSize);
    const auto with_threads = [&](int threads) {
        const ThreadLimit limit(threads);
        return spread_membrane(values, known);
    };
    const Image one = with_threads(1), two = with_threads(2);
    EXPECT_EQ(std::memcmp(one.data(), two.data(), one.bytes()), 0);
}

TEST(Membrane, PicturesOnDifferentWindowsAreADefect)
{
    EXPECT_THROW(spread_membrane(street(), Image({0, 0, 5, 5}, kSize, {{"A"}})), std::logic_error);
    const Image grey(kSize, kSize, {{"Y"}});
    EXPECT_THROW(integrate_gradients(grey, grey, street(), grey), std::logic_error);
}

TEST(IntegratedGradients, AreThePictureTheyCameFrom)
{
    const Image truth = street(), known = on_the_rim(kSize);
    const Image found =
        integrate_gradients(gradient(truth, 1, 0), gradient(truth, 0, 1), only_known(truth, known), known);
    EXPECT_LT(largest_difference(found, truth), 1e-3f * range_of(truth));
}

TEST(IntegratedGradients, NeedOnlyOnePixelToHoldOnTo)
{
    const Image truth = street();
    const Image known = weight(kSize, [](int x, int y) { return x == 100 && y == 91; });
    const Image found =
        integrate_gradients(gradient(truth, 1, 0), gradient(truth, 0, 1), only_known(truth, known), known);
    EXPECT_LT(largest_difference(found, truth), 2e-3f * range_of(truth));
}

TEST(IntegratedGradients, StartFromZeroWhereNothingIsKnown)
{
    const Image truth = picture(kSize, {slope});
    const Image found = integrate_gradients(gradient(truth, 1, 0), gradient(truth, 0, 1),
                                            Image(kSize, kSize, {{"Y"}}), Image(kSize, kSize, {{"A"}}));
    EXPECT_EQ(found.pixel(kSize.x0, kSize.y0)[0], 0.0f);
    EXPECT_NEAR(found.pixel(180, 179)[0], slope(180, 179) - slope(kSize.x0, kSize.y0), 0.01f);
}

TEST(IntegratedGradients, MoveAPieceToTheLevelOfItsSurroundings)
{
    // A piece that is 0.4 too dark, pasted by its gradients, comes out at the level around it.
    const auto inside = [](int x, int y) { return std::hypot(x - 80, y - 105) < 50; };
    const Image truth = picture(kSize, {saddle});
    const Image piece = picture(kSize, {[&](int x, int y) { return saddle(x, y) - 0.4f; }});
    const Image known = weight(kSize, [&](int x, int y) { return !inside(x, y); });
    const Image found =
        integrate_gradients(gradient(piece, 1, 0), gradient(piece, 0, 1), only_known(truth, known), known);
    EXPECT_LT(largest_difference(found, truth), 1e-3f * range_of(truth));
}

TEST(IntegratedGradients, OneThatIsNotFiniteDoesNotSpread)
{
    const Image truth = picture(kSize, {slope}), known = on_the_rim(kSize);
    Image across = gradient(truth, 1, 0);
    across.pixel(60, 90)[0] = kNan;
    const Image found = integrate_gradients(across, gradient(truth, 0, 1), truth, known);
    EXPECT_LT(largest_difference(found, truth), 0.02f);
}

}  // namespace
}  // namespace platefall::cleanplate
