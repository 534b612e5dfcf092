#include "wedge/record.h"

#include "base/files.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

namespace platefall::wedge {
namespace {

using test::error_of;
using testing::HasSubstr;

constexpr const char* kManifest = "[shot]\nname = \"a\"\n\n[[stage]]\nuse  = \"collapse\"\nseed = 7   # mine\n";

/// Two seeds, two strengths; the manifest has no strength. Nobody has seen variant 4.
Record record()
{
    const std::vector<Variation> variations{{"collapse.seed", {"1", "2"}}, {"collapse.strength", {"0.2", "0.4"}}};
    return {variations, {"7", std::nullopt}, all_variants(variations, 4), {1, 2, 3}};
}

std::string picked(int number, const std::string& text = kManifest)
{
    return pick(record(), number, text, "shot.toml");
}

TEST(Pick, WritesTheValuesOfTheVariantAndNothingElse)
{
    EXPECT_EQ(picked(3), "[shot]\nname = \"a\"\n\n[[stage]]\nuse  = \"collapse\"\nseed = 2   # mine\nstrength = 0.2\n");
}

TEST(Pick, MayBeChangedAfterwards)
{
    EXPECT_EQ(picked(2, picked(3)), "[shot]\nname = \"a\"\n\n[[stage]]\nuse  = \"collapse\"\nseed = 1   # mine\nstrength = 0.4\n");
}

TEST(Pick, RefusesAVariantThatNobodyHasSeen)
{
    EXPECT_EQ(error_of([] { picked(5); }), "the wedge has no variant 5, only 1 to 4");
    EXPECT_EQ(error_of([] { picked(0); }), "the wedge has no variant 0, only 1 to 4");
    EXPECT_EQ(error_of([] { picked(4); }),
              "variant 4 (seed 2, strength 0.4) has no picture yet; run the same wedge again to go on with it");
}

TEST(Pick, DoesNotReplaceWhatWasTypedSince)
{
    std::string text = kManifest;
    text.replace(text.find("= 7"), 3, "= 9");
    EXPECT_EQ(error_of([&] { picked(3, text); }), "shot.toml: 'collapse.seed' is 9 by now, which the wedge has not tried; make the "
                                                  "wedge again, or type by hand: seed = 2");
    EXPECT_THAT(error_of([] { picked(3, "[shot]\nname = \"a\"\n"); }), HasSubstr("no table or stage 'collapse'"));
}

TEST(Record, ComesBackAsItWasWritten)
{
    const test::TempFolder folder;
    EXPECT_FALSE(read_record(folder.path).has_value());
    write_record(folder.path, record());
    const auto back = read_record(folder.path);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->variations, record().variations);
    EXPECT_EQ(back->before, record().before);
    EXPECT_EQ(back->seen, record().seen);
    ASSERT_EQ(back->variants.size(), 4u);
    EXPECT_EQ(back->variants[3].values, record().variants[3].values);
}

TEST(Record, SaysWhenItIsDamaged)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "wedge.json", "{\"variations\": 3");
    EXPECT_THAT(error_of([&] { read_record(folder.path); }), HasSubstr("is damaged"));
    write_file_atomically(folder / "wedge.json",
                          R"({"variations": [], "variants": [{"number": 1, "values": ["1"]}], "seen": []})");
    EXPECT_THAT(error_of([&] { read_record(folder.path); }), HasSubstr("is damaged; make the wedge again"));
}

}  // namespace
}  // namespace platefall::wedge
