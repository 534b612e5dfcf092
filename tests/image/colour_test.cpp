#include "image/colour.h"

#include <platefall/error.h>

#include "base/files.h"
#include "image/default_config.h"
#include "image/pictures.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <optional>

namespace platefall {
namespace {

using test::error_of;
using test::TempFolder;
using testing::Contains;
using testing::HasSubstr;

Image pixel(std::array<float, 3> colour, std::optional<float> alpha = {})
{
    Image image({0, 0, 1, 1}, {0, 0, 1, 1},
                test::channels_named(alpha ? std::vector<std::string>{"R", "G", "B", "A"}
                                           : std::vector<std::string>{"R", "G", "B"}));
    std::copy(colour.begin(), colour.end(), image.data());
    if (alpha)
        image.data()[3] = *alpha;
    return image;
}

void expect_colour(const Image& image, std::array<float, 3> expected, float tolerance)
{
    for (std::size_t c = 0; c < 3; ++c)
        EXPECT_NEAR(image.data()[c], expected[c], tolerance) << "channel " << c;
}

/// $OCIO as it should be during one test.
class Environment {
public:
    explicit Environment(const char* value)
    {
        if (value == nullptr)
            unsetenv("OCIO");
        else
            setenv("OCIO", value, 1);
    }
    ~Environment() { unsetenv("OCIO"); }
};

class Colour : public testing::Test {
protected:
    Environment none_{nullptr};
    ColourSpaces spaces_;
};

TEST_F(Colour, WhiteOfRec709IsWhiteOfAcescg)
{
    Image image = pixel({1, 1, 1});
    spaces_.convert(image, "lin_rec709", "ACEScg");
    expect_colour(image, {1, 1, 1}, 1e-5f);
}

TEST_F(Colour, Rec709RedHasTheKnownAcescgCoordinates)
{
    Image image = pixel({1, 0, 0});
    spaces_.convert(image, "lin_rec709", "ACEScg");
    expect_colour(image, {0.6131f, 0.0702f, 0.0206f}, 1e-4f);
}

TEST_F(Colour, AcescgRedHasTheKnownAces2065Coordinates)
{
    Image image = pixel({1, 0, 0});
    spaces_.convert(image, "ACEScg", "ACES2065-1");
    expect_colour(image, {0.69545f, 0.04479f, -0.00553f}, 1e-4f);
}

TEST_F(Colour, MidGreyIsEncodedAsInSrgbFiles)
{
    Image image = pixel({0.18f, 0.18f, 0.18f});
    spaces_.convert(image, "lin_rec709", "srgb");
    expect_colour(image, {0.4614f, 0.4614f, 0.4614f}, 1e-4f);
}

TEST_F(Colour, ThereAndBackIsWhereItWas)
{
    for (const char* other : {"ACEScg", "ACES2065-1", "srgb"}) {
        Image image = pixel({0.8f, 0.18f, 0.02f});
        spaces_.convert(image, "lin_rec709", other);
        spaces_.convert(image, other, "lin_rec709");
        expect_colour(image, {0.8f, 0.18f, 0.02f}, 2e-5f);
    }
}

TEST_F(Colour, HighlightsAboveOneSurviveTheChangeOfPrimaries)
{
    Image image = pixel({50, 40, 30});
    spaces_.convert(image, "lin_rec709", "ACEScg");
    spaces_.convert(image, "ACEScg", "lin_rec709");
    expect_colour(image, {50, 40, 30}, 1e-3f);
}

TEST_F(Colour, AliasesAndRolesNameTheSameSpaces)
{
    EXPECT_TRUE(spaces_.has("acescg"));
    EXPECT_TRUE(spaces_.has("scene_linear"));
    EXPECT_TRUE(spaces_.has("Linear Rec.709 (sRGB)"));
    EXPECT_FALSE(spaces_.has("lin_rec907"));
    EXPECT_TRUE(spaces_.same("lin_srgb", "lin_rec709"));
    EXPECT_TRUE(spaces_.same("sRGB - Texture", "srgb"));
    EXPECT_FALSE(spaces_.same("ACEScg", "ACES2065-1"));
    EXPECT_THAT(spaces_.names(), Contains("ACEScg"));
}

TEST_F(Colour, LinearIsWhatScalesWithLight)
{
    const ColourSpaces colours;
    for (const char* space : {"ACEScg", "ACES2065-1", "lin_rec709"})
        EXPECT_TRUE(colours.is_linear(space)) << space;
    for (const char* space : {"srgb", "raw"})
        EXPECT_FALSE(colours.is_linear(space)) << space;
    EXPECT_THAT(error_of([&] { colours.is_linear("ACEScgg"); }), HasSubstr("did you mean 'ACEScg'?"));
}

TEST_F(Colour, TheSameSpaceUnderTwoNamesChangesNoBit)
{
    const Image before = test::noise(17, 5, {"R", "G", "B", "A"});
    Image after = before;
    spaces_.convert(after, "lin_rec709", "lin_srgb");
    EXPECT_EQ(test::samples_of(after), test::samples_of(before));
}

TEST_F(Colour, RawIsNeverConverted)
{
    Image image = pixel({0.25f, 0.5f, 0.75f});
    spaces_.convert(image, "raw", "ACEScg");
    expect_colour(image, {0.25f, 0.5f, 0.75f}, 0);
}

TEST_F(Colour, OnlyRgbIsConverted)
{
    Image image({0, 0, 1, 1}, {0, 0, 1, 1}, test::channels_named({"Z", "B", "A", "G", "R"}));
    const std::array<float, 5> before{7, 0, 1, 0, 1};
    std::copy(before.begin(), before.end(), image.data());
    spaces_.convert(image, "lin_rec709", "ACEScg");
    EXPECT_EQ(image.data()[0], 7);
    EXPECT_EQ(image.data()[2], 1);
    EXPECT_NEAR(image.data()[4], 0.6131f, 1e-4f);
    EXPECT_NEAR(image.data()[1], 0.0206f, 1e-4f);

    Image luminance({0, 0, 1, 1}, {0, 0, 1, 1}, test::channels_named({"Y"}), 0.18f);
    spaces_.convert(luminance, "lin_rec709", "srgb");
    EXPECT_EQ(luminance.data()[0], 0.18f);
}

TEST_F(Colour, HalfCoveredPixelsKeepTheirColourWhenEncoded)
{
    Image image = pixel({0.09f, 0.09f, 0.09f}, 0.5f);
    spaces_.convert(image, "lin_rec709", "srgb");
    expect_colour(image, {0.4614f / 2, 0.4614f / 2, 0.4614f / 2}, 1e-4f);
    EXPECT_EQ(image.data()[3], 0.5f);
}

TEST_F(Colour, LightWithoutCoverageIsConvertedToo)
{
    Image image = pixel({0.18f, 0.18f, 0.18f}, 0.0f);
    spaces_.convert(image, "lin_rec709", "srgb");
    expect_colour(image, {0.4614f, 0.4614f, 0.4614f}, 1e-4f);
}

TEST_F(Colour, PremultipliedMatrixConversionIgnoresAlpha)
{
    Image covered = pixel({0.4f, 0.2f, 0.1f}, 0.5f), plain = pixel({0.4f, 0.2f, 0.1f});
    spaces_.convert(covered, "lin_rec709", "ACEScg");
    spaces_.convert(plain, "lin_rec709", "ACEScg");
    for (int c = 0; c < 3; ++c)
        EXPECT_EQ(covered.data()[c], plain.data()[c]);
}

TEST_F(Colour, UnknownSpaceSaysWhatWasProbablyMeant)
{
    Image image = pixel({1, 1, 1});
    EXPECT_THAT(error_of([&] { spaces_.convert(image, "lin_rec907", "ACEScg"); }),
                testing::StrEq("unknown colour space 'lin_rec907'; did you mean 'lin_rec709'?"));
    EXPECT_THAT(error_of([&] { spaces_.convert(image, "lin_rec709", "LogC"); }),
                HasSubstr("unknown colour space 'LogC' (there are ACES2065-1, ACEScg, lin_rec709"));
}

TEST_F(Colour, DisplayIsOpaqueAndStaysInRange)
{
    const Image plate = test::noise({-2, -2, 6, 6}, {0, 0, 4, 4}, test::channels_named({"R", "G", "B", "A"}));
    const Image shown = spaces_.for_display(plate, "lin_rec709");
    EXPECT_EQ(describe(shown.channels()), "R G B");
    EXPECT_EQ(shown.data_window(), plate.data_window());
    EXPECT_EQ(shown.display_window(), plate.display_window());
    for (const float value : test::samples_of(shown)) {
        EXPECT_GE(value, 0.0f);
        EXPECT_LE(value, 1.0f);
    }
}

TEST_F(Colour, TheDefaultViewIsTheAcesTone)
{
    // The ACES SDR tone scale puts mid grey at 10 nits of 100, and a value of 1.0 well below white.
    const Image grey = spaces_.for_display(pixel({0.18f, 0.18f, 0.18f}), "ACEScg");
    expect_colour(grey, {0.35f, 0.35f, 0.35f}, 0.02f);
    const Image white = spaces_.for_display(pixel({1, 1, 1}), "ACEScg");
    EXPECT_LT(white.data()[0], 0.85f);
    EXPECT_GT(white.data()[0], 0.70f);
}

TEST_F(Colour, LuminanceIsShownAsGrey)
{
    const Image luminance({0, 0, 1, 1}, {0, 0, 1, 1}, test::channels_named({"Y"}), 0.18f);
    const Image shown = spaces_.for_display(luminance, "lin_rec709");
    const Image grey = spaces_.for_display(pixel({0.18f, 0.18f, 0.18f}), "lin_rec709");
    EXPECT_EQ(test::samples_of(shown), test::samples_of(grey));
}

// A config with one linear space besides raw, to tell it from ours.
constexpr const char* kOtherConfig = R"config(ocio_profile_version: 2
roles: {default: raw, scene_linear: studio_linear}
file_rules:
  - !<Rule> {name: Default, colorspace: default}
displays:
  screen:
    - !<View> {name: plain, colorspace: raw}
colorspaces:
  - !<ColorSpace> {name: raw, isdata: true}
  - !<ColorSpace> {name: studio_linear, isdata: false}
)config";

TEST(ColourConfig, AFileGoesBeforeTheEnvironmentAndTheEnvironmentBeforeOurs)
{
    const TempFolder folder;
    write_file_atomically(folder / "other.ocio", std::string_view(kOtherConfig));
    write_file_atomically(folder / "ours.ocio", std::string_view(default_ocio_config()));
    const std::string other = (folder / "other.ocio").string();

    const Environment environment(other.c_str());
    EXPECT_TRUE(ColourSpaces().has("studio_linear"));
    EXPECT_FALSE(ColourSpaces().has("ACEScg"));
    EXPECT_TRUE(ColourSpaces(folder / "ours.ocio").has("ACEScg"));
}

TEST(ColourConfig, FingerprintFollowsTheContentAndNotThePlace)
{
    const Environment none(nullptr);
    const TempFolder a, b;
    write_file_atomically(a / "x.ocio", std::string_view(kOtherConfig));
    write_file_atomically(b / "y.ocio", std::string_view(kOtherConfig));
    EXPECT_EQ(ColourSpaces(a / "x.ocio").fingerprint(), ColourSpaces(b / "y.ocio").fingerprint());
    EXPECT_NE(ColourSpaces(a / "x.ocio").fingerprint(), ColourSpaces().fingerprint());
    EXPECT_EQ(ColourSpaces().fingerprint(), ColourSpaces().fingerprint());
}

TEST(ColourConfig, ABrokenConfigIsNamed)
{
    const TempFolder folder;
    write_file_atomically(folder / "broken.ocio", std::string_view("not a config"));
    const std::string path = (folder / "broken.ocio").string();
    EXPECT_THAT(error_of([&] { ColourSpaces spaces(path); }),
                HasSubstr("cannot use the OCIO config '" + path + "': "));

    const Environment environment("/nowhere/config.ocio");
    EXPECT_THAT(error_of([&] { ColourSpaces spaces; }),
                HasSubstr("cannot use the OCIO config '/nowhere/config.ocio' (from $OCIO): "));
}

}  // namespace
}  // namespace platefall
