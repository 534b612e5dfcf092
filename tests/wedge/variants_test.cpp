#include "wedge/variants.h"

#include "support/error_text.h"

#include <gmock/gmock.h>

namespace platefall::wedge {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> values(const std::string& list)
{
    return parse_variation("collapse.seed=" + list).values;
}

TEST(Variation, ListsValuesAsSetTakesThem)
{
    EXPECT_EQ(parse_variation("matte.building.grow=3").key, "matte.building.grow");
    EXPECT_THAT(values("0.2,0.4"), ElementsAre("0.2", "0.4"));
    EXPECT_THAT(values(" implosion , topple"), ElementsAre("implosion", "topple"));
    EXPECT_THAT(values("true,false"), ElementsAre("true", "false"));
    EXPECT_THAT(values("\"a,b\",'c,d'"), ElementsAre("\"a,b\"", "'c,d'"));
    EXPECT_THAT(values("[1, 2],[3, 4]"), ElementsAre("[1, 2]", "[3, 4]"));
    EXPECT_THAT(values("../plate,a=b"), ElementsAre("../plate", "a=b")) << "no ranges";
}

TEST(Variation, WritesOutRanges)
{
    EXPECT_THAT(values("1..4"), ElementsAre("1", "2", "3", "4"));
    EXPECT_THAT(values("2..-1"), ElementsAre("2", "1", "0", "-1"));
    EXPECT_THAT(values("1..2,7"), ElementsAre("1", "2", "7"));
    EXPECT_THAT(values("0.2..0.6/5"), ElementsAre("0.2", "0.3", "0.4", "0.5", "0.6"));
    EXPECT_THAT(values("0..1/3"), ElementsAre("0", "0.5", "1"));
}

TEST(Variation, RefusesWhatItCannotRead)
{
    EXPECT_EQ(error_of([] { parse_variation("seed=1..6"); }),
              "--vary seed=1..6: must have the form 'table.key=values', for example 'collapse.seed=1..6'");
    EXPECT_THAT(error_of([] { parse_variation("collapse.seed"); }), HasSubstr("must have the form"));
    EXPECT_EQ(error_of([] { values("1,,2"); }), "--vary collapse.seed=1,,2: there is nothing where a value should be");
    EXPECT_THAT(error_of([] { values(""); }), HasSubstr("there is nothing where a value should be"));
    EXPECT_EQ(error_of([] { values("1..3,2"); }), "--vary collapse.seed=1..3,2: the value 2 is there twice");
    EXPECT_EQ(error_of([] { values("0.2..0.6"); }), "--vary collapse.seed=0.2..0.6: '0.2..0.6' does not say how many numbers; write "
                                                    "'0.2..0.6/5' for five of them, evenly spaced");
    EXPECT_EQ(error_of([] { values("1..9/1"); }),
              "--vary collapse.seed=1..9/1: '1' after the '/' must be how many numbers there are, 2 to 1000");
    EXPECT_EQ(error_of([] { values("1..9999999"); }), "--vary collapse.seed=1..9999999: '1..9999999' is more than 1000 values");
    EXPECT_EQ(error_of([] { parse_variation("output.path=a,b"); }),
              "--vary output.path=a,b: 'output.path' is the same for every variant; give it with --set");
}

TEST(Variants, AreAllCombinationsAndTheLastChangesFastest)
{
    const std::vector<Variation> variations{{"collapse.seed", {"1", "2"}}, {"collapse.strength", {"0.2", "0.4"}}};
    const std::vector<Variant> variants = all_variants(variations, 4);
    ASSERT_EQ(variants.size(), 4u);
    EXPECT_EQ(variants[0].number, 1);
    EXPECT_THAT(variants[1].values, ElementsAre("1", "0.4"));
    EXPECT_THAT(variants[2].values, ElementsAre("2", "0.2"));
    EXPECT_EQ(variants[3].number, 4);
    EXPECT_EQ(error_of([&] { all_variants(variations, 3); }),
              "these are more than 3 variants; vary less, or allow more with --limit");
    EXPECT_EQ(error_of([&] { all_variants({{"a.b", {"1"}}, {"a.b", {"2"}}}, 9); }),
              "'a.b' is varied twice; give all its values in one --vary");
}

TEST(Variants, AreCalledByWhatVaries)
{
    EXPECT_EQ(label({{"collapse.seed", {}}, {"collapse.strength", {}}}, {"2", "0.4"}), "seed 2, strength 0.4");
    EXPECT_EQ(label({{"collapse.seed", {}}, {"shot.seed", {}}}, {"2", "3"}), "collapse.seed 2, shot.seed 3");
}

}  // namespace
}  // namespace platefall::wedge
