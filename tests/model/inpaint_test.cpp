#include "model/inpaint.h"

#include "base/parallel.h"
#include "model/model_helpers.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

namespace platefall::model {
namespace {

constexpr Window kFrame{-8, -4, 200, 120};   // with overscan
constexpr Window kHole{40, 30, 120, 80};

Image filled(const Painter& painter, const Image& picture, const Image& hole)
{
    return inpaint(painter, picture, hole, hole).picture;
}

bool same_bits(const float* a, const float* b)
{
    return std::memcmp(a, b, 3 * sizeof(float)) == 0;
}

/// The largest relative difference inside the hole.
float worst(const Image& a, const Image& b, const Image& hole)
{
    float most = 0;
    for (std::size_t i = 0; i < hole.sample_count(); ++i)
        for (std::size_t c = 0; c < 3 && hole.data()[i] > 0; ++c)
            most = std::max(most, std::abs(a.data()[3 * i + c] / b.data()[3 * i + c] - 1));
    return most;
}

TEST(ModelInpaint, OnlyTheHoleIsTouched)
{
    Image picture = picture_of(kFrame, [](int x, int y, int c) { return 0.01f * static_cast<float>(x + 3 * y + c) - 0.3f; });
    picture.pixel(0, 0)[0] = 6e4f;
    const auto session = fake_session({1, 3, -1, -1}, {1, 1, -1, -1});
    const Image hole = matte_of(kFrame, kHole);
    const Image result = filled(painter_of(session), picture, hole);
    for (int y = kFrame.y0; y < kFrame.y1; ++y)
        for (int x = kFrame.x0; x < kFrame.x1; ++x)
            ASSERT_EQ(same_bits(result.pixel(x, y), picture.pixel(x, y)), !kHole.contains(x, y)) << x << "," << y;
}

TEST(ModelInpaint, HighlightsAboveOneSurviveTheModel)
{
    const Image picture = picture_of(kFrame, [](int x, int y, int c) {
        return std::exp2(static_cast<float>((x * 7 + y * 13 + c) % 17) - 8.0f);   // 2^-8 to 2^8
    });
    const Image hole = matte_of(kFrame, kHole);
    for (const char* encoding : {"srgb", "log", "linear"}) {
        const Painter keeps = painter_of(fake_session({1, 3, -1, -1}), fmt::format("encoding = '{}'\nfit = 'tile'\nsize = 48", encoding));
        EXPECT_LT(worst(filled(keeps, picture, hole), picture, hole), 2e-3f) << encoding;
    }
}

TEST(ModelInpaint, ExposureOfThePlateDoesNotMatter)
{
    const Image hole = matte_of(kFrame, kHole);
    const auto at = [&](float gain) {
        const Image picture = picture_of(kFrame, [&](int x, int, int) { return gain * (0.1f + 0.002f * static_cast<float>(x + 8)); });
        return filled(painter_of(fake_session({1, 3, -1, -1})), picture, hole);
    };
    const Image dark = at(0.01f), bright = at(1.0f);
    for (std::size_t i = 0; i < dark.sample_count(); i += 31)
        ASSERT_NEAR(dark.data()[i] * 100, bright.data()[i], 2e-3f);
}

TEST(ModelInpaint, HowCoarseTheModelSawItIsTold)
{
    const Image picture = picture_of(kFrame, [](int, int, int) { return 0.18f; });
    const Image hole = matte_of(kFrame, kHole);
    EXPECT_EQ(inpaint(painter_of(fake_session({1, 3, 80, 80})), picture, hole, hole).coarseness, 2);   // 80 + 2 x 40 columns
    EXPECT_EQ(inpaint(painter_of(fake_session({1, 3, -1, -1})), picture, hole, hole).coarseness, 1);
}

TEST(ModelInpaint, ScaledDownAGradientComesBackInPlace)
{
    const Image picture = picture_of(kFrame, [](int x, int y, int c) {
        return 0.2f + 0.001f * static_cast<float>(x) + 0.0005f * static_cast<float>(y * (c + 1));
    });
    const Image hole = matte_of(kFrame, kHole);
    EXPECT_LT(worst(filled(painter_of(fake_session({1, 3, 32, 32})), picture, hole), picture, hole), 0.01f);
}

class ModelRuns : public WithRuntime {};

TEST_F(ModelRuns, ConstantSurroundingsFillTheHoleWithThemselves)
{
    const Image picture = picture_of(kFrame, [](int x, int y, int c) {
        return kHole.contains(x, y) ? 50.0f : 0.3f + 0.2f * static_cast<float>(c);
    });
    const Image hole = matte_of(kFrame, kHole);
    const Image expected = picture_of(kFrame, [](int, int, int c) { return 0.3f + 0.2f * static_cast<float>(c); });
    for (const char* fit : {"scale", "tile"}) {
        const Painter painter = painter_of("mean.onnx", fmt::format("fit = '{}'\nsize = 104\ncontext = 0.3", fit));
        EXPECT_LT(worst(filled(painter, picture, hole), expected, hole), 1e-4f) << fit;
    }
}

TEST_F(ModelRuns, TilesLeaveNoSeam)
{
    const Image picture = picture_of(kFrame, [](int x, int y, int) { return 0.2f + 0.002f * static_cast<float>(x + y); });
    const Image hole = matte_of(kFrame, kHole);
    const Image whole = filled(painter_of("blur.onnx", "fit = 'tile'\nsize = 512"), picture, hole);
    const Image tiled = filled(painter_of("blur.onnx", "fit = 'tile'\nsize = 48\noverlap = 16"), picture, hole);
    EXPECT_LT(worst(tiled, whole, hole), 2e-4f);   // tiles have borders of their own, where blurring goes on evenly
    for (int y = kHole.y0; y < kHole.y1; ++y)      // and never a step
        for (int x = kHole.x0 + 1; x < kHole.x1; ++x)
            ASSERT_NEAR(tiled.pixel(x, y)[0] - tiled.pixel(x - 1, y)[0], 0.002f, 1e-4f) << x << "," << y;
}

TEST_F(ModelRuns, TheSameBitsOnOneThreadAndOnMany)
{
    const Image picture = picture_of(kFrame, [](int x, int y, int c) { return 0.1f + 0.01f * static_cast<float>((x * y + c) % 91); });
    const Image hole = matte_of(kFrame, kHole);
    const Painter painter = painter_of("blur.onnx", "fit = 'tile'\nsize = 40\noverlap = 12");
    const auto on = [&](int threads) {
        const ThreadLimit limit(threads);
        return filled(painter, picture, hole);
    };
    const Image one = on(1), many = on(8);
    EXPECT_EQ(std::memcmp(one.data(), many.data(), one.bytes()), 0);
}

TEST_F(ModelRuns, AModelOfOneSizeWithChannelsLast)
{
    const Image picture = picture_of(kFrame, [](int, int, int) { return 0.18f; });
    const Image hole = matte_of(kFrame, kHole);
    const Image result = filled(painter_of("fixed_nhwc.onnx", "range = '0..255'\nexposure = 0"), picture, hole);
    EXPECT_NEAR(result.pixel(80, 50)[0], 0.0331f, 1e-3f);   // sRGB 0.2, 0.4, 0.8
    EXPECT_NEAR(result.pixel(80, 50)[1], 0.1329f, 1e-3f);
    EXPECT_GT(result.pixel(80, 50)[2], 0.6038f);            // on the shoulder
}

TEST_F(ModelRuns, AModelWithOneInputOfFourChannels)
{
    const Image picture = picture_of(kFrame, [](int, int, int) { return 0.18f; });
    const Image hole = matte_of(kFrame, kHole);
    const Image result = filled(painter_of("joined.onnx", "joined = 'matte_first'\nmatte_values = [0.5, -0.5]\nrange = '-1..1'\n"
                                                          "exposure = 0"),
                                picture, hole);
    EXPECT_NEAR(result.pixel(80, 50)[0], 0.3486f, 1e-3f);   // sRGB 0.625
}

TEST_F(ModelRuns, AModelOfBytes)
{
    const Image picture = picture_of(kFrame, [](int, int, int) { return 0.18f; });
    const Image hole = matte_of(kFrame, kHole);
    const Image result = filled(painter_of("bytes.onnx", "matte_values = [255, 0]\nencoding = 'log'\nexposure = 0"), picture, hole);
    EXPECT_NEAR(result.pixel(80, 50)[0], (std::exp2(200.0f / 255 * std::log2(1025.0f)) - 1) / 256, 1e-3f);
}

TEST_F(ModelRuns, AModelOfHalves)
{
    const Image picture = picture_of(kFrame, [](int x, int, int) { return 0.18f + 0.001f * static_cast<float>(x); });
    const Image hole = matte_of(kFrame, kHole);
    EXPECT_LT(worst(filled(painter_of("half.onnx"), picture, hole), picture, hole), 4e-3f);
}

TEST_F(ModelRuns, AModelThatTakesNoise)
{
    const Image picture = picture_of(kFrame, [](int, int, int) { return 0.18f; });
    const Image hole = matte_of(kFrame, kHole);
    const Painter painter = painter_of("noise.onnx", "noise_input = 'z'\nencoding = 'linear'");
    const Image result = filled(painter, picture, hole);
    EXPECT_NE(result.pixel(80, 50)[0], 0.0f);
    EXPECT_LT(std::abs(result.pixel(80, 50)[0]), 0.6f);
    EXPECT_EQ(result.pixel(80, 50)[1], 0.5f);
}

TEST_F(ModelRuns, ColoursRunIntoTheHoleEvenly)
{
    const Image picture = picture_of(kFrame, [](int x, int y, int) {
        return kHole.contains(x, y) ? 9.0f : 0.1f + 0.002f * static_cast<float>(x);
    });
    const Image hole = matte_of(kFrame, kHole);
    const Image result = filled(painter_of(PLATEFALL_SAMPLES_DIR "/plugins/onnx/diffuse.onnx", "divisor = 64"), picture, hole);
    EXPECT_NEAR(result.pixel(45, 55)[0], 0.19f, 0.03f);
    EXPECT_NEAR(result.pixel(115, 55)[0], 0.33f, 0.04f);
    EXPECT_LT(result.pixel(45, 55)[1], result.pixel(80, 55)[1]);
    EXPECT_LT(result.pixel(80, 55)[1], result.pixel(115, 55)[1]);
}

TEST_F(ModelRuns, NanAndAnotherSizeAreRefusedByName)
{
    const Image picture = picture_of(kFrame, [](int, int, int) { return 0.18f; });
    const Image hole = matte_of(kFrame, kHole);
    EXPECT_NE(test::error_of([&] { filled(painter_of("nan.onnx"), picture, hole); })
                  .find("model 'nan.onnx' gave NaN or infinity: 12000 of "),
              std::string::npos);
    EXPECT_EQ(test::error_of([&] { filled(painter_of("wrong_size.onnx"), picture, hole); }),
              "model 'wrong_size.onnx' gave 'output' float[1,3,60,80] for a picture of 160x120");
}

TEST_F(ModelRuns, OneSessionForAllWhoAskForTheSameContent)
{
    const test::TempFolder folder;
    std::filesystem::copy_file(model_path("mean.onnx"), folder / "copy.onnx");
    const auto first = open_session(model_path("mean.onnx"));
    EXPECT_EQ(open_session(folder / "copy.onnx"), first);
    EXPECT_NE(open_session(model_path("blur.onnx")), first);
}

}  // namespace
}  // namespace platefall::model
