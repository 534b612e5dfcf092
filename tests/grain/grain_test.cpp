#include "grain/grain.h"

#include "base/files.h"
#include "base/parallel.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>

namespace platefall::grain {
namespace {

using Kernel = std::array<float, 25>;
using Colour = std::array<std::array<float, 3>, 3>;

constexpr Window kSize{0, 0, 512, 384};
constexpr Kernel kWhite{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
constexpr Colour kUnmixed{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

Image picture_of(const Window& window, const std::function<std::array<float, 3>(int x, int y)>& colour_at)
{
    Image picture(window, window, {{"R"}, {"G"}, {"B"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            const auto colour = colour_at(x, y);
            std::copy(colour.begin(), colour.end(), picture.pixel(x, y));
        }
    return picture;
}

Image constant(const Window& window, float value)
{
    return picture_of(window, [&](int, int) { return std::array{value, value, value}; });
}

Image amount_of(const Window& window, float value)
{
    return Image(window, window, {{"A"}}, value);
}

/// Dark on the left, up to `brightest` on the right; the colours differ.
Image ramp(float brightest = 1.0f, const Window& window = kSize)
{
    return picture_of(window, [&](int x, int y) {
        const float t = static_cast<float>(x) / static_cast<float>(window.x1);
        const float shade = 0.9f + 0.1f * static_cast<float>(y) / static_cast<float>(window.y1);
        return std::array{brightest * t * shade, brightest * (0.1f + 0.8f * t), brightest * 0.6f * t};
    });
}

/// Half of it flat walls and slow shading, half of it bricks, leaves and edges, in the same range of
/// brightness.
Image street()
{
    std::mt19937 random(3);
    std::uniform_real_distribution<float> uniform;
    return picture_of(kSize, [&](int x, int y) {
        const float wall = 0.1f + 0.1f * static_cast<float>(y / 48);
        const bool flat = x / 64 % 2 == 0;
        const float brick = (y % 12 < 2 || (x + y / 12 * 9) % 18 < 2) ? 0.6f : 1.0f;
        const float leaves = 0.7f + 0.6f * uniform(random);
        const float shade = flat ? 1.0f : (x / 32 % 2 == 0 ? brick : leaves);
        return std::array{wall * shade, 0.9f * wall * shade, 0.7f * wall * shade};
    });
}

NoiseModel model_of(float floor, float slope, const Kernel& kernel = kWhite, const Colour& colour = kUnmixed)
{
    return {.variance_floor = {floor, floor / 2, floor * 2},
            .variance_slope = {slope, slope / 2, slope * 2},
            .kernel = {kernel, kernel, kernel},
            .colour = colour};
}

Kernel of_unit_energy(Kernel kernel)
{
    float energy = 0;
    for (const float tap : kernel)
        energy += tap * tap;
    for (float& tap : kernel)
        tap /= std::sqrt(energy);
    return kernel;
}

/// As a demosaicked and slightly scaled plate has it.
Kernel soft_kernel()
{
    return of_unit_energy({0.00f, 0.02f, 0.04f, 0.02f, 0.00f, 0.03f, 0.25f, 0.45f, 0.25f,
                           0.03f, 0.05f, 0.50f, 1.00f, 0.50f, 0.05f, 0.03f, 0.25f, 0.45f,
                           0.25f, 0.03f, 0.00f, 0.02f, 0.04f, 0.02f, 0.00f});
}

/// Noise by another way than make_grain's: the library's normal numbers, plain loops.
Image with_noise(const Image& clean, const NoiseModel& model, unsigned seed = 1)
{
    const Window& data = clean.data_window();
    const Window wide{data.x0 - 2, data.y0 - 2, data.x1 + 2, data.y1 + 2};
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal;
    const Image white = picture_of(wide, [&](int, int) {
        const std::array own{normal(random), normal(random), normal(random)};
        std::array<float, 3> mixed{};
        for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t i = 0; i < 3; ++i)
                mixed[c] += model.colour[c][i] * own[i];
        return mixed;
    });
    return picture_of(data, [&](int x, int y) {
        std::array<float, 3> noisy;
        for (int c = 0; c < 3; ++c) {
            float noise = 0;
            for (int i = 0; i < 25; ++i)
                noise += model.kernel[c][i] * white.pixel(x + i % 5 - 2, y + i / 5 - 2)[c];
            const float signal = clean.pixel(x, y)[c];
            noisy[c] = signal + noise * std::sqrt(model.variance_floor[c] + model.variance_slope[c] * signal);
        }
        return noisy;
    });
}

Image sum(const Image& a, const Image& b)
{
    Image both = a;
    for (std::size_t i = 0; i < both.sample_count(); ++i)
        both.data()[i] += b.data()[i];
    return both;
}

NoiseModel measured(const Image& plate, const Image* blocked = nullptr)
{
    NoiseMeter meter;
    meter.add(plate, blocked);
    return meter.fit();
}

NoiseModel measured_over_frames(const Image& clean, const NoiseModel& truth, unsigned frames)
{
    NoiseMeter meter;
    for (unsigned frame = 0; frame < frames; ++frame)
        meter.add(with_noise(clean, truth, frame + 1), nullptr);
    return meter.fit();
}

double autocorrelation(const Kernel& kernel, int dx, int dy)
{
    double product = 0;
    for (int i = 0; i < 25; ++i)
        if (const int x = i % 5 + dx, y = i / 5 + dy; x >= 0 && x < 5 && y >= 0 && y < 5)
            product += static_cast<double>(kernel[i]) * kernel[y * 5 + x];
    return product;
}

double correlation_of_colours(const NoiseModel& model, std::size_t a, std::size_t b)
{
    double mixed = 0, overlap = 0;
    for (std::size_t i = 0; i < 3; ++i)
        mixed += static_cast<double>(model.colour[a][i]) * model.colour[b][i];
    for (std::size_t i = 0; i < 25; ++i)
        overlap += static_cast<double>(model.kernel[a][i]) * model.kernel[b][i];
    return mixed * overlap;
}

void expect_same_noise(const NoiseModel& found, const NoiseModel& truth, double tolerance,
                       const std::vector<float>& signals)
{
    for (std::size_t c = 0; c < 3; ++c) {
        for (const float signal : signals) {
            const float expected = truth.variance_floor[c] + truth.variance_slope[c] * signal;
            EXPECT_NEAR((found.variance_floor[c] + found.variance_slope[c] * signal) / expected, 1, tolerance)
                << "channel " << c << " at " << signal;
        }
        for (int dy = 0; dy <= 2; ++dy)
            for (int dx = -2; dx <= 2; ++dx)
                EXPECT_NEAR(autocorrelation(found.kernel[c], dx, dy),
                            autocorrelation(truth.kernel[c], dx, dy), 0.05)
                    << "channel " << c << " lag " << dx << "," << dy;
        for (std::size_t other = 0; other < c; ++other)
            EXPECT_NEAR(correlation_of_colours(found, c, other), correlation_of_colours(truth, c, other),
                        0.04)
                << "channels " << c << " and " << other;
    }
}

double mean_product(const Image& a, const Image& b, int channel)
{
    double product = 0;
    const auto pixels = a.sample_count() / 3;
    for (std::size_t i = 0; i < pixels; ++i)
        product += static_cast<double>(a.data()[3 * i + channel]) * b.data()[3 * i + channel];
    return product / static_cast<double>(pixels);
}

bool same_bits(const Image& a, const Image& b)
{
    return a.data_window() == b.data_window() && a.sample_count() == b.sample_count()
           && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

TEST(NoiseMeter, FindsFloorAndSlopeOfWhiteNoiseOnARampWithinEightPercent)
{
    const NoiseModel truth = model_of(2e-5f, 2e-4f);
    expect_same_noise(measured(with_noise(ramp(), truth)), truth, 0.08, {0.05f, 0.3f, 0.6f, 0.9f});
}

TEST(NoiseMeter, WhiteNoiseHasAKernelOfOnePixel)
{
    const NoiseModel found = measured(with_noise(ramp(), model_of(1e-4f, 0)));
    for (const Kernel& kernel : found.kernel)
        for (std::size_t i = 0; i < kernel.size(); ++i)
            EXPECT_NEAR(kernel[i], kWhite[i], 0.03) << i;
}

TEST(NoiseMeter, FindsNoiseThatNeighboursAndColoursShare)
{
    const Colour mixed{{{1, 0, 0}, {0.6f, 0.8f, 0}, {0.3f, 0.4f, 0.8660254f}}};
    const NoiseModel truth = model_of(1e-5f, 3e-4f, soft_kernel(), mixed);
    expect_same_noise(measured_over_frames(ramp(), truth, 3), truth, 0.1, {0.05f, 0.3f, 0.6f, 0.9f});
}

TEST(NoiseMeter, ColoursMayHaveKernelsOfTheirOwn)
{
    NoiseModel truth = model_of(1e-4f, 1e-4f, soft_kernel(), {{{1, 0, 0}, {0.6f, 0.8f, 0}, {0, 0, 1}}});
    truth.kernel[1] = kWhite;
    expect_same_noise(measured_over_frames(ramp(), truth, 3), truth, 0.1, {0.05f, 0.3f, 0.6f, 0.9f});
}

TEST(NoiseMeter, TextureIsNotNoise)
{
    const NoiseModel truth = model_of(2e-5f, 2e-4f, soft_kernel());
    expect_same_noise(measured(with_noise(street(), truth)), truth, 0.2, {0.1f, 0.3f, 0.7f});
}

TEST(NoiseMeter, FollowsHighlightsUpToFifty)
{
    const NoiseModel truth = model_of(1e-5f, 4e-4f);
    expect_same_noise(measured(with_noise(ramp(50), truth)), truth, 0.1, {5, 20, 45});
}

TEST(NoiseMeter, APictureWithoutNoiseIsSilent)
{
    EXPECT_TRUE(measured(ramp()).is_silent());
    EXPECT_TRUE(measured(ramp(50)).is_silent());
    EXPECT_TRUE(measured(constant(kSize, 0.5f)).is_silent());
}

TEST(NoiseMeter, NothingMeasuredIsSilent)
{
    EXPECT_TRUE(NoiseMeter().fit().is_silent());
    EXPECT_TRUE(measured(constant({0, 0, 8, 8}, 0.5f)).is_silent());
    const Image everything = amount_of(kSize, 1);
    EXPECT_TRUE(measured(with_noise(ramp(), model_of(1e-4f, 0)), &everything).is_silent());
}

TEST(NoiseMeter, ClippedAndCrushedPartsDoNotSilenceTheRest)
{
    const NoiseModel truth = model_of(4e-4f, 1e-4f);
    Image plate = with_noise(ramp(1.6f), truth);
    for (std::size_t i = 0; i < plate.sample_count(); ++i)
        plate.data()[i] =
            std::clamp(plate.data()[i] - 0.3f, 0.0f, 0.5f) + 0.3f;  // most of it is one or the other
    expect_same_noise(measured(plate), truth, 0.15, {0.35f, 0.5f, 0.7f});
}

TEST(NoiseMeter, DoesNotLookAtWhatIsBlocked)
{
    const NoiseModel truth = model_of(1e-4f, 1e-4f);
    Image plate = with_noise(ramp(), truth);
    const Window building{-50, 100, 400, 384};  // without any noise, on a window of its own
    const Image blocked = amount_of(building, 1);
    for (int y = building.y0; y < building.y1; ++y)
        std::fill_n(plate.pixel(0, y), 3 * building.x1, 0.25f + 0.001f * static_cast<float>(y));
    expect_same_noise(measured(plate, &blocked), truth, 0.12, {0.1f, 0.5f, 0.9f});
}

TEST(NoiseMeter, NanInThePlateIsPassedOver)
{
    const NoiseModel truth = model_of(1e-4f, 1e-4f);
    Image plate = with_noise(ramp(), truth);
    for (int x = 0; x < 512; x += 37)
        plate.pixel(x, x / 2)[x % 3] = std::numeric_limits<float>::quiet_NaN();
    plate.pixel(100, 300)[1] = std::numeric_limits<float>::infinity();
    expect_same_noise(measured(plate), truth, 0.1, {0.1f, 0.5f, 0.9f});
}

TEST(NoiseMeter, AGreyPlateHasTheSameNoiseInAllColours)
{
    const Image noise = with_noise(constant(kSize, 0.5f), model_of(1e-4f, 0));
    Image grey(kSize, kSize, {{"Y"}});
    for (std::size_t i = 0; i < grey.sample_count(); ++i)
        grey.data()[i] = noise.data()[3 * i];
    const NoiseModel found = measured(grey);
    EXPECT_NEAR(found.variance_floor[2] + found.variance_slope[2] * 0.5f, 1e-4f, 8e-6f);
    EXPECT_NEAR(correlation_of_colours(found, 0, 1), 1, 0.01);
}

TEST(NoiseMeter, MeasuresTheSameOnOneAndTwoThreads)
{
    const Image plate = with_noise(street(), model_of(1e-4f, 1e-4f, soft_kernel()));
    const auto with_threads = [&](int threads) {
        const ThreadLimit limit(threads);
        return measured(plate);
    };
    const NoiseModel one = with_threads(1), two = with_threads(2);
    EXPECT_EQ(one.variance_floor, two.variance_floor);
    EXPECT_EQ(one.variance_slope, two.variance_slope);
    EXPECT_EQ(one.kernel, two.kernel);
    EXPECT_EQ(one.colour, two.colour);
}

TEST(Grain, MeasuredItIsTheModelItWasMadeFrom)
{
    const Colour mixed{{{1, 0, 0}, {0.6f, 0.8f, 0}, {0.3f, 0.4f, 0.8660254f}}};
    const NoiseModel model = model_of(2e-5f, 3e-4f, soft_kernel(), mixed);
    const Image clean = ramp();
    NoiseMeter meter;
    for (int frame = 1001; frame < 1004; ++frame)
        meter.add(sum(clean, make_grain(model, clean, amount_of(kSize, 1), 7, frame)), nullptr);
    expect_same_noise(meter.fit(), model, 0.1, {0.05f, 0.3f, 0.6f, 0.9f});
}

TEST(Grain, HasMeanZeroAndTheVarianceAndTailsOfNormalNoise)
{
    const Image grain = make_grain(model_of(1, 0), constant(kSize, 0), amount_of(kSize, 1), 7, 1001);
    double mean = 0, square = 0, fourth = 0;
    for (std::size_t i = 0; i < grain.sample_count(); i += 3) {
        const double value = grain.data()[i];
        mean += value;
        square += value * value;
        fourth += std::pow(value, 4);
    }
    const double pixels = static_cast<double>(grain.sample_count()) / 3;
    EXPECT_NEAR(mean / pixels, 0, 0.01);
    EXPECT_NEAR(square / pixels, 1, 0.015);
    EXPECT_NEAR(fourth / pixels / std::pow(square / pixels, 2), 2.93, 0.06);
}

TEST(Grain, HasTheVarianceOfTheSignalTimesTheAmount)
{
    const NoiseModel model = model_of(1e-4f, 2e-4f);
    const auto variance = [&](float signal, float amount) {
        const Image grain = make_grain(model, constant(kSize, signal), amount_of(kSize, amount), 7, 1001);
        return mean_product(grain, grain, 0);
    };
    EXPECT_NEAR(variance(2, 1) / 5e-4, 1, 0.02);
    EXPECT_NEAR(variance(2, 0.25f) / 1.25e-4, 1, 0.02);
    EXPECT_NEAR(variance(-3, 1) / 1e-4, 1, 0.02) << "negative light has the noise of black";
}

TEST(Grain, IsAnotherInEveryFrameAndForEverySeedAndColour)
{
    const NoiseModel model{
        .variance_floor = {1, 1, 1}, .kernel = {kWhite, kWhite, kWhite}, .colour = kUnmixed};
    const Image grey = constant(kSize, 0.5f), all = amount_of(kSize, 1);
    const Image first = make_grain(model, grey, all, 7, 1001), next = make_grain(model, grey, all, 7, 1002);
    const Image other_seed = make_grain(model, grey, all, 8, 1001);
    EXPECT_NEAR(mean_product(first, next, 0), 0, 0.01);
    EXPECT_NEAR(mean_product(first, other_seed, 1), 0, 0.01);

    double colours = 0;
    for (std::size_t i = 0; i < first.sample_count(); i += 3)
        colours += first.data()[i] * first.data()[i + 1];
    EXPECT_NEAR(colours * 3 / static_cast<double>(first.sample_count()), 0, 0.01);
}

TEST(Grain, IsTheSameAtAPixelWhateverTheWindow)
{
    const NoiseModel model = model_of(1e-4f, 1e-4f, soft_kernel());
    const Window wide{-40, -30, 300, 200}, part{17, -7, 171, 90};
    const Image whole = make_grain(model, ramp(1, wide), amount_of(wide, 1), 7, 1001);
    Image signal(part, part, {{"R"}, {"G"}, {"B"}});
    for (int y = part.y0; y < part.y1; ++y)
        std::copy_n(ramp(1, wide).pixel(part.x0, y), 3 * part.width(), signal.row(y));
    const Image cut = make_grain(model, signal, amount_of(part, 1), 7, 1001);
    for (int y = part.y0; y < part.y1; ++y)
        ASSERT_EQ(std::memcmp(cut.row(y), whole.pixel(part.x0, y), sizeof(float) * 3 * part.width()), 0) << y;
}

TEST(Grain, IsTheSameOnOneAndTwoThreads)
{
    const auto with_threads = [&](int threads) {
        const ThreadLimit limit(threads);
        return make_grain(model_of(1e-4f, 1e-4f, soft_kernel()), ramp(), amount_of(kSize, 1), 7, 1001);
    };
    EXPECT_TRUE(same_bits(with_threads(1), with_threads(2)));
}

TEST(Grain, IsExactlyZeroWhereTheAmountIs)
{
    Image amount = amount_of(kSize, 0);
    for (int y = 100; y < 140; ++y)
        std::fill_n(amount.pixel(200, y), 30, 0.5f);
    const Image grain = make_grain(model_of(1e-4f, 1e-4f, soft_kernel()), ramp(), amount, 7, 1001);
    for (int y = 0; y < kSize.y1; ++y)
        for (int x = 0; x < kSize.x1; ++x)
            ASSERT_EQ(grain.pixel(x, y)[1] != 0.0f, amount.pixel(x, y)[0] > 0) << x << "," << y;
}

TEST(Grain, OfASilentModelIsNothing)
{
    const Image grain = make_grain(NoiseModel{}, ramp(), amount_of(kSize, 1), 7, 1001);
    EXPECT_TRUE(same_bits(grain, constant(kSize, 0)));
}

TEST(Grain, NanInTheSignalOrTheAmountDoesNotComeOut)
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    Image signal = ramp(), amount = amount_of(kSize, 1);
    signal.pixel(50, 60)[0] = nan;
    signal.pixel(51, 60)[0] = std::numeric_limits<float>::infinity();
    amount.pixel(52, 60)[0] = nan;
    const Image grain = make_grain(model_of(1e-4f, 1e-4f, soft_kernel()), signal, amount, 7, 1001);
    for (std::size_t i = 0; i < grain.sample_count(); ++i)
        ASSERT_TRUE(std::isfinite(grain.data()[i]));
    EXPECT_EQ(grain.pixel(52, 60)[0], 0.0f);
}

TEST(NoiseFile, HoldsTheModelExactly)
{
    const test::TempFolder folder;
    const NoiseModel model = measured(with_noise(street(), model_of(1e-4f, 1e-4f, soft_kernel())));
    save_noise(model, folder / "noise.json");
    const NoiseModel loaded = load_noise(folder / "noise.json");
    EXPECT_EQ(loaded.variance_floor, model.variance_floor);
    EXPECT_EQ(loaded.variance_slope, model.variance_slope);
    EXPECT_EQ(loaded.kernel, model.kernel);
    EXPECT_EQ(loaded.colour, model.colour);
}

TEST(NoiseFile, SaysWhatIsWrongWithIt)
{
    const test::TempFolder folder;
    const auto file = folder / "noise.json";
    const auto error_for = [&](const std::string& text) {
        write_file_atomically(file, text);
        return test::error_of([&] { load_noise(file); });
    };
    EXPECT_EQ(error_for("{\"variance_fl"),
              "'" + file.string()
                  + "' is not a noise model: it is not a JSON object; delete it, and it "
                    "is measured again");
    EXPECT_THAT(error_for("{}"), testing::HasSubstr("'variance_floor' is missing"));
    EXPECT_THAT(error_for("{\"variance_floor\": [1, 2]}"),
                testing::HasSubstr("'variance_floor' must be a list of 3"));
    EXPECT_THAT(error_for("{\"variance_floor\": [1, 2, \"x\"]}"),
                testing::HasSubstr("'variance_floor' must hold finite numbers"));
    EXPECT_THAT(test::error_of([&] { load_noise(folder / "none.json"); }), testing::HasSubstr("none.json"));
}

}  // namespace
}  // namespace platefall::grain
