#include "read/read_stage.h"

#include "image/read.h"
#include "image/write.h"
#include "shot/manifest.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace platefall::read {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Window kDisplay{0, 0, 16, 8};

class ReadStage : public testing::Test {
protected:
    test::TempFolder folder_;
    ShotInfo shot_;
    Frame frame_{shot_, 1043};

    void write(int number, float value,
               const std::vector<Channel>& channels = {{"R"}, {"G"}, {"B"}, {"A"}}) const
    {
        write_exr(folder_ / ("cg." + std::to_string(number) + ".exr"),
                  Image({2, 1, 10, 7}, kDisplay, channels, value), {});
    }

    std::unique_ptr<Stage> stage(const std::string& toml) const
    {
        StageRegistry registry;
        registry.add(read_stage());
        const StageType& type = *registry.find("read");
        const Manifest manifest = parse_manifest(toml, folder_ / "shot.toml");
        Faults faults;
        const Params params = Params::check(manifest.root, type.params, "[layer.cg]", folder_.path, faults);
        faults.throw_if_any();
        return registry.make(type, params, shot_);
    }

    std::string error_of(const std::string& toml) const
    {
        try {
            stage(toml)->process(const_cast<Frame&>(frame_));
        } catch (const Error& error) {
            return error.what();
        }
        return "nothing was thrown";
    }
};

const std::string kCg = "name = 'cg'\npath = 'cg.####.exr'\n";

TEST_F(ReadStage, ASequenceBecomesALayerWithItsWindows)
{
    write(1043, 0.25f);
    stage(kCg)->process(frame_);
    const Image& cg = frame_.layer("cg");
    EXPECT_EQ(describe(cg.channels()), "R G B A");
    EXPECT_EQ(cg.data_window(), (Window{2, 1, 10, 7}));
    EXPECT_EQ(cg.display_window(), kDisplay);
    EXPECT_EQ(cg.pixel(5, 5)[2], 0.25f);
    EXPECT_FALSE(frame_.has("generated.cg"));
    EXPECT_TRUE(frame_.substitutions.empty());
}

TEST_F(ReadStage, OnlyTheChannelsAskedForAreRead)
{
    write(1043, 0.25f);
    stage(kCg + "channels = ['A', 'R']")->process(frame_);
    EXPECT_EQ(describe(frame_.layer("cg").channels()), "A R");
}

TEST_F(ReadStage, AProxyIsSmaller)
{
    write(1043, 0.25f);
    shot_.proxy = 2;
    stage(kCg)->process(frame_);
    EXPECT_EQ(frame_.layer("cg").display_window(), (Window{0, 0, 8, 4}));
    EXPECT_EQ(frame_.layer("cg").data_window(), (Window{1, 0, 5, 4}));
}

TEST_F(ReadStage, APhotographedLayerSaysSo)
{
    write(1043, 0.25f);
    const auto clean = stage("name = 'clean'\npath = 'cg.####.exr'\ngenerated = 0.0");
    EXPECT_THAT(clean->layers().writes, ElementsAre("clean", "generated.clean"));
    clean->process(frame_);
    const Image& weight = frame_.layer("generated.clean");
    EXPECT_EQ(weight.data_window(), frame_.layer("clean").data_window());
    EXPECT_EQ(weight.channel_count(), 1);
    EXPECT_EQ(*weight.pixel(5, 5), 0.0f);
    EXPECT_THAT(stage(kCg + "generated = 1.0")->layers().writes, ElementsAre("cg"));
}

TEST_F(ReadStage, AHeldFrameIsRecorded)
{
    write(1042, 0.5f);
    const auto held = stage(kCg + "missing = 'hold'");
    held->process(frame_);
    EXPECT_EQ(frame_.layer("cg").pixel(5, 5)[0], 0.5f);
    EXPECT_THAT(frame_.substitutions, ElementsAre("layer cg 1043 held from 1042"));
    ASSERT_EQ(held->inputs(1043).size(), 1u);
    EXPECT_EQ(held->inputs(1043)[0].path, folder_ / "cg.1042.exr");
    EXPECT_EQ(held->inputs(1043)[0].substitution, "layer cg 1043 held from 1042");
}

TEST_F(ReadStage, ABlackFrameIsRecorded)
{
    write(1040, 0.5f);
    const auto black = stage(kCg + "missing = 'black'");
    black->process(frame_);
    EXPECT_EQ(frame_.layer("cg").pixel(5, 5)[0], 0.0f);
    EXPECT_EQ(frame_.layer("cg").data_window(), (Window{2, 1, 10, 7}));
    EXPECT_THAT(frame_.substitutions, ElementsAre("layer cg 1043 black"));
    EXPECT_EQ(black->inputs(1043)[0].path, folder_ / "cg.1040.exr");
}

TEST_F(ReadStage, AMissingFrameIsAnErrorThatNamesTheLayer)
{
    write(1042, 0.5f);
    EXPECT_THAT(error_of(kCg), HasSubstr("layer cg"));
    EXPECT_THAT(error_of(kCg), HasSubstr("cg.1043.exr"));
    ASSERT_EQ(stage(kCg)->inputs(1043).size(), 1u);
    EXPECT_EQ(stage(kCg)->inputs(1043)[0].path, folder_ / "cg.1043.exr");
    EXPECT_EQ(stage(kCg)->inputs(1043)[0].substitution, "");
    EXPECT_EQ(stage(kCg)->inputs(1043)[0].origin.line, 2);
}

TEST_F(ReadStage, NotFinitePixelsAreMendedAndReportedUnderTheLayersName)
{
    Image image(kDisplay, kDisplay, {{"R"}, {"G"}, {"B"}}, 0.5f);
    image.pixel(4, 4)[1] = std::numeric_limits<float>::quiet_NaN();
    write_exr(folder_ / "cg.1043.exr", image, {});
    stage(kCg)->process(frame_);
    EXPECT_EQ(frame_.layer("cg").pixel(4, 4)[1], 0.5f);
    ASSERT_EQ(frame_.warnings.size(), 1u);
    EXPECT_THAT(frame_.warnings[0], HasSubstr("layer cg: 1 pixel"));
}

TEST_F(ReadStage, ColourIsConvertedToTheWorkingSpace)
{
    write(1043, 0.25f);
    shot_.to_working_space = [](Image& image, const std::string& from) {
        if (from != "acescg")
            throw Error("there is no colour space '" + from + "'");
        image.data()[0] *= 2.0f;
    };
    stage(kCg + "colorspace = 'acescg'")->process(frame_);
    EXPECT_EQ(frame_.layer("cg").data()[0], 0.5f);
    stage(kCg)->process(frame_);
    EXPECT_EQ(frame_.layer("cg").data()[0], 0.25f);
}

TEST_F(ReadStage, AnUnknownColourSpaceIsFoundBeforeTheFirstFrame)
{
    shot_.to_working_space = [](Image&, const std::string& from) {
        throw Error("there is no colour space '" + from + "'");
    };
    EXPECT_THAT(error_of(kCg + "colorspace = 'lin_rec906'"),
                HasSubstr("shot.toml:3:14: there is no colour space 'lin_rec906'"));
}

TEST_F(ReadStage, NamesThatBelongToOthersAreRefused)
{
    EXPECT_THAT(error_of("name = 'plate'\npath = 'cg.####.exr'"),
                HasSubstr("a layer cannot be called 'plate'"));
    EXPECT_THAT(error_of("name = 'matte.x'\npath = 'cg.####.exr'"),
                HasSubstr("'matte.x' is not a layer name"));
}

} // namespace
} // namespace platefall::read
