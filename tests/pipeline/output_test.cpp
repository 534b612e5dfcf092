#include "pipeline/output.h"

#include "cache/fingerprints.h"
#include "image/read.h"
#include "pipeline/render_frame.h"
#include "support/tiny_shot.h"

#include <gmock/gmock.h>

namespace platefall {
namespace {

using test::LambdaStage;
using test::TinyShot;

const Window kOverscan{-4, -2, 36, 18}, kDisplay{0, 0, 32, 16};

/// One frame with overscan, a depth channel and the metadata of a camera; `comp` is larger than the plate.
struct OutputTest : testing::Test {
    OutputTest()
    {
        shot.last = 1001;
        Image plate(kOverscan, kDisplay, {{"R"}, {"G"}, {"B"}, {"Z", ChannelType::full_float}}, 0.25f);
        plate.pixel(0, 0)[3] = 12345.678f;
        Attributes camera;
        camera.set({.name = "smpte:TimeCode", .type = "timecode", .values = std::vector<std::uint32_t>{0x01020304, 0}});
        camera.set({.name = "FramesPerSecond", .type = "rational", .values = std::vector<std::int32_t>{24000, 1001}});
        camera.set({.name = "chromaticities",
                    .type = "float[8]",
                    .values = std::vector<float>{0.64f, 0.33f, 0.3f, 0.6f, 0.15f, 0.06f, 0.3127f, 0.329f}});
        camera.set("studio:slate", "12A take 3");
        camera.set("Software", "CameraOS 9");
        camera.set("acesImageContainerFlag", 1);
        write_exr(shot.folder / "plate.1001.exr", plate, camera, {});
        test::add_lambda_stage(shot.registry, "wide", [](LambdaStage& stage, double) {
            stage.reads = {"plate"};
            stage.writes = {"comp"};
            stage.on_process = [](Frame& frame) {
                Image comp({-10, -10, 40, 20}, kDisplay, frame.layer("plate").channels(), 1.0f);
                frame.set("comp", std::move(comp));
            };
        });
    }

    ImageFile render(const std::string& more_output, const std::string& rest = {})
    {
        const auto plan = shot.plan(more_output + rest);
        render_frame(*plan, 1001, Digest{1, 2});
        return read_image(shot.folder / "out/tiny.1001.exr");
    }

    TinyShot shot;
    const std::string wide = "[[stage]]\nuse = \"wide\"\n";
};

TEST_F(OutputTest, MetadataPassesThroughAndTheProgramSignsItself)
{
    const Attributes attributes = render("").attributes;
    const Attributes plate = read_header(shot.folder / "plate.1001.exr").attributes;
    for (const char* name : {"smpte:TimeCode", "FramesPerSecond", "chromaticities", "studio:slate"}) {
        ASSERT_NE(attributes.find(name), nullptr) << name;
        EXPECT_EQ(*attributes.find(name), *plate.find(name)) << name;
    }
    EXPECT_THAT(attributes.text("Software"), testing::StartsWith("platefall "));
    EXPECT_EQ(attributes.find("acesImageContainerFlag"), nullptr) << "promises a format that this file has not";
    EXPECT_EQ(attributes.text("platefall:key"), (Digest{1, 2}.hex()));
}

TEST_F(OutputTest, TagsOfTheOldColoursAreNotCopiedThroughAConversion)
{
    const Attributes attributes = render("colorspace = \"ACEScg\"\n").attributes;
    ASSERT_NE(attributes.find("chromaticities"), nullptr);
    EXPECT_FLOAT_EQ(std::get<std::vector<float>>(attributes.find("chromaticities")->values)[0], 0.713f);
    EXPECT_EQ(render("colorspace = \"srgb\"\n").attributes.find("chromaticities"), nullptr);
}

TEST_F(OutputTest, OverscanSurvivesAndTheWindowIsChosen)
{
    EXPECT_EQ(render("").image.data_window(), kOverscan);
    EXPECT_EQ(render("", wide).image.data_window(), kOverscan);
    EXPECT_EQ(render("window = \"all\"\n", wide).image.data_window(), (Window{-10, -10, 40, 20}));
    EXPECT_EQ(render("window = \"display\"\n", wide).image.data_window(), kDisplay);
    EXPECT_EQ(render("", wide).image.display_window(), kDisplay);
}

TEST_F(OutputTest, ColourHasTheTypeThatWasAskedForAndDepthKeepsItsOwn)
{
    const ImageFile half = render("");
    EXPECT_EQ(half.image.channels()[0], (Channel{"R", ChannelType::half_float}));
    EXPECT_EQ(half.image.channels()[3], (Channel{"Z", ChannelType::full_float}));
    EXPECT_EQ(half.image.pixel(0, 0)[3], 12345.678f);
    EXPECT_EQ(render("type = \"float\"\n").image.channels()[0], (Channel{"R", ChannelType::full_float}));
}

TEST_F(OutputTest, EveryCompressionAndTilesCanBeChosen)
{
    for (const std::string& compression : exr_compressions()) {
        render("compression = \"" + compression + "\"\n");
        EXPECT_EQ(read_header(shot.folder / "out/tiny.1001.exr").compression, compression);
    }
    EXPECT_NO_THROW(render("tile = 16\n"));
}

}  // namespace
}  // namespace platefall
