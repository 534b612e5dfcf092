#include "base/spelling.h"

#include <gtest/gtest.h>

namespace platefall {
namespace {

TEST(Spelling, OneSlipOfEachKindIsFound)
{
    const std::vector<std::string> keys{"dust_density", "seed", "comp", "gravity"};
    EXPECT_EQ(nearest("dust_densty", keys), "dust_density");
    EXPECT_EQ(nearest("seeed", keys), "seed");
    EXPECT_EQ(nearest("camp", keys), "comp");
    EXPECT_EQ(nearest("garvity", keys), "gravity");
    EXPECT_EQ(nearest("GRAVITY", keys), "gravity");
}

TEST(Spelling, NearestOfSeveralWinsAndTheFirstOfEquals)
{
    EXPECT_EQ(nearest("layers", {"layer", "layers"}), "layers");
    EXPECT_EQ(nearest("layed", {"layer", "layed_", "layeb"}), "layer");
}

TEST(Spelling, AnotherWordIsNoSlip)
{
    EXPECT_EQ(nearest("matte", {"comp", "render"}), "");
    EXPECT_EQ(nearest("fps", {"seed", "name"}), "");
    EXPECT_EQ(nearest("a", {"b", "A"}), "A");
    EXPECT_EQ(nearest("a", {"b"}), "");
    EXPECT_EQ(nearest("", {"b"}), "");
    EXPECT_EQ(nearest("x", {}), "");
}

TEST(Spelling, SuggestionIsAQuestion)
{
    EXPECT_EQ(did_you_mean("cmop", {"comp"}), "did you mean 'comp'?");
    EXPECT_EQ(did_you_mean("zebra", {"comp"}), "");
}

TEST(Spelling, ListsReadAsASentence)
{
    EXPECT_EQ(join_with_and({}), "");
    EXPECT_EQ(join_with_and({"a"}), "a");
    EXPECT_EQ(join_with_and({"a", "b"}), "a and b");
    EXPECT_EQ(join_with_and({"a", "b", "c"}), "a, b and c");
}

}  // namespace
}  // namespace platefall
