#include "delivery/check_delivery.h"

#include "base/files.h"
#include "base/parallel.h"
#include "image/write.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <fmt/format.h>

#include <functional>
#include <limits>
#include <random>

namespace platefall::delivery {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Four frames that meet exr-half, until a test spoils one.
struct DeliveryTest : testing::Test {
    DeliveryTest()
    {
        for (int frame = 1001; frame <= 1004; ++frame)
            write(frame);
    }

    static Image picture()
    {
        Image image({0, 0, 80, 70}, {0, 0, 80, 70}, {{"R"}, {"G"}, {"B"}, {"A"}}, 0.25f);
        return image;
    }

    fs::path file(int frame) const { return folder / fmt::format("tower_v001.{:04}.exr", frame); }

    void write(int frame, const Image& image = picture(), const Attributes& attributes = {}, const WriteOptions& options = {})
    {
        write_exr(file(frame), image, attributes, options);
    }

    void spoil(int frame, const std::function<void(Image&)>& change)
    {
        Image image = picture();
        change(image);
        write(frame, image);
    }

    /// With the folder's name left out.
    std::vector<std::string> faults(const std::string& profile, const std::string& frames = {},
                                    const std::string& pattern = "tower_v001.####.exr") const
    {
        Faults faults;
        Delivery delivery = delivery_of_sequence((folder / pattern).string(), frames);
        delivery.subject = "tower";
        check_delivery(delivery, parse_profile("[profile]\nsummary = \"A test.\"\n" + profile, "mine.toml"), faults);
        return faults.all();
    }

    test::TempFolder folder;
};

TEST_F(DeliveryTest, GoodFramesHaveNoFault)
{
    Faults faults;
    check_delivery(delivery_of_sequence((folder / "tower_v001.####.exr").string(), ""), read_profile("exr-half"), faults);
    EXPECT_THAT(faults.all(), IsEmpty());
}

TEST_F(DeliveryTest, TheSameFaultOfManyFramesIsOneLine)
{
    for (const int frame : {1001, 1002, 1004})
        write(frame, picture(), {}, {.compression = "dwaa"});
    EXPECT_THAT(faults("[files]\ncompressions = [\"zip\", \"piz\"]"),
                ElementsAre("tower frames 1001-1002,1004: compressed with 'dwaa', but must be zip, piz; set output.compression"));
}

TEST_F(DeliveryTest, ColoursMustBeOfTheTypeThatIsAskedForAndDataMayBeAnother)
{
    spoil(1002, [](Image& image) {
        image = Image({0, 0, 8, 8}, {0, 0, 8, 8}, {{"R", ChannelType::full_float}, {"G"}, {"B"}, {"Z", ChannelType::full_float}});
    });
    const std::string wrong = "tower frame 1002: R is float, but colours must be half; set output.type";
    EXPECT_THAT(faults("[files]\ntype = \"half\"", "1002"), ElementsAre(wrong));
}

TEST_F(DeliveryTest, TilesAreTold)
{
    write(1001, picture(), {}, {.tile_px = 16});
    EXPECT_THAT(faults("[files]\nlayout = \"scanline\""),
                ElementsAre("tower frame 1001: stored as tiles, but must be scanlines; set output.tile"));
}

TEST_F(DeliveryTest, GapsEmptyAndHalfWrittenFilesAreFaults)
{
    fs::remove(file(1002));
    fs::resize_file(file(1003), 0);
    fs::resize_file(file(1004), fs::file_size(file(1004)) / 2);
    const std::vector<std::string> found = faults("");
    ASSERT_EQ(found.size(), 3u);
    EXPECT_EQ(found[0], "tower frame 1002: missing; render it again");
    EXPECT_EQ(found[1], "tower frame 1003: not readable: it is empty (0 bytes); render it again");
    EXPECT_THAT(found[2], HasSubstr("tower frame 1004: not readable: it is truncated or damaged"));
}

TEST_F(DeliveryTest, FramesThatAreAskedForMustBeThere)
{
    EXPECT_THAT(faults("", "1003-1006"), ElementsAre("tower frames 1005-1006: missing; render it again"));
}

TEST_F(DeliveryTest, NanInfinityAndImpossibleAlphaAreCountedAndLocated)
{
    spoil(1002, [](Image& image) {
        image.pixel(5, 6)[1] = std::numeric_limits<float>::quiet_NaN();
        image.pixel(9, 7)[0] = std::numeric_limits<float>::infinity();
        image.channels()[0].type = ChannelType::full_float;   // a half would be written as the largest one
        image.pixel(3, 4)[3] = -0.5f;
        image.pixel(8, 9)[3] = 1.5f;
    });
    EXPECT_THAT(faults("[values]\nhighest_alpha = 1"),
                ElementsAre("tower frame 1002: NaN or infinity; render it again or mend it (frame 1002: 2 samples, the first "
                            "in G at 5,6)",
                            "tower frame 1002: negative alpha; clamp the layer that brings it (frame 1002: 1 sample, the "
                            "first in A at 3,4)",
                            "tower frame 1002: alpha above 1; clamp the layer that brings it (frame 1002: 1 sample, the first "
                            "in A at 8,9)"));
}

TEST_F(DeliveryTest, AFrameUnlikeTheOthersIsTheOneThatIsNamed)
{
    write(1001, Image({0, 0, 81, 70}, {0, 0, 80, 70}, {{"R"}, {"G"}, {"B"}, {"A"}}, 0.25f));
    write(1003, Image({0, 0, 80, 70}, {0, 0, 80, 70}, {{"R"}, {"G"}, {"B"}}, 0.25f));
    EXPECT_THAT(faults(""),
                ElementsAre("tower frame 1003: channels R G B, but most frames have channels R G B A",
                            "tower frame 1001: data window 81x70 and display window 80x70, but most frames have data window "
                            "80x70 and display window 80x70"));
    EXPECT_THAT(faults("[picture]\nequal_windows = false", "1001"), IsEmpty());
}

TEST_F(DeliveryTest, SizesAndWindows)
{
    write(1001, Image({-2, 0, 82, 70}, {0, 0, 80, 70}, {{"R"}, {"G"}, {"B"}}, 0.25f));
    EXPECT_THAT(faults("[picture]\nminimum_width = 3840\nsizes = [[3840, 2160], [4096, 2160]]\ndata_window = \"inside\"", "1001"),
                ElementsAre("tower frame 1001: 80 px wide, but 3840 are the least; deliver the plate's full size",
                            "tower frame 1001: 80x70, but must be 3840x2160, 4096x2160",
                            "tower frame 1001: the data window 84x70 at -2,0 must be inside the display window 80x70; set "
                            "output.window"));
    EXPECT_THAT(faults("[picture]\ndata_window = \"around\"", "1001"), IsEmpty());
    EXPECT_THAT(faults("[picture]\ndata_window = \"display\"", "1001"), ElementsAre(HasSubstr("must be equal to the display")));
}

TEST_F(DeliveryTest, ChannelsByNameAndByTheirBeginning)
{
    EXPECT_THAT(faults("[channels]\nrequired = [\"Z\"]\nforbidden = [\"A\"]", "1001"),
                ElementsAre("tower frame 1001: no channel 'Z' (has R G B A)", "tower frame 1001: must not have the channel 'A'"));
    EXPECT_THAT(faults("[channels]\nonly = [\"R*\", \"G\", \"B\", \"A\"]", "1001"), IsEmpty());
    EXPECT_THAT(faults("[channels]\nonly = [\"R\", \"G\"]", "1001"),
                ElementsAre("tower frame 1001: must not have the channels 'B' and 'A'"));
}

TEST_F(DeliveryTest, AttributesAreAskedForByTheNamesOfOpenExr)
{
    Attributes attributes;
    attributes.set("capDate", "2026:11:28 09:00:00");
    attributes.set("acesImageContainerFlag", 1);
    write(1001, picture(), attributes);
    const std::string aces = "{ name = \"acesImageContainerFlag\", value = ";
    EXPECT_THAT(faults("[metadata]\nrequired = [\"capDate\", " + aces + "\"1\" }]", "1001"), IsEmpty());
    EXPECT_THAT(faults("[metadata]\nrequired = [\"reel\", " + aces + "\"2\" }]", "1001"),
                ElementsAre("tower frame 1001: no attribute 'reel', which must be there",
                            "tower frame 1001: the attribute 'acesImageContainerFlag' is '1', but must be '2'"));
}

TEST_F(DeliveryTest, ChromaticitiesMustBeThoseThatAreAskedFor)
{
    const std::string rule = "[colour]\nchromaticities = [0.7347, 0.2653, 0.0, 1.0, 0.0001, -0.077, 0.32168, 0.33767]";
    EXPECT_THAT(faults(rule, "1001"), ElementsAre(HasSubstr("tower frame 1001: chromaticities are not there, but must be 0.7347 ")));
    Attributes attributes;
    attributes.set({.name = "chromaticities", .type = "float[8]",
                    .values = std::vector<float>{0.7347f, 0.2653f, 0, 1, 0.0001f, -0.077f, 0.32168f, 0.33767f}});
    write(1001, picture(), attributes);
    EXPECT_THAT(faults(rule, "1001"), IsEmpty());
}

TEST_F(DeliveryTest, ATagOfAnEncodedSpaceIsNotLinear)
{
    Attributes attributes;
    attributes.set("colorInteropID", "srgb_rec709_display");
    write(1001, picture(), attributes);
    EXPECT_THAT(faults("[colour]\nlinear = true", "1001"),
                ElementsAre("tower frame 1001: the attribute 'colorInteropID' says 'srgb_rec709_display', which is not "
                            "scene-linear"));
}

TEST_F(DeliveryTest, NamesPaddingAndSeparator)
{
    const std::string rules = "[names]\npattern = \"[a-z]+_v[0-9]{3}\"\nexample = \"tower_v001\"\nseparator = \".\"\ndigits = 4\n";
    EXPECT_THAT(faults(rules), IsEmpty());
    fs::copy(file(1001), folder / "tower_1.exr");
    EXPECT_THAT(faults(rules, "", "tower_#.exr"),
                ElementsAre("tower: the name 'tower_#.exr' must have '.' in front of the frame number, as in 'name.####.exr'",
                            "tower: the name 'tower_#.exr' does not follow '[a-z]+_v[0-9]{3}'; a good one is "
                            "'tower_v001.####.exr'",
                            "tower: the name 'tower_#.exr' pads the frame number to 1 digit, but 4 are asked for; write ####"));
}

TEST_F(DeliveryTest, LetterboxesAndPillarboxesOfAllFramesAreTold)
{
    for (int frame = 1001; frame <= 1004; ++frame)
        spoil(frame, [&](Image& image) {
            for (int y = 0; y < 70; ++y)
                for (int x = 0; x < 80; ++x)
                    if (y < 9 || y >= 60 || x < 4 || x >= 75)
                        std::fill_n(image.pixel(x, y), 3, 0.0f);
        });
    EXPECT_THAT(faults("[picture]\nno_black_bars = true"),
                ElementsAre("tower: letterboxed: 9 rows at the top and 10 at the bottom are black in all frames; deliver the "
                            "picture without a mask",
                            "tower: pillarboxed: 4 columns on the left and 5 on the right are black in all frames; deliver "
                            "the picture without a mask"));
    write(1003);   // one frame without
    EXPECT_THAT(faults("[picture]\nno_black_bars = true"), IsEmpty());
}

TEST_F(DeliveryTest, ABlackSkyIsNoLetterboxAndABlackFrameSaysNothing)
{
    for (int frame = 1001; frame <= 1004; ++frame)
        spoil(frame, [&](Image& image) {
            for (int y = 0; y < (frame == 1002 ? 70 : 20); ++y)
                std::fill_n(image.row(y), 80 * 4, 0.0f);
        });
    EXPECT_THAT(faults("[picture]\nno_black_bars = true"), IsEmpty());
}

TEST_F(DeliveryTest, AnUpscaleIsToldWithItsPeriodAndItsFigure)
{
    std::mt19937 random(7);
    for (int frame = 1001; frame <= 1004; ++frame) {
        Image image({0, 0, 320, 240}, {0, 0, 320, 240}, {{"R"}, {"G"}, {"B"}}, 0.25f);
        for (int y = 0; y < 240; ++y)
            for (int x = 0; x < 320; ++x)   // every pixel twice, in both directions
                image.pixel(x, y)[1] = x % 2 ? image.pixel(x - 1, y)[1]
                                     : y % 2 ? image.pixel(x, y - 1)[1]
                                             : 0.2f + 1e-10f * static_cast<float>(random());
        write(frame, image);
    }
    EXPECT_THAT(faults("[picture]\nno_upscale = true"),
                ElementsAre(testing::MatchesRegex("tower: scaled: detail comes and goes every 2\\.0 pixels along rows and columns, "
                                                  "[0-9]+ times above its surroundings \\(8 is a fault\\); deliver pixels as .*")));
    EXPECT_THAT(faults("[picture]\nno_upscale = false"), IsEmpty());
}

TEST_F(DeliveryTest, ReadsTheSameOnOneThreadAndOnMany)
{
    fs::remove(file(1002));
    spoil(1003, [](Image& image) { image.pixel(3, 4)[3] = -0.5f; });
    const std::vector<std::string> many = faults("");
    const ThreadLimit one(1);
    EXPECT_EQ(faults(""), many);
    EXPECT_EQ(many.size(), 2u);
}

TEST_F(DeliveryTest, ASequenceThatIsNoneIsRefused)
{
    EXPECT_THAT(test::error_of([&] { delivery_of_sequence((folder / "tower.exr").string(), ""); }),
                HasSubstr("has no frame number; write a sequence such as street.####.exr"));
    EXPECT_THAT(test::error_of([&] { delivery_of_sequence((folder / "no.####.exr").string(), ""); }),
                HasSubstr("there is no frame of"));
}

}  // namespace
}  // namespace platefall::delivery
