#include "compare/rules.h"

#include "support/error_text.h"

#include <gtest/gtest.h>

namespace platefall::compare {
namespace {

using test::error_of;

TEST(ChannelRules, SayWhatIsWrong)
{
    EXPECT_EQ(error_of([] { parse_channel_rule("depth"); }),
              "--channel 'depth': write a channel or a layer, a colon, and what holds for it: 'depth.Z:absolute=0.01' or 'depth:ignore'");
    EXPECT_EQ(error_of([] { parse_channel_rule("Z:absolut=1"); }), "--channel 'Z:absolut=1': 'absolut' is not known; did you mean 'absolute'?");
    EXPECT_EQ(error_of([] { parse_channel_rule("Z:absolute=1x"); }),
              "--channel 'Z:absolute=1x': '1x' is not a number from 0 up; write it as absolute=0.01");
    EXPECT_EQ(error_of([] { parse_channel_rule("Z:percent=-1"); }),
              "--channel 'Z:percent=-1': '-1' is not a number from 0 up; write it as percent=0.01");
}

TEST(ChannelRules, TheLastThatFitsHolds)
{
    const Rules rules{.channels = {parse_channel_rule("*:percent=1"), parse_channel_rule("depth:absolute=2,relative=0"),
                                   parse_channel_rule("depth.x:ignore")}};
    EXPECT_EQ(rules.tolerance_of("R", false), (Tolerance{.percent = 1}));
    EXPECT_EQ(rules.tolerance_of("depth.Z", false), (Tolerance{.absolute = 2, .relative = 0, .percent = 1}));
    EXPECT_EQ(rules.tolerance_of("depth.X", false), std::nullopt);
}

TEST(ChannelRules, IdsHaveNoToleranceUnlessTheyAreNamed)
{
    const Rules rules{.tolerance = {.absolute = 5}, .channels = {parse_channel_rule("named:absolute=1")}};
    EXPECT_EQ(rules.tolerance_of("id", true), (Tolerance{.absolute = 0, .relative = 0, .percent = 0}));
    EXPECT_EQ(rules.tolerance_of("named", true)->absolute, 1);
}

}  // namespace
}  // namespace platefall::compare
