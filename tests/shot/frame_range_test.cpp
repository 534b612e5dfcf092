#include "shot/frame_range.h"

#include <platefall/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace platefall {
namespace {

using testing::ElementsAre;

std::string refusal(const std::string& text)
{
    try {
        parse_frame_range(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "nothing was thrown";
}

TEST(FrameRange, SingleFramesRangesAndStepsAreRead)
{
    EXPECT_THAT(parse_frame_range("1001"), ElementsAre(1001));
    EXPECT_THAT(parse_frame_range("1001-1004"), ElementsAre(1001, 1002, 1003, 1004));
    EXPECT_THAT(parse_frame_range("1001-1030x12"), ElementsAre(1001, 1013, 1025));
    EXPECT_THAT(parse_frame_range("7-7"), ElementsAre(7));
}

TEST(FrameRange, PartsMayOverlapComeInAnyOrderAndHaveSpaces)
{
    EXPECT_THAT(parse_frame_range(" 5-7 , 1,\t6-8 "), ElementsAre(1, 5, 6, 7, 8));
}

TEST(FrameRange, NegativeFramesAreRead)
{
    EXPECT_THAT(parse_frame_range("-5--2"), ElementsAre(-5, -4, -3, -2));
    EXPECT_THAT(parse_frame_range("-5-3x2"), ElementsAre(-5, -3, -1, 1, 3));
    EXPECT_THAT(parse_frame_range("-2"), ElementsAre(-2));
}

TEST(FrameRange, FarEndsOfTheNumbersDoNotOverflow)
{
    EXPECT_THAT(parse_frame_range("2147483646-2147483647"), ElementsAre(2147483646, 2147483647));
    EXPECT_THAT(parse_frame_range("-2147483648-2147483647x2147483647"), ElementsAre(-2147483648, -1, 2147483646));
}

TEST(FrameRange, ColonIsRefusedWithTheReason)
{
    EXPECT_EQ(refusal("1001-1100:2"), "frame range '1001-1100:2': ':' means a step in some programs and a range in "
                                      "others; write A-B for a range and A-BxN for every Nth frame of it");
}

TEST(FrameRange, DescendingRangeIsRefusedWithTheHint)
{
    EXPECT_EQ(refusal("1,10-1"), "frame range '1,10-1': last frame 1 comes before first frame 10; write 1-10");
    EXPECT_EQ(refusal("-2--5"), "frame range '-2--5': last frame -5 comes before first frame -2; write -5--2");
}

TEST(FrameRange, StepBelowOneIsRefused)
{
    EXPECT_EQ(refusal("1-10x0"), "frame range '1-10x0': the step must be at least 1 (is 0)");
    EXPECT_EQ(refusal("1-10x-2"), "frame range '1-10x-2': the step must be at least 1 (is -2)");
}

TEST(FrameRange, WhatIsMissingIsNamed)
{
    EXPECT_EQ(refusal(""), "frame range '': a frame number is missing at the end");
    EXPECT_EQ(refusal("1,"), "frame range '1,': a frame number is missing at the end");
    EXPECT_EQ(refusal("1,,2"), "frame range '1,,2': a frame number is missing before ',2'");
    EXPECT_EQ(refusal("1001-"), "frame range '1001-': a last frame after the '-' is missing at the end");
    EXPECT_EQ(refusal("1-9x"), "frame range '1-9x': a step after the 'x' is missing at the end");
    EXPECT_EQ(refusal("all"), "frame range 'all': a frame number is missing before 'all'");
}

TEST(FrameRange, RestIsNeverPassedOver)
{
    EXPECT_EQ(refusal("1001-1100by2"), "frame range '1001-1100by2': 'by2' is not understood; write frames as 1001, "
                                       "1001-1100, 1001-1100x12, with commas between them");
    EXPECT_THAT(refusal("5x2"), testing::HasSubstr("'x2' is not understood"));
    EXPECT_THAT(refusal("1.5"), testing::HasSubstr("'.5' is not understood"));
}

TEST(FrameRange, TooManyAndTooLargeFramesAreRefused)
{
    EXPECT_EQ(refusal("1-1000001"), "frame range '1-1000001': these are more than 1000000 frames");
    EXPECT_EQ(refusal("1-900000,1000001-1900000"),
              "frame range '1-900000,1000001-1900000': these are more than 1000000 frames");
    EXPECT_EQ(refusal("1-99999999999"), "frame range '1-99999999999': 99999999999 is too large");
    EXPECT_EQ(parse_frame_range("1-1000000").size(), 1'000'000u);
    EXPECT_EQ(parse_frame_range("1-1000000,1-1000000").size(), 1'000'000u);
    EXPECT_EQ(refusal("-2147483648-2147483647"),
              "frame range '-2147483648-2147483647': these are more than 1000000 frames");
}

TEST(FrameRange, IsWrittenShort)
{
    EXPECT_EQ(format_frame_range({}), "none");
    EXPECT_EQ(format_frame_range({5}), "5");
    EXPECT_EQ(format_frame_range({5, 6}), "5-6");
    EXPECT_EQ(format_frame_range({1001, 1101}), "1001,1101");
    EXPECT_EQ(format_frame_range({1, 3, 5}), "1-5x2");
    EXPECT_EQ(format_frame_range({1001, 1002, 1003, 1004, 1010, 1022, 1034}), "1001-1004,1010-1034x12");
    EXPECT_EQ(format_frame_range({-5, -4, -3}), "-5--3");
    EXPECT_EQ(format_frame_range({1, 4, 5, 6, 7}), "1,4-7");
    EXPECT_EQ(format_frame_range({std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}),
              "-2147483648,2147483647");
}

TEST(FrameRange, WhatIsWrittenReadsBackTheSame)
{
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::set<int> frames;
        const int count = 1 + static_cast<int>(random() % 40), spread = 5 + static_cast<int>(random() % 200);
        for (int i = 0; i < count; ++i)
            frames.insert(static_cast<int>(random() % static_cast<unsigned>(spread)) - spread / 2);
        const std::vector<int> list(frames.begin(), frames.end());
        ASSERT_EQ(parse_frame_range(format_frame_range(list)), list) << format_frame_range(list);
    }
}

TEST(SpreadFrames, KeepsTheFirstAndTheLastAndAllOfAFew)
{
    EXPECT_EQ(spread_frames({1, 2, 3, 4, 5, 6, 7, 8, 9}, 3), (std::vector{1, 5, 9}));
    EXPECT_EQ(spread_frames({1, 2, 3, 10}, 2), (std::vector{1, 10}));
    EXPECT_EQ(spread_frames({1, 2}, 2), (std::vector{1, 2}));
    EXPECT_EQ(spread_frames({}, 2), std::vector<int>());
}

}  // namespace
}  // namespace platefall
