#include "stage/stage_listing.h"

#include "stage/stage_examples.h"

#include <gmock/gmock.h>

namespace platefall {
namespace {

using test::example_stages;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

TEST(StageListing, HasOneLineForEachStage)
{
    EXPECT_EQ(stage_listing(example_stages()), "read   Reads a sequence.\n"
                                               "matte  Reads a matte.\n"
                                               "comp   Puts layers together.\n");
}

TEST(StageListing, TellsEverythingAboutOneStage)
{
    EXPECT_EQ(stage_details(example_stages(), "comp"), "comp: Puts layers together.\n"
                                                       "\n"
                                                       "  layers     list of strings or tables, required\n"
                                                       "             Layers, bottom to top.\n"
                                                       "    layer    string, required\n"
                                                       "             The layer.\n"
                                                       "    opacity  number, default 1, 0 to 1\n"
                                                       "             How much | of it.\n"
                                                       "  holdout    true or false, default false\n"
                                                       "             Cuts holes.\n"
                                                       "  seed       whole number, default 7\n"
                                                       "             Seed.\n"
                                                       "  filter     linear or cubic, default \"cubic\"\n"
                                                       "             Filter.\n"
                                                       "  gain       3 numbers, default [1, 1, 0.5]\n"
                                                       "             Gain.\n"
                                                       "  shape      list of [x, y] pairs, px\n"
                                                       "             Outline.\n"
                                                       "  skip       list of strings\n"
                                                       "             Layers to skip.\n");
    EXPECT_THAT(stage_details(example_stages(), "matte"), HasSubstr("number, px, default 0, -500 to 500\n"));
}

TEST(StageListing, GuessesTheStageThatWasMeant)
{
    EXPECT_THAT([] { stage_details(example_stages(), "cmop"); },
                ThrowsMessage<Error>("there is no stage 'cmop' (did you mean 'comp'?)"));
    EXPECT_THAT([] { stage_details(example_stages(), "elephant"); },
                ThrowsMessage<Error>("there is no stage 'elephant' (there are read, matte and comp)"));
}

TEST(StageReference, HasATableForEachStage)
{
    EXPECT_THAT(stage_reference_markdown(example_stages()),
                HasSubstr("### `matte`\n"
                          "\n"
                          "Reads a matte.\n"
                          "\n"
                          "| key | type | unit | default | range | meaning |\n"
                          "|---|---|---|---|---|---|\n"
                          "| `name` | string |  | required |  | Its layer. |\n"
                          "| `grow` | number | px | `0` | -500 to 500 | Grows it. |\n"
                          "\n"
                          "### `comp`\n"));
}

TEST(StageReference, NamesFieldsByTheirListAndKeepsBarsOutOfTheTable)
{
    EXPECT_THAT(stage_reference_markdown(example_stages()),
                HasSubstr("| `layers[].opacity` | number |  | `1` | 0 to 1 | How much \\| of it. |\n"));
}

TEST(SectionReference, HasATableForEachSection)
{
    const std::string text = section_reference_markdown();
    EXPECT_THAT(text, StartsWith("### `[shot]`\n"));
    for (const char* part : {"### `[plate]`\n", "### `[camera]`\n", "### `[output]`\n", "### `[cache]`\n",
                             "| `fps` | number | frames/s | `24` | 0.001 to 1000 | Frames a second. |\n",
                             "| `type` | half or float |  | `\"half\"` |"})
        EXPECT_THAT(text, HasSubstr(part));
}

}  // namespace
}  // namespace platefall
