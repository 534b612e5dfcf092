/// Same inputs, same bits.
#include "e2e/street_shot.h"

#include <gtest/gtest.h>

namespace platefall {
namespace {

using test::StreetShot;

TEST(Determinism, AFrameAloneEqualsTheFrameOfTheRange)
{
    const StreetShot range, alone;
    ASSERT_EQ(range.render().status, 0);
    ASSERT_EQ(alone.render({"--frames", "1005"}).status, 0);
    ASSERT_EQ(alone.output().size(), 1u);
    EXPECT_EQ(alone.output().at("street.1005.exr"), range.output().at("street.1005.exr"));
}

TEST(Determinism, OneThreadEqualsTwo)
{
    const StreetShot one, two;
    ASSERT_EQ(one.render({"--threads", "1"}).status, 0);
    ASSERT_EQ(two.render({"--threads", "2"}).status, 0);
    EXPECT_EQ(one.output(), two.output());
}

TEST(Determinism, MoreThreadsThanFramesEqualOne)
{
    const StreetShot one, many;
    ASSERT_EQ(one.render({"--threads", "1", "--frames", "1003"}).status, 0);
    ASSERT_EQ(many.render({"--threads", "7", "--frames", "1003"}).status, 0);
    EXPECT_EQ(one.output(), many.output());
}

}  // namespace
}  // namespace platefall
