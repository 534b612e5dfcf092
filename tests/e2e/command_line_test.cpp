/// The command line as people and farms meet it.
#include "base/files.h"
#include "e2e/street_shot.h"
#include "support/program.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace platefall {
namespace {

using test::Outcome;
using test::StreetShot;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;

const std::vector<std::string> kCommands{"render", "wedge", "report", "check", "compare", "init", "stages", "schema"};

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

TEST(CommandLine, HelpNamesEveryCommandAndEveryExitStatus)
{
    const Outcome help = test::platefall({"--help"});
    EXPECT_EQ(help.status, 0);
    for (const std::string& command : kCommands)
        EXPECT_THAT(help.out, HasSubstr("\n  " + command));
    for (const char* status : {"  0  ", "  1  ", "  2  ", "  3  ", "  4  ", " 33  ", " 75  ", "130  "})
        EXPECT_THAT(help.out, HasSubstr(status));
    for (const std::string& line : lines_of(help.out))
        EXPECT_LE(line.size(), 80u) << line;
}

TEST(CommandLine, HelpOfEveryCommandFitsATerminalAndHasAnExample)
{
    for (const std::string& command : kCommands) {
        const Outcome help = test::platefall({command, "--help"});
        EXPECT_EQ(help.status, 0);
        EXPECT_THAT(help.out, HasSubstr("Usage: platefall " + command));
        EXPECT_THAT(help.out, HasSubstr("Examples:\n  platefall " + command));
        for (const std::string& line : lines_of(help.out))
            EXPECT_LE(line.size(), 80u) << line;
    }
}

TEST(CommandLine, ASlipOfTheHandIsMended)
{
    const Outcome option = test::platefall({"render", "shot.toml", "--fraems", "1001"});
    EXPECT_EQ(option.status, 2);
    EXPECT_THAT(option.err, HasSubstr("did you mean '--frames'?"));
    EXPECT_EQ(option.last_line, "platefall: wrong usage; see: platefall render --help");

    const Outcome command = test::platefall({"rendr", "shot.toml"});
    EXPECT_EQ(command.status, 2);
    EXPECT_THAT(command.err, HasSubstr("did you mean 'render'?"));
    EXPECT_EQ(test::platefall({}).status, 2);
}

TEST(CommandLine, FrameRangesFollowTheDialect)
{
    const StreetShot shot;
    EXPECT_EQ(shot.render({"--frames", "1001-1009x4,1002"}).status, 0);
    EXPECT_EQ(shot.output().size(), 4u);
    const Outcome colon = shot.render({"--frames", "1001:1003"});
    EXPECT_EQ(colon.status, 2);
    EXPECT_THAT(colon.err, HasSubstr("':'"));
}

TEST(CommandLine, ProgressSpeaksTheFarmsDialects)
{
    const auto progress = [](const std::string& dialect) {
        const StreetShot shot;
        return test::platefall({"render", (shot.folder / "shot.toml").string(), "--frames", "1001-1004",
                                "--threads", "1", "--progress", dialect})
            .out;
    };
    EXPECT_THAT(progress("plain"), ContainsRegex("frame 1001 rendered 1/4 25.0% [0-9.]+s\n"));
    EXPECT_THAT(progress("auto"), ContainsRegex("frame 1004 rendered 4/4 100.0% [0-9.]+s\n"));
    EXPECT_THAT(progress("openjd"), HasSubstr("openjd_progress: 75.0\n"));
    EXPECT_THAT(progress("tractor"), HasSubstr("TR_PROGRESS 050%\n"));
    EXPECT_THAT(progress("afanasy"), HasSubstr("PROGRESS: 25%\n"));
    EXPECT_EQ(progress("none"), "");

    const std::vector<std::string> lines = lines_of(progress("json"));
    ASSERT_GE(lines.size(), 4u);
    int frames = 0;
    for (const std::string& line : lines) {
        const auto event = nlohmann::json::parse(line);
        frames += event.at("event") == "frame" && event.at("outcome") == "rendered";
    }
    EXPECT_EQ(frames, 4);
}

TEST(CommandLine, ThreadsAndMemoryComeFromTheFarm)
{
    const StreetShot shot;
    const Outcome outcome = test::platefall(
        {"render", (shot.folder / "shot.toml").string(), "--progress", "none"},
        {.folder = ".", .environment = {{"CUE_THREADS", "1"}, {"CUE_MEMORY", "400000"}}, .address_space = 0});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_LT(outcome.peak_bytes, 400'000'000u);
    const Outcome wrong = shot.render({"--memory", "lots"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.err, HasSubstr("'lots'"));
}

TEST(CommandLine, InitWritesAManifestThatChecks)
{
    const test::TempFolder folder;
    const std::string plate = PLATEFALL_SAMPLES_DIR "/street/plate/street.1001.exr";
    const Outcome init = test::platefall({"init", plate}, {.folder = folder.path});
    EXPECT_EQ(init.status, 0) << init.err;
    EXPECT_EQ(init.last_line, "platefall: wrote 'shot.toml'; next: platefall check shot.toml");
    const Outcome check = test::platefall({"check", "shot.toml"}, {.folder = folder.path});
    EXPECT_EQ(check.status, 0) << check.err;

    const Outcome again = test::platefall({"init", plate}, {.folder = folder.path});
    EXPECT_EQ(again.status, 2);
    EXPECT_THAT(again.err, HasSubstr("'shot.toml' is there already"));
    EXPECT_THAT(test::platefall({"init", plate, "-o", "-"}).out, HasSubstr("[plate]"));
}

TEST(CommandLine, SchemaIsJsonAndKnowsTheStages)
{
    const auto schema = nlohmann::json::parse(test::platefall({"schema"}).out);
    EXPECT_THAT(schema.dump(), HasSubstr("\"matte\""));
    EXPECT_EQ(schema.at("$schema"), "http://json-schema.org/draft-07/schema#");
}

TEST(CommandLine, StagesListsAndExplains)
{
    const Outcome all = test::platefall({"stages"});
    for (const char* stage : {"read", "matte", "comp"})
        EXPECT_THAT(all.out, HasSubstr(stage));
    EXPECT_THAT(test::platefall({"stages", "matte"}).out, HasSubstr("feather"));
    const Outcome unknown = test::platefall({"stages", "mate"});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean 'matte'?"));
}

TEST(CommandLine, TheManualsReferenceIsWhatTheProgramSays)
{
    const std::string page = read_text_file(PLATEFALL_SAMPLES_DIR "/../docs/manifest.md");
    const std::string reference = test::platefall({"stages", "--markdown"}).out;
    EXPECT_THAT(page, testing::EndsWith("<!-- reference -->\n\n" + reference))
        << "renew the end of docs/manifest.md with: platefall stages --markdown";
}

TEST(CommandLine, CompletionScriptsAreGoodShell)
{
    const test::TempFolder folder;
    write_file_atomically(folder / "bash", test::platefall({"completion", "bash"}).out);
    const Outcome complete = test::run_command(
        {"bash", "-c",
         "source ./bash && COMP_WORDS=(platefall render --pro) COMP_CWORD=2 && _platefall && echo ${COMPREPLY[*]} && "
         "COMP_WORDS=(platefall re) COMP_CWORD=1 && _platefall && echo ${COMPREPLY[*]} && "
         "COMP_WORDS=(platefall render --progress op) COMP_CWORD=3 && _platefall && echo ${COMPREPLY[*]}"},
        {.folder = folder.path});
    EXPECT_EQ(complete.out, "--proxy --progress\nrender report\nopenjd\n") << complete.err;

    write_file_atomically(folder / "_platefall", test::platefall({"completion", "zsh"}).out);
    const Outcome zsh = test::run_command({"zsh", "-n", (folder / "_platefall").string()});
    EXPECT_EQ(zsh.status, 0) << zsh.err;
    EXPECT_THAT(read_text_file(folder / "_platefall"), StartsWith("#compdef platefall\n"));
}

TEST(CommandLine, TheManualIsGoodRoff)
{
    const std::string manual = test::platefall({"manual"}).out;
    EXPECT_THAT(manual, StartsWith(".TH PLATEFALL 1"));
    for (const std::string& command : kCommands)
        EXPECT_THAT(manual, HasSubstr(".SS platefall " + command));

    const test::TempFolder folder;
    write_file_atomically(folder / "platefall.1", manual);
    const Outcome lint = test::run_command({"mandoc", "-T", "lint", "-W", "error", (folder / "platefall.1").string()});
    EXPECT_EQ(lint.status, 0) << lint.out << lint.err;
}

TEST(CommandLine, TheMovieSettingWantsAKnownFormat)
{
    const StreetShot shot;
    shot.write_manifest("movie = \"out/street.avi\"\n");
    EXPECT_EQ(shot.render().status, 2);
}

}  // namespace
}  // namespace platefall
