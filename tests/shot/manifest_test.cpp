#include "shot/manifest.h"

#include "base/files.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

namespace platefall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

Manifest parse(const std::string& text)
{
    return parse_manifest(text, "shot.toml");
}

/// The value at "shot.fps" or the like, which must be there.
const ParamValue& value_at(const Manifest& manifest, const std::string& table, const std::string& key)
{
    const ParamEntry* entry = manifest.root.find(table);
    if (!entry || !std::holds_alternative<ParamTable>(entry->value.data))
        throw std::runtime_error("no table " + table);
    const ParamEntry* found = std::get<ParamTable>(entry->value.data).find(key);
    if (!found)
        throw std::runtime_error("no key " + key);
    return found->value;
}

const ParamTable& stage_at(const Manifest& manifest, std::size_t index)
{
    const auto& list = std::get<ParamValue::List>(manifest.root.find("stage")->value.data);
    return std::get<ParamTable>(list.at(index).data);
}

std::string refusal(const std::string& text)
{
    try {
        parse(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(Manifest, KeepsKeysInTheOrderTheyAreWritten)
{
    const Manifest manifest =
        parse("[zebra]\n[apple]\nz = 1\na = 2\n[[stage]]\nuse='b'\n[[stage]]\nuse='a'\n");
    ASSERT_EQ(manifest.root.entries.size(), 3u);
    EXPECT_EQ(manifest.root.entries[0].key, "zebra");
    EXPECT_EQ(manifest.root.entries[1].key, "apple");
    EXPECT_EQ(manifest.root.entries[2].key, "stage");
    EXPECT_EQ(std::get<ParamTable>(manifest.root.entries[1].value.data).entries[0].key, "z");
    EXPECT_EQ(std::get<std::string>(stage_at(manifest, 0).find("use")->value.data), "b");
}

TEST(Manifest, KnowsThePlaceOfEveryKeyAndValue)
{
    const Manifest manifest =
        parse("# slate\n[shot]\n  fps   = 24 # film\n\n[matte.building]\nshape = [[1, 2.5]]\n");
    const ParamEntry& shot = *manifest.root.find("shot");
    EXPECT_EQ(std::get<ParamTable>(shot.value.data).origin.line, 2);
    EXPECT_EQ(std::get<ParamTable>(shot.value.data).origin.line_text, "[shot]");

    const ParamEntry& fps = *std::get<ParamTable>(shot.value.data).find("fps");
    EXPECT_EQ(fps.key_origin.file, "shot.toml");
    EXPECT_EQ(fps.key_origin.line, 3);
    EXPECT_EQ(fps.key_origin.column, 3);
    EXPECT_EQ(fps.value.origin.column, 11);
    EXPECT_EQ(fps.value.origin.line_text, "  fps   = 24 # film");

    const auto& building = std::get<ParamTable>(value_at(manifest, "matte", "building").data);
    EXPECT_EQ(building.origin.line, 5);
    const auto& rows = std::get<ParamValue::List>(building.find("shape")->value.data);
    const auto& row = std::get<ParamValue::List>(rows[0].data);
    EXPECT_EQ(row[1].origin.column, 14);
    EXPECT_EQ(std::get<double>(row[1].data), 2.5);
    EXPECT_EQ(std::get<std::int64_t>(row[0].data), 1);
}

TEST(Manifest, StandsAMarkOfByteOrderCarriageReturnsAndNothingAtAll)
{
    const Manifest manifest = parse("\xEF\xBB\xBFname = 'a'\r\n[shot]\r\nfps = 24\r\n");
    EXPECT_EQ(manifest.root.find("name")->key_origin.column, 1);
    EXPECT_EQ(manifest.root.find("name")->key_origin.line_text, "name = 'a'");
    EXPECT_EQ(std::get<std::int64_t>(value_at(manifest, "shot", "fps").data), 24);
    EXPECT_THAT(parse("").root.entries, IsEmpty());
    EXPECT_THAT(parse("\n# only a comment").root.entries, IsEmpty());
}

TEST(Manifest, RefusesBadSyntaxAtItsPlace)
{
    EXPECT_EQ(refusal("[shot]\nfps = \n"), "shot.toml:2:7: not TOML: expected value, saw '\\n'\n"
                                           "    fps = \n"
                                           "          ^");
    EXPECT_EQ(refusal("[shot]\r\nframes = \"1001\r\n"),
              "shot.toml:2:15: not TOML: unescaped control characters other than TAB (U+0009) are explicitly "
              "prohibited\n"
              "    frames = \"1001\n"
              "                  ^");
    EXPECT_EQ(refusal("[shot\n"), "shot.toml:1:6: not TOML: expected ']', saw '\\n'\n    [shot\n         ^");
    EXPECT_THAT(refusal("a = \"\xff\""),
                HasSubstr("shot.toml:1:5: not TOML: encountered invalid utf-8 sequence"));
}

TEST(Manifest, RefusesAKeyThatIsThereTwice)
{
    EXPECT_EQ(refusal("[shot]\nfps = 24\nfps = 25\n"), "shot.toml:3:7: 'fps' is there twice\n"
                                                       "    fps = 25\n"
                                                       "          ^");
    EXPECT_THAT(refusal("[shot]\n[plate]\n[shot]\n"), HasSubstr("shot.toml:3:1: 'shot' is there twice\n"));
}

TEST(Manifest, RefusesEveryDateAtOnce)
{
    EXPECT_EQ(refusal("[shot]\nday = 2024-05-01\nhours = [07:30:00]\n"),
              "shot.toml:2:7: a date or time is not a value that a manifest can hold\n"
              "    day = 2024-05-01\n"
              "          ^ put it in quotes if it is meant as a string\n"
              "shot.toml:3:10: a date or time is not a value that a manifest can hold\n"
              "    hours = [07:30:00]\n"
              "             ^ put it in quotes if it is meant as a string");
}

TEST(Manifest, DoesNotQuoteALineThatNobodyCouldRead)
{
    const Manifest manifest = parse("shape = [" + std::string(500, ' ') + "1]\n");
    EXPECT_EQ(manifest.root.entries[0].key_origin.line, 1);
    EXPECT_EQ(manifest.root.entries[0].key_origin.line_text, "");
}

TEST(Manifest, KnowsItsFolder)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "a.toml", "[shot]\nname = 'a'\n");
    const Manifest manifest = read_manifest(folder / "a.toml");
    EXPECT_EQ(manifest.path, folder / "a.toml");
    EXPECT_EQ(manifest.folder, folder.path);
    EXPECT_THAT([&] { read_manifest(folder / "b.toml"); },
                ThrowsMessage<Error>(HasSubstr((folder / "b.toml").string())));
}

/// A manifest with one of everything that --set can reach.
Manifest example()
{
    return parse("[shot]\nframes = \"1001-1072\"\nfps = 24\n[matte.building]\npath = \"a.exr\"\n"
                 "[[stage]]\nuse = \"comp\"\n[[stage]]\nuse = \"comp\"\n[[stage]]\nuse = \"collapse\"\n");
}

std::vector<std::string> setting_faults(const std::string& setting)
{
    Manifest manifest = example();
    Faults faults;
    apply_setting(manifest, setting, faults);
    return faults.all();
}

TEST(Setting, ReplacesAndAddsKeysOfTables)
{
    Manifest manifest = example();
    Faults faults;
    for (const char* setting : {"shot.fps=25", "shot.seed=3", "matte.building.path=b=c.exr",
                                "matte.building.points=[[1, 2], [3, 4]]"})
        apply_setting(manifest, setting, faults);
    EXPECT_THAT(faults.all(), IsEmpty());
    EXPECT_EQ(std::get<std::int64_t>(value_at(manifest, "shot", "fps").data), 25);
    EXPECT_EQ(std::get<std::int64_t>(value_at(manifest, "shot", "seed").data), 3);
    const auto& building = std::get<ParamTable>(value_at(manifest, "matte", "building").data);
    EXPECT_EQ(std::get<std::string>(building.find("path")->value.data), "b=c.exr");
    EXPECT_EQ(std::get<ParamValue::List>(building.find("points")->value.data).size(), 2u);
}

TEST(Setting, ReachesAStageByItsUseAndNumber)
{
    Manifest manifest = example();
    Faults faults;
    apply_setting(manifest, "comp#2.layers=[\"clean\"]", faults);
    apply_setting(manifest, "collapse.seed=3", faults);
    EXPECT_THAT(faults.all(), IsEmpty());
    EXPECT_EQ(stage_at(manifest, 0).find("layers"), nullptr);
    EXPECT_NE(stage_at(manifest, 1).find("layers"), nullptr);
    EXPECT_EQ(std::get<std::int64_t>(stage_at(manifest, 2).find("seed")->value.data), 3);
}

TEST(Setting, AddsASectionThatTheManifestLeavesOut)
{
    Manifest manifest = example();
    Faults faults;
    apply_setting(manifest, "cache.path=/fast", faults);
    apply_setting(manifest, "output.movie=a.mp4", faults);
    EXPECT_THAT(faults.all(), IsEmpty());
    EXPECT_EQ(std::get<std::string>(value_at(manifest, "cache", "path").data), "/fast");
    EXPECT_EQ(std::get<std::string>(value_at(manifest, "output", "movie").data), "a.mp4");
}

TEST(Setting, IsAStringWhereItIsNotTomlOrWhereAStringWas)
{
    Manifest manifest = example();
    Faults faults;
    const auto set = [&](const std::string& value) -> const ParamValue& {
        manifest = example();
        apply_setting(manifest, "collapse.style=" + value, faults);
        return stage_at(manifest, 2).find("style")->value;
    };
    EXPECT_EQ(std::get<double>(set("2.5").data), 2.5);
    EXPECT_TRUE(std::get<bool>(set("true").data));
    for (const std::string word : {"implosion", "a#b", "2024-05-01", "1\nother = 2", ""})
        EXPECT_EQ(std::get<std::string>(set(word).data), word);
    EXPECT_EQ(std::get<std::string>(set("\"quoted\"").data), "quoted");
    apply_setting(manifest, "shot.frames=1001", faults);
    EXPECT_EQ(std::get<std::string>(value_at(manifest, "shot", "frames").data), "1001");
    EXPECT_THAT(faults.all(), IsEmpty());
}

TEST(Setting, IsNamedInTheFaultsOfItsValue)
{
    Manifest manifest = example();
    Faults faults;
    apply_setting(manifest, "shot.fps=fast", faults);
    EXPECT_EQ(at(value_at(manifest, "shot", "fps").origin, "no"), "--set shot.fps=fast: no");
}

TEST(Setting, IsRefusedWithoutATableOrAValue)
{
    const char* form = ": must have the form 'table.key=value' (for example 'collapse.seed=3')";
    for (const std::string setting : {"collapse.seed", "seed=3", ".seed=3", "collapse.=3", ""})
        EXPECT_THAT(setting_faults(setting), ElementsAre("--set " + setting + form));
}

TEST(Setting, IsRefusedForATableOrStageThatIsNotThere)
{
    EXPECT_THAT(
        setting_faults("colapse.seed=3"),
        ElementsAre("--set colapse.seed=3: the manifest has no table or stage 'colapse' (did you mean "
                    "'collapse'?)"));
    EXPECT_THAT(
        setting_faults("matte.bulding.path=x"),
        ElementsAre("--set matte.bulding.path=x: the manifest has no table or stage 'matte.bulding' (did "
                    "you mean 'matte.building'?)"));
    EXPECT_THAT(setting_faults("comp#3.x=1"),
                ElementsAre("--set comp#3.x=1: there is no stage 'comp#3' (there are "
                            "2 with use = 'comp')"));
}

TEST(Setting, IsRefusedWhenTwoStagesHaveTheName)
{
    EXPECT_THAT(setting_faults("comp.x=1"),
                ElementsAre("--set comp.x=1: there are 2 stages 'comp' (say which one, as in 'comp#2')"));
}

TEST(Variables, AreExpandedInBothForms)
{
    setenv("PLATEFALL_TEST_SHOW", "fall", 1);
    EXPECT_EQ(expand_variables("/s/$PLATEFALL_TEST_SHOW/a"), "/s/fall/a");
    EXPECT_EQ(expand_variables("${PLATEFALL_TEST_SHOW}_v2.####.exr"), "fall_v2.####.exr");
    EXPECT_EQ(expand_variables("cost$$.exr"), "cost$.exr");
    EXPECT_EQ(expand_variables("$$PLATEFALL_TEST_SHOW"), "$PLATEFALL_TEST_SHOW");
}

TEST(Variables, AreRefusedWhenNotSetOrNotNamed)
{
    EXPECT_THAT([] { expand_variables("${PLATEFALL_TEST_UNSET}/a"); },
                ThrowsMessage<Error>("environment variable 'PLATEFALL_TEST_UNSET' is not set"));
    for (const char* text : {"a$", "$/a", "${A", "${}", "$1"})
        EXPECT_THAT(
            [&] { expand_variables(text); },
            ThrowsMessage<Error>("'$' must be followed by the name of a variable, as in $SHOW or ${SHOW}; "
                                 "write '$$' for a dollar sign"))
            << text;
}

TEST(FileOrder, SortsByPlaceAndLeavesTheRestAtTheEnd)
{
    const Manifest manifest = parse_manifest("", "/x y/s.toml");
    EXPECT_THAT(in_file_order({"--set a.b=1: no", "/x y/s.toml:10:2: b", "/x y/s.toml:9:30: a\nline:1:1: x",
                               "camera.chan:1:1: other", "/x y/s.toml:10:1: c", "/x y/s.toml: needs"},
                              manifest),
                ElementsAre("/x y/s.toml:9:30: a\nline:1:1: x", "/x y/s.toml:10:1: c", "/x y/s.toml:10:2: b",
                            "--set a.b=1: no", "camera.chan:1:1: other", "/x y/s.toml: needs"));
}

}  // namespace
}  // namespace platefall
