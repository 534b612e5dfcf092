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
        render_frame(*plan, fingerprints, 1001, Digest{1, 2});
        return read_image(shot.folder / "out/tiny.1001.exr");
    }

    TinyShot shot;
    Fingerprints fingerprints{shot.folder / "fingerprints"};
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

/// The same plate, with ids in R G B A and a velocity that is data, and a "glow" that is colour.
struct DataLayers : OutputTest {
    DataLayers()
    {
        test::add_lambda_stage(shot.registry, "ids", [](LambdaStage& stage, double) {
            stage.reads = {"plate"};
            stage.writes = {"crypto", "velocity", "glow"};
            stage.on_process = [](Frame& frame) {
                std::vector<Channel> ranks, velocity;
                for (const char* name : {"crypto00.r", "crypto00.g", "crypto00.b", "crypto00.a"})
                    ranks.push_back({name, ChannelType::full_float, true});
                for (const char* name : {"R", "G", "B"})
                    velocity.push_back({name, ChannelType::full_float, true});
                frame.set("crypto", Image(kOverscan, kDisplay, ranks, kId));
                frame.set("velocity", Image(kOverscan, kDisplay, velocity, kId));
                frame.set("glow", Image(kOverscan, kDisplay, {{"R"}, {"G"}, {"B"}}, 0.25f));
            };
        });
    }

    static constexpr float kId = 6.0705627102400005616e-17f;   // vanishes as a half
    const std::string ids = "[[stage]]\nuse = \"ids\"\n", aovs = "aovs = [\"crypto\", \"velocity\", \"glow\"]\n";
};

TEST_F(DataLayers, KeepEveryBitThroughTypeColoursAndCompression)
{
    for (const std::string& compression : exr_compressions()) {
        const Image image =
            render(aovs + "colorspace = \"srgb\"\ncompression = \"" + compression + "\"\n", ids).image;
        for (const char* name : {"crypto00.r", "crypto00.g", "crypto00.b", "crypto00.a", "velocity.R", "velocity.G"}) {
            ASSERT_TRUE(image.channel_index(name)) << describe(image.channels());
            EXPECT_EQ(image.channels()[*image.channel_index(name)].type, ChannelType::full_float) << name;
            EXPECT_EQ(image.pixel(3, 3)[*image.channel_index(name)], kId) << name << " with " << compression;
        }
        EXPECT_NEAR(image.pixel(3, 3)[*image.channel_index("glow.R")], 0.537f, 0.02f) << "colour is converted";
    }
}

TEST_F(DataLayers, ACompressionThatWouldChangeThemGivesWayWithAWarning)
{
    const auto plan = shot.plan(aovs + "compression = \"dwaa\"\nquality = 45\n" + ids);
    EXPECT_THAT(render_frame(*plan, fingerprints, 1001, Digest{1, 2}).warnings,
                testing::ElementsAre("output: the file is packed with 'zip', since 'dwaa' would change 'velocity.R', which is "
                                     "data ('aov_path' gives AOVs files of their own)"));
    EXPECT_EQ(read_header(shot.folder / "out/tiny.1001.exr").compression, "zip");
}

TEST_F(DataLayers, IdsWithLowerCaseNamesLeaveThePictureItsCompression)
{
    const auto plan = shot.plan("aovs = [\"crypto\"]\ncompression = \"dwaa\"\n" + ids);
    EXPECT_TRUE(render_frame(*plan, fingerprints, 1001, Digest{1, 2}).warnings.empty());
    EXPECT_EQ(read_header(shot.folder / "out/tiny.1001.exr").compression, "dwaa");
}

TEST_F(DataLayers, InFilesOfTheirOwnTheyAreLosslessAndThePictureIsAsAskedFor)
{
    const auto plan =
        shot.plan(aovs + "compression = \"dwaa\"\naov_path = \"out/{layer}.####.exr\"\n" + ids);
    EXPECT_TRUE(render_frame(*plan, fingerprints, 1001, Digest{1, 2}).warnings.empty());
    EXPECT_EQ(read_header(shot.folder / "out/tiny.1001.exr").compression, "dwaa");
    EXPECT_EQ(read_header(shot.folder / "out/glow.1001.exr").compression, "dwaa");
    const ImageFile crypto = read_image(shot.folder / "out/crypto.1001.exr");
    EXPECT_EQ(read_header(shot.folder / "out/crypto.1001.exr").compression, "zip");
    EXPECT_TRUE(crypto.image.channel_index("crypto00.r")) << "readers of Cryptomatte look for this name";
    EXPECT_EQ(crypto.image.pixel(3, 3)[0], kId);
    EXPECT_EQ(read_image(shot.folder / "out/velocity.1001.exr").image.pixel(3, 3)[0], kId);
}

TEST_F(OutputTest, WhatIsReadAsRawIsData)
{
    const auto plan = shot.plan("");
    Image image({0, 0, 1, 1}, {0, 0, 1, 1}, {{"R"}, {"G"}, {"B"}}, 0.5f);
    plan->shot.info.to_working_space(image, "srgb");
    EXPECT_FALSE(image.channels()[0].data);
    EXPECT_LT(image.data()[0], 0.3f);
    Image ids({0, 0, 1, 1}, {0, 0, 1, 1}, {{"R"}, {"G"}, {"B"}}, 0.5f);
    plan->shot.info.to_working_space(ids, "raw");
    EXPECT_TRUE(ids.channels()[0].data);
    EXPECT_EQ(ids.data()[0], 0.5f);
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
