#include "compare/comparison.h"

#include "base/parallel.h"
#include "compare/pictures.h"
#include "compare/words.h"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <limits>

namespace platefall::compare {
namespace {

using test::kWindow;
using test::smooth_picture;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInf = std::numeric_limits<float>::infinity();

class Comparing : public testing::Test {
protected:
    PictureComparison compare(const Image& a, const Image& b, const Rules& rules = {}, const Attributes& of_a = {},
                              const Attributes& of_b = {}, const WriteOptions& options_b = {})
    {
        write_exr(folders_.a / "f.exr", a, of_a);
        write_exr(folders_.b / "f.exr", b, of_b, options_b);
        return compare_files(rules);
    }
    PictureComparison compare_files(const Rules& rules = {})
    {
        return compare_pictures({.name = "f.exr", .a = folders_.a / "f.exr", .b = folders_.b / "f.exr", .has_a = true, .has_b = true},
                                rules, ColourSpaces());
    }
    static Image changed(float value, const std::string& channel = "G", Image image = smooth_picture())
    {
        image.pixel(12, 7)[*image.channel_index(channel)] = value;
        return image;
    }

    test::TwoFolders folders_;
};

const Image& floats()
{
    static const Image image = smooth_picture({{"R", ChannelType::full_float}, {"G", ChannelType::full_float}, {"B", ChannelType::full_float}});
    return image;
}

TEST_F(Comparing, TheSamePictureIsTheSameHoweverItIsPacked)
{
    for (const char* compression : {"zip", "zips", "piz", "rle", "none"}) {
        const PictureComparison result =
            compare(smooth_picture(), smooth_picture(), {}, {}, {}, {.compression = compression, .tile_px = compression[0] == 'p' ? 16 : 0});
        EXPECT_EQ(result.outcome, Outcome::same) << compression << ": " << in_a_line(result);
        EXPECT_THAT(result.flips, IsEmpty());
        for (const ChannelComparison& channel : result.channels)
            EXPECT_EQ(channel.unequal, 0);
    }
}

TEST_F(Comparing, FloatsThatWereRoundedToHalfAreTheSameAndNoted)
{
    const PictureComparison result = compare(floats(), smooth_picture({{"R"}, {"G"}, {"B"}}));
    EXPECT_EQ(result.outcome, Outcome::same) << in_a_line(result);
    EXPECT_THAT(result.notes, ElementsAre("'R', 'G', 'B' was float, is half"));
    EXPECT_GT(result.channels[0].unequal, 0);
    EXPECT_LT(worst_flip(result), 0.01);
}

TEST_F(Comparing, OnePixelOfNoiseIsADifference)
{
    const float was = smooth_picture().pixel(12, 7)[1];
    const PictureComparison result = compare(smooth_picture(), changed(was * 1.01f));
    EXPECT_EQ(result.outcome, Outcome::different);
    ASSERT_NE(worst_channel(result), nullptr);
    EXPECT_EQ(worst_channel(result)->name, "G");
    EXPECT_EQ(worst_channel(result)->failing, 1);
    EXPECT_EQ(worst_channel(result)->largest.x, 12);
    EXPECT_EQ(worst_channel(result)->largest.y, 7);
    EXPECT_THAT(in_a_line(result), HasSubstr("'G' at 12,7 was 0.93604, is 0.94531"));
    EXPECT_THAT(in_a_line(result), HasSubstr("1 of 1200 pixels of 'G' differ (0.0833 %)"));
}

TEST_F(Comparing, APixelMayDifferByTheLargerOfBothLimits)
{
    const float was = floats().pixel(12, 7)[1];
    const Image other = changed(was + 0.005f, "G", floats());
    EXPECT_EQ(compare(floats(), other, {.tolerance = {.absolute = 0.006, .relative = 0}}).outcome, Outcome::same);
    EXPECT_EQ(compare(floats(), other, {.tolerance = {.absolute = 0, .relative = 0.006}}).outcome, Outcome::same);
    EXPECT_EQ(compare(floats(), other, {.tolerance = {.absolute = 0.004, .relative = 0.004}}).outcome, Outcome::different);
}

TEST_F(Comparing, SoManyPercentMayDiffer)
{
    const Image other = changed(3);
    EXPECT_EQ(compare(smooth_picture(), other, {.tolerance = {.percent = 0.084}, .flip = false}).outcome, Outcome::same);
    EXPECT_EQ(compare(smooth_picture(), other, {.tolerance = {.percent = 0.083}, .flip = false}).outcome, Outcome::different);
}

TEST_F(Comparing, FlipJudgesWhatPixelsMay)
{
    Image other = smooth_picture();
    for (int x = 5; x < 30; ++x)
        other.pixel(x, 7)[1] = 0;
    Rules rules{.tolerance = {.percent = 100}};
    const PictureComparison result = compare(smooth_picture(), other, rules);
    EXPECT_EQ(worst_channel(result), nullptr);
    EXPECT_EQ(result.outcome, Outcome::different);
    ASSERT_EQ(result.flips.size(), 1u);
    EXPECT_THAT(in_a_line(result), testing::StartsWith("FLIP 0."));
    rules.most_flip = 1;
    EXPECT_EQ(compare(smooth_picture(), other, rules).outcome, Outcome::same);
}

TEST_F(Comparing, NanIsEqualToNanAndToNothingElse)
{
    const Image broken = changed(kNan, "G", changed(-kInf, "R", floats()));
    EXPECT_EQ(compare(broken, broken).outcome, Outcome::same);
    for (const float value : {kInf, 0.5f}) {
        const PictureComparison result = compare(broken, changed(value, "G", broken), {.tolerance = {.absolute = 1e9}});
        EXPECT_EQ(result.outcome, Outcome::different);
        EXPECT_EQ(result.channels[1].failing, 1);
    }
    EXPECT_THAT(in_a_line(compare(changed(kNan, "G", floats()), floats())), HasSubstr("'G' at 12,7 was nan, is 0.936;"));
}

TEST_F(Comparing, WindowsAreComparedAndPixelsOutsideAreZero)
{
    const Window wide{-2, 0, 42, 30};
    Image b(wide, kWindow, smooth_picture().channels());
    for (int y = 0; y < 30; ++y)
        std::copy_n(smooth_picture().row(y), 40 * 4, b.pixel(0, y));
    const PictureComparison result = compare(smooth_picture(), b);
    EXPECT_THAT(result.differences, ElementsAre("data window was 40x30, is 44x30 at -2,0"));
    EXPECT_EQ(worst_channel(result), nullptr);
    b.pixel(-1, 3)[0] = 0.5f;
    EXPECT_EQ(worst_channel(compare(smooth_picture(), b))->largest.x, -1);
    b.set_display_window({0, 0, 40, 31});
    EXPECT_THAT(compare(smooth_picture(), b).differences, testing::Contains("display window was 40x30, is 40x31"));
}

TEST_F(Comparing, ChannelsThatCameOrWentAreDifferences)
{
    const PictureComparison result = compare(smooth_picture({{"R"}, {"G"}, {"B"}, {"depth.Z"}}), smooth_picture({{"R"}, {"G"}, {"B"}, {"id"}}));
    EXPECT_THAT(result.differences, ElementsAre("channel 'depth.Z' is gone", "channel 'id' is new"));
    Rules rules{.channels = {parse_channel_rule("depth:ignore"), parse_channel_rule("i*:ignore")}};
    EXPECT_EQ(compare_files(rules).outcome, Outcome::same);
}

TEST_F(Comparing, ALayerMayHaveLimitsOfItsOwn)
{
    const std::vector<Channel> channels{{"R"}, {"G"}, {"B"}, {"depth.Z", ChannelType::full_float}};
    const Image a = smooth_picture(channels);
    Image b = a;
    b.pixel(3, 3)[3] += 0.009f;
    EXPECT_EQ(compare(a, b).outcome, Outcome::different);
    EXPECT_EQ(compare_files({.channels = {parse_channel_rule("depth.Z:absolute=0.01")}}).outcome, Outcome::same);
    EXPECT_EQ(compare_files({.channels = {parse_channel_rule("depth:absolute=0.01"), parse_channel_rule("*.Z:absolute=0.005")}}).outcome,
              Outcome::different);
}

TEST_F(Comparing, IdsMustBeEqual)
{
    const std::vector<Channel> channels{{"R"}, {"object", ChannelType::unsigned_int}, {"crypto_piece00.r", ChannelType::full_float},
                                        {"crypto_piece00.g", ChannelType::full_float}};
    Image a(kWindow, kWindow, channels, 1000.0f);
    for (const int c : {1, 2, 3}) {
        Image b = a;
        b.pixel(3, 3)[c] = c == 1 ? 1001.0f : 1000.1f;
        Attributes attributes;
        attributes.set("cryptomatte/1a2b3c4/name", "crypto_piece");
        EXPECT_EQ(compare(a, b, {.tolerance = {.absolute = 0.5, .relative = 0.5}}, attributes, attributes).outcome,
                  c == 3 ? Outcome::same : Outcome::different)
            << channels[static_cast<std::size_t>(c)].name;
    }
}

TEST_F(Comparing, MetadataAreComparedButForDatesAndPrograms)
{
    Attributes a, b;
    a.set("show", "jo");
    b.set("show", "al");
    a.set("reel", 3);
    b.set("Software", "another program");
    for (const char* name : {"platefall:key", "platefall:manifest", "platefall:stages", "platefall:origins"})
        b.set(name, "0123");
    b.set("platefall:seeds", "collapse 8");
    EXPECT_THAT(compare(smooth_picture(), smooth_picture(), {}, a, b).differences,
                testing::UnorderedElementsAre("metadata 'show' was \"jo\", is \"al\"", "metadata 'reel' is gone",
                                              "metadata 'platefall:seeds' is new"));
    EXPECT_EQ(compare_files({.ignored_metadata = {"sh*", "REEL", "platefall:seeds"}}).outcome, Outcome::same);
    EXPECT_EQ(compare_files({.metadata = false}).outcome, Outcome::same);
}

TEST_F(Comparing, EveryThreadCountGivesTheSameNumbers)
{
    const Image other = smooth_picture({{"R"}, {"G"}, {"B"}, {"A"}}, {0, 0, 40, 31});
    const auto of = [&](int threads) {
        const ThreadLimit limit(threads);
        return compare(smooth_picture(), other);
    };
    const PictureComparison one = of(1), four = of(4);
    ASSERT_EQ(one.flips.size(), 1u);
    EXPECT_EQ(one.flips[0].mean, four.flips[0].mean);
    for (std::size_t c = 0; c < one.channels.size(); ++c)
        EXPECT_EQ(one.channels[c].mean, four.channels[c].mean);
}

TEST_F(Comparing, WhatCannotBeReadIsUnusable)
{
    write_exr(folders_.a / "f.exr", smooth_picture(), {});
    write_exr(folders_.b / "f.exr", smooth_picture(), {});
    std::filesystem::resize_file(folders_.b / "f.exr", 500);
    const PictureComparison result = compare_files();
    EXPECT_EQ(result.outcome, Outcome::unusable);
    EXPECT_FALSE(result.b_is_good);
    EXPECT_THAT(result.error, HasSubstr("b/f.exr': it is truncated or damaged"));
}

}  // namespace
}  // namespace platefall::compare
