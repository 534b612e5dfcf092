/// Neural models through the real program: as a stage, and as the prior of a clean plate.
#include "e2e/external_shot.h"
#include "e2e/pan_shot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string kModel = "onnx:" PLATEFALL_SAMPLES_DIR "/plugins/onnx/diffuse.onnx";

class ModelStage : public testing::Test {
protected:
    void SetUp() override
    {
        if (!PLATEFALL_HAS_ONNX)
            GTEST_SKIP() << "built without ONNX Runtime; samples/install_packages.sh onnx fetches it";
    }
};

/// A window of the tiny shot's plate is covered.
const std::string kHole = "matte = \"hole\"\ndivisor = 64\n"
                          "[matte.hole]\nshapes = [{ keys = [{ frame = 1001, points = [[12, 4], [20, 4], [20, 12], [12, 12]] }] }]\n";

TEST_F(ModelStage, FillsWhatTheMatteCoversAndSaysWithWhat)
{
    ExternalShot shot(kModel);
    const Outcome outcome = shot.render(kHole + "[[stage]]\nuse = \"comp\"\nlayers = [\"clean\"]\n");
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image result = shot.result(1002), plate = plate_picture(1002);
    const int generated = *result.channel_index("generated");
    for (int c = 0; c < 3; ++c)
        EXPECT_EQ(result.pixel(5, 8)[c], plate.pixel(5, 8)[c]);
    EXPECT_EQ(result.pixel(5, 8)[generated], 0);
    EXPECT_EQ(result.pixel(16, 8)[generated], 1);
    EXPECT_NEAR(result.pixel(16, 8)[2], 4, 0.2);      // the light around it, above 1 as that is
    EXPECT_THAT(read_header(shot.file(1002)).attributes.text("platefall:external"),
                testing::MatchesRegex("onnx:.*/diffuse.onnx, version [0-9]+, [0-9a-f]{32}"));
    EXPECT_THAT(shot.render(kHole + "[[stage]]\nuse = \"comp\"\nlayers = [\"clean\"]\n").last_line,
                HasSubstr("(0 rendered, 4 done before)"));
}

TEST_F(ModelStage, IsRefusedUnlessItIsAllowed)
{
    ExternalShot shot(kModel);
    EXPECT_EQ(shot.render(kHole, {}).status, 2);
    EXPECT_THAT(shot.run("check", kHole, {}).err, HasSubstr("and a manifest alone may not run it; allow it with --allow-external"));
}

TEST_F(ModelStage, WhatIsNoModelIsNamed)
{
    ExternalShot shot("onnx:./text.onnx");
    write_file_atomically(shot.folder / "text.onnx", "no model");
    EXPECT_THAT(shot.run("check", kHole).err, AllOf(HasSubstr("tiny.toml:10:7: "), HasSubstr("text.onnx")));
    shot.use = "onnx:none";
    EXPECT_THAT(shot.run("check", kHole).err, HasSubstr("tiny.toml:10:7: there is no model 'none' in '"));
}

TEST_F(ModelStage, AsThePriorOfACleanPlateItNeedsTheSameTrust)
{
    PanShot shot;
    shot.write();
    shot.write_manifest("prior = \"" + kModel + "\"\nprior_tensors = [{ divisor = 64 }]\n");
    const Outcome refused = shot.render({"--frames", "1001"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("diffuse.onnx', which is not part of platefall"));
    const Outcome allowed = shot.render({"--frames", "1001", "--allow-external"});
    ASSERT_EQ(allowed.status, 0) << allowed.err;
    EXPECT_THAT(read_header(shot.folder / "out/pan.1001.exr").attributes.text("platefall:external"),
                testing::MatchesRegex("onnx:.*/diffuse.onnx, [0-9a-f]{32}"));
}

TEST(WithoutModels, ProgramSaysHowToGetThem)
{
    if (PLATEFALL_HAS_ONNX)
        GTEST_SKIP() << "built with ONNX Runtime";
    EXPECT_THAT(ExternalShot(kModel).run("check", kHole).err, HasSubstr("samples/install_packages.sh onnx"));
}

}  // namespace
}  // namespace platefall::test
