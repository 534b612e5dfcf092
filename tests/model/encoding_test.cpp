#include "model/encoding.h"

#include "model/model_helpers.h"

#include <cmath>
#include <limits>

namespace platefall::model {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr Window kFrame{0, 0, 16, 16};

class Curves : public testing::TestWithParam<std::tuple<EncodingKind, float>> {
protected:
    Light light_{.gain = 0.7f, .white = std::get<1>(GetParam())};
    Encoding encoding_{std::get<0>(GetParam()), light_};
};

TEST_P(Curves, LightComesBackUpToWhite)
{
    for (float x = 1e-4f; x < light_.white / light_.gain; x *= 1.03f)
        ASSERT_NEAR(encoding_.decode(encoding_.encode(x)) / x, 1.0f, 1e-5f) << x;
    EXPECT_EQ(encoding_.decode(encoding_.encode(0.0f)), 0.0f);
}

TEST_P(Curves, MoreLightIsAHigherCodeWithin0And1)
{
    float before = encoding_.encode(0.0f);
    EXPECT_EQ(before, 0.0f);
    for (float x = 1e-3f; x < light_.white / light_.gain; x *= 1.1f) {
        const float code = encoding_.encode(x);
        ASSERT_GT(code, before) << x;
        before = code;
    }
    EXPECT_LE(before, 1.0f);
}

TEST_P(Curves, WhiteIsOneAndBrighterIsNoMore)
{
    EXPECT_NEAR(encoding_.encode(light_.white / light_.gain), 1.0f, 1e-5f);
    EXPECT_EQ(encoding_.encode(1e9f), 1.0f);
    EXPECT_EQ(encoding_.decode(3.0f), encoding_.decode(1.0f));
    EXPECT_EQ(encoding_.decode(-1.0f), 0.0f);
}

TEST_P(Curves, NegativeAndNanLightCountAsNoneAndANanCodeStays)
{
    EXPECT_EQ(encoding_.encode(-0.5f), 0.0f);
    EXPECT_EQ(encoding_.encode(kNan), 0.0f);
    EXPECT_TRUE(std::isnan(encoding_.decode(kNan)));
}

INSTANTIATE_TEST_SUITE_P(ModelEncoding, Curves,
                         testing::Combine(testing::Values(EncodingKind::srgb, EncodingKind::log),
                                          testing::Values(4.0f, 32.0f, 4096.0f, 65536.0f)));

TEST(ModelEncoding, MidtonesAreWhatAPhotographHas)
{
    const Encoding encoding(EncodingKind::srgb, {.gain = 1, .white = 64});
    EXPECT_NEAR(encoding.encode(0.2140411f), 0.5f, 1e-5f);   // IEC 61966-2-1
    EXPECT_NEAR(encoding.encode(0.001f), 0.01292f, 1e-6f);
}

TEST(ModelEncoding, TheShoulderBeginsWithoutACorner)
{
    const Encoding encoding(EncodingKind::srgb, {.gain = 1, .white = 64});
    const auto slope = [&](float x) { return (encoding.encode(x + 0.002f) - encoding.encode(x)) / 0.002f; };
    EXPECT_NEAR(slope(0.497f) / slope(0.501f), 1.0f, 0.05f);   // it bends at once, but softly
}

TEST(ModelEncoding, LinearIsTheLightItself)
{
    const Encoding encoding(EncodingKind::linear, {.gain = 2, .white = 4});
    EXPECT_EQ(encoding.encode(300.0f), 600.0f);
    EXPECT_EQ(encoding.decode(600.0f), 300.0f);
    EXPECT_EQ(encoding.decode(-1.0f), -0.5f);
}

TEST(ModelEncoding, SurroundingsBecomeMiddleGreyWhateverIsCovered)
{
    Image picture = picture_of(kFrame, [](int x, int, int) { return x < 8 ? 0.02f : 0.08f; });
    const Image matte = matte_of(kFrame, {0, 0, 16, 8});
    for (int x = 0; x < 16; ++x)
        picture.pixel(x, 3)[0] = 900.0f;   // covered
    const Light light = measure_light(picture, matte, kFrame, {});
    EXPECT_NEAR(light.gain, 0.18f / 0.04f, 1e-3f);
    EXPECT_EQ(light.white, 4.0f);
}

TEST(ModelEncoding, ASunIsToldApartAndSpoiltPixelsAreNot)
{
    Image picture = picture_of(kFrame, [](int, int, int) { return 0.18f; });
    picture.pixel(3, 3)[1] = 5000.0f;
    picture.pixel(4, 4)[1] = std::numeric_limits<float>::infinity();
    picture.pixel(5, 5)[1] = kNan;
    const Light light = measure_light(picture, matte_of(kFrame, {}), kFrame, 0.0);
    EXPECT_EQ(light.gain, 1.0f);
    EXPECT_EQ(light.white, 8192.0f);
}

TEST(ModelEncoding, WithNothingToMeasureThePictureStaysAsItIs)
{
    const Image picture = picture_of(kFrame, [](int, int, int) { return 0.5f; });
    EXPECT_EQ(measure_light(picture, matte_of(kFrame, kFrame), kFrame, {}).gain, 1.0f);
    EXPECT_EQ(measure_light(picture, matte_of(kFrame, kFrame), kFrame, 2.0).gain, 4.0f);
}

}  // namespace
}  // namespace platefall::model
