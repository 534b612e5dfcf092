#include "matte/matte_stage.h"

#include "image/write.h"
#include "matte_helpers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall::matte {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A box of a value, as a file or as another stage's layer.
Image box(const Window& window, float value, const std::string& channel = "A")
{
    return Image(window, {0, 0, 64, 48}, {{channel, ChannelType::full_float}}, value);
}

class MatteStage : public MatteFixture {
protected:
    void write(const std::string& name, const Image& image) const { write_exr(folder_ / name, image, {}); }
};

// From a sequence

TEST_F(MatteStage, ReadsTheAlphaOfASequence)
{
    write("m.1010.exr", box({10, 10, 30, 20}, 0.5f));
    const Image& m = matte("path = 'm.####.exr'");
    EXPECT_EQ(describe(m.channels()), "A");
    EXPECT_EQ(m.data_window(), (Window{10, 10, 30, 20}));
    EXPECT_EQ(m.display_window(), (Window{0, 0, 64, 48}));
    EXPECT_EQ(at(m, 12, 12), 0.5f);
    EXPECT_EQ(stage("path = 'm.####.exr'")->inputs(1010)[0].path, folder_ / "m.1010.exr");
}

TEST_F(MatteStage, ReadsAnotherChannelOnRequest)
{
    write("m.exr", box({10, 10, 30, 20}, 0.25f, "sky"));
    EXPECT_EQ(at(matte("path = 'm.exr'\nchannel = 'sky'"), 12, 12), 0.25f);
    EXPECT_EQ(describe(frame_.layer("matte.m").channels()), "A");
}

TEST_F(MatteStage, AChannelThatIsNotThereIsAnErrorThatNamesThoseThatAre)
{
    write("m.exr", Image({0, 0, 64, 48}, {0, 0, 64, 48}, {{"R"}, {"G"}}));
    EXPECT_THAT(error_of("path = 'm.exr'"), HasSubstr("'A'"));
    EXPECT_THAT(error_of("path = 'm.exr'"), HasSubstr("R G"));
}

TEST_F(MatteStage, ValuesAreClampedAndClippedToPlateAndDisplay)
{
    use_plate({-4, 0, 64, 48}, {0, 0, 64, 48});
    write("m.exr", box({-20, -20, 30, 20}, 7.0f));
    const Image& m = matte("path = 'm.exr'");
    EXPECT_EQ(m.data_window(), (Window{-4, 0, 30, 20}));
    EXPECT_EQ(at(m, 12, 12), 1.0f);
    write("m.exr", box({0, 0, 30, 20}, -7.0f));
    EXPECT_EQ(at(matte("path = 'm.exr'"), 12, 12), 0.0f);
}

TEST_F(MatteStage, AHeldMatteIsRecorded)
{
    write("m.1009.exr", box({10, 10, 30, 20}, 0.5f));
    matte("path = 'm.####.exr'\nmissing = 'hold'");
    EXPECT_THAT(frame_.substitutions, ElementsAre("matte m 1010 held from 1009"));
    EXPECT_EQ(stage("path = 'm.####.exr'\nmissing = 'hold'")->inputs(1010)[0].path, folder_ / "m.1009.exr");
}

TEST_F(MatteStage, AMatteOfAnotherSizeIsRefused)
{
    write("m.exr", Image({0, 0, 32, 24}, {0, 0, 32, 24}, {{"A"}}));
    EXPECT_EQ(error_of("path = 'm.exr'"), "matte 'm' is 32x24 but the plate is 64x48 (frame 1010)");
}

// From other layers

TEST_F(MatteStage, CombinesOtherMattes)
{
    frame_.set("matte.a", box({0, 0, 20, 20}, 1.0f));
    frame_.set("matte.b", box({10, 0, 30, 20}, 0.75f));
    const std::string both = "combine = ['a', 'b']\noperation = ";
    EXPECT_EQ(sum(matte(both + "'union'")), 400.0 + 150.0);
    EXPECT_EQ(sum(matte(both + "'intersect'")), 150.0);
    EXPECT_EQ(sum(matte(both + "'subtract'")), 200.0 + 50.0);
    EXPECT_EQ(sum(matte(both + "'xor'")), 200.0 + 50.0 + 150.0);
    EXPECT_EQ(sum(matte("combine = ['a', 'b']")), 550.0);
}

TEST_F(MatteStage, AMatteTakenFromItselfLeavesNoEdge)
{
    matte("shapes = [{ points = [[5.3, 4.1], [50.2, 9.9], [30.7, 44.4]] }]");
    frame_.set("matte.a", frame_.layer("matte.m"));
    EXPECT_EQ(sum(matte("combine = ['a', 'a']\noperation = 'subtract'")), 0.0);
}

TEST_F(MatteStage, TakesTheChannelOfALayer)
{
    frame_.set("cg", Image({5, 5, 15, 15}, {0, 0, 64, 48}, {{"R"}, {"A"}}, 0.5f));
    EXPECT_EQ(at(matte("from = 'cg'"), 6, 6), 0.5f);
    EXPECT_EQ(sum(frame_.layer("matte.m")), 50.0);
    EXPECT_EQ(error_of("from = 'cg'\nchannel = 'Z'"), "layer 'cg' has no channel 'Z' (has R A)");
}

TEST_F(MatteStage, NamesWhatItReads)
{
    const auto reads_of = [](const Stage& stage) {
        std::vector<std::string> names;
        for (const LayerUse::Read& read : stage.layers().reads)
            names.push_back(read.layer);
        return names;
    };
    EXPECT_THAT(reads_of(*stage("combine = ['a', 'b']")), ElementsAre("matte.a", "matte.b", "plate"));
    EXPECT_THAT(reads_of(*stage("from = 'cg'")), ElementsAre("cg", "plate"));
    EXPECT_EQ(stage("from = 'cg'")->layers().reads[0].origin.line, 2);
    EXPECT_THAT(stage("from = 'cg'")->layers().writes, ElementsAre("matte.m"));
}

// What happens to it

TEST_F(MatteStage, InvertCoversTheRestOfTheFrame)
{
    write("m.exr", box({10, 10, 30, 20}, 0.75f));
    const Image& m = matte("path = 'm.exr'\ninvert = true");
    EXPECT_EQ(m.data_window(), (Window{0, 0, 64, 48}));
    EXPECT_EQ(at(m, 0, 0), 1.0f);
    EXPECT_EQ(at(m, 12, 12), 0.25f);
}

TEST_F(MatteStage, GrowMovesTheEdgeBothWays)
{
    write("m.exr", box({20, 20, 40, 30}, 1.0f));
    EXPECT_EQ(at(matte("path = 'm.exr'\ngrow = 3"), 17, 25), 1.0f);
    EXPECT_EQ(at(frame_.layer("matte.m"), 16, 25), 0.0f);
    EXPECT_EQ(at(matte("path = 'm.exr'\ngrow = -3"), 22, 25), 0.0f);
    EXPECT_EQ(at(frame_.layer("matte.m"), 23, 25), 1.0f);
}

TEST_F(MatteStage, AProxyGrowsByAsMuchLess)
{
    shot_.proxy = 3;
    frame_.set("matte.a", box({20, 20, 40, 30}, 1.0f));
    EXPECT_EQ(at(matte("combine = ['a']\ngrow = 6"), 18, 25), 1.0f);
    EXPECT_EQ(at(frame_.layer("matte.m"), 17, 25), 0.0f);
}

TEST_F(MatteStage, InvertComesBeforeGrow)
{
    write("m.exr", box({20, 20, 40, 30}, 1.0f));
    const Image& m = matte("path = 'm.exr'\ninvert = true\ngrow = 3");
    EXPECT_EQ(at(m, 22, 25), 1.0f);
    EXPECT_EQ(at(m, 23, 25), 0.0f);
}

TEST_F(MatteStage, GrowComesBeforeFeather)
{
    write("m.exr", box({20, 0, 64, 48}, 1.0f));
    const Image& m = matte("path = 'm.exr'\ngrow = 4\nfeather = 3");
    EXPECT_NEAR(at(m, 15, 24) + at(m, 16, 24), 1.0f, 1e-3f);
    EXPECT_GT(at(m, 15, 24), 0.1f);
    EXPECT_TRUE(all_within_0_and_1(m));
}

TEST_F(MatteStage, FeatherAndShrinkLeaveTheFramesEdgeAlone)
{
    write("m.exr", box({0, 0, 40, 48}, 1.0f));
    const Image& m = matte("path = 'm.exr'\ngrow = -5\nfeather = 4");
    EXPECT_NEAR(at(m, 0, 0), 1.0f, 1e-4f);
    EXPECT_NEAR(at(m, 0, 47), 1.0f, 1e-4f);
    EXPECT_NEAR(at(m, 33, 0), at(m, 33, 24), 1e-4f);
    EXPECT_EQ(m.data_window(), (Window{0, 0, m.data_window().x1, 48}));
}

TEST_F(MatteStage, BlackAndWhitePointComeLast)
{
    frame_.set("matte.a", box({0, 0, 10, 10}, 0.5f));
    EXPECT_FLOAT_EQ(at(matte("combine = ['a']\nblack_point = 0.25\nwhite_point = 0.75"), 5, 5), 0.5f);
    EXPECT_FLOAT_EQ(at(matte("combine = ['a']\nwhite_point = 0.5"), 5, 5), 1.0f);
    EXPECT_FLOAT_EQ(at(matte("combine = ['a']\ninvert = true\nblack_point = 0.5"), 5, 5), 0.0f);
    EXPECT_FLOAT_EQ(at(frame_.layer("matte.m"), 20, 20), 1.0f);
}

TEST_F(MatteStage, AnEmptyMatteStaysEmpty)
{
    write("m.exr", box({100, 100, 120, 120}, 1.0f));
    EXPECT_TRUE(matte("path = 'm.exr'\ngrow = 2\nfeather = 2").data_window().empty());
    EXPECT_EQ(sum(matte("path = 'm.exr'\ninvert = true")), 64.0 * 48.0);
}

// Mistakes

TEST_F(MatteStage, ExactlyOneSourceMustBeGiven)
{
    EXPECT_THAT(error_of("invert = true"), HasSubstr("matte 'm' has no source"));
    EXPECT_THAT(error_of("invert = true"), HasSubstr("give one of 'path', 'shapes', 'combine' and 'from'"));
    EXPECT_THAT(error_of("path = 'm.exr'\nfrom = 'cg'"), HasSubstr("matte 'm' has 'path' and 'from'"));
    EXPECT_THAT(error_of("shapes = []"), HasSubstr("there is no shape in 'shapes'"));
    EXPECT_THAT(error_of("combine = []"), HasSubstr("there is no matte in 'combine'"));
}

TEST_F(MatteStage, AKeyOfAnotherSourceIsRefused)
{
    EXPECT_THAT(error_of("from = 'cg'\nmissing = 'hold'"),
                HasSubstr("shot.toml:3:11: 'missing' has no meaning without 'path'"));
    EXPECT_THAT(error_of("combine = ['a']\nchannel = 'R'"),
                HasSubstr("'channel' has no meaning without 'path' or 'from'"));
    EXPECT_THAT(error_of("from = 'cg'\noperation = 'xor'"),
                HasSubstr("'operation' has no meaning without 'combine'"));
    EXPECT_THAT(error_of("combine = ['a']\nlayer = 'R'"), HasSubstr("'layer' has no meaning without 'path'"));
}

TEST_F(MatteStage, AWhitePointBelowTheBlackPointIsRefused)
{
    EXPECT_THAT(error_of("from = 'cg'\nblack_point = 0.5\nwhite_point = 0.5"),
                HasSubstr("shot.toml:4:15: 'white_point' must be above 'black_point'"));
}

} // namespace
} // namespace platefall::matte
