/// Stages in shared libraries: the samples, and everything that can go wrong with one.
#include "e2e/external_shot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace platefall::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string library(const std::string& name)
{
    return "lib:" PLATEFALL_TEST_LIBRARIES "/" + name + ".so";
}

TEST(LibraryStage, IsRefusedUnlessItIsAllowedAndIsNotLoaded)
{
    ExternalShot shot(library("crashing_loader"));
    for (const char* command : {"check", "render"}) {
        const Outcome outcome = shot.run(command, "", {});
        EXPECT_EQ(outcome.status, 2);
        EXPECT_THAT(outcome.err, AllOf(HasSubstr("tiny.toml:10:7: '" + library("crashing_loader") + "' is '"),
                                       HasSubstr("which is not part of platefall, and a manifest alone may not run it; allow it "
                                                 "with --allow-external, or for good in '")));
    }
}

TEST(LibraryStage, TheSampleInCRendersAndSaysWhatItIs)
{
    ExternalShot shot(library("exposure_ramp"));
    const Outcome outcome = shot.render("layer = \"plate\"\nbegin = 1001\nend = 1003\nstops = 1\n");
    EXPECT_THAT(outcome.err, HasSubstr("layer 'plate' is the photograph, and no stage writes it"));

    shot.use = "comp\"\nlayers = [\"plate\"]\n[[stage]]\nuse = \"" + library("exposure_ramp");
    const Outcome good = shot.render("begin = 1001\nend = 1003\nstops = 1\n");
    ASSERT_EQ(good.status, 0) << good.err;
    const Image plate = plate_picture(1003), first = shot.result(1001), last = shot.result(1003);
    const int generated = *last.channel_index("generated");
    for (int c = 0; c < 3; ++c) {
        EXPECT_EQ(first.pixel(7, 5)[c], plate_picture(1001).pixel(7, 5)[c]);
        EXPECT_EQ(last.pixel(7, 5)[c], 2 * plate.pixel(7, 5)[c]);
    }
    EXPECT_EQ(first.pixel(7, 5)[generated], 0);
    EXPECT_EQ(last.pixel(7, 5)[generated], 1);
    EXPECT_THAT(read_header(shot.file(1003)).attributes.text("platefall:external"),
                testing::MatchesRegex("lib:.*/exposure_ramp.so, version 1, [0-9a-f]{32}"));

    EXPECT_THAT(shot.render("begin = 1003\nend = 1001\n").err, HasSubstr("tiny.toml:15:7: 'end' must come after 'begin'"));
    EXPECT_THAT(shot.render("begin = 1001\nend = 1003\nstop = 1\n").err, HasSubstr("did you mean 'stops'"));
    EXPECT_THAT(shot.render("begin = 1001\nend = 1003\nstops = 99\n").err, HasSubstr("between -16 and 16 stops (is 99)"));
}

TEST(LibraryStage, TheSampleInCppShakesAfterTheBlowOnly)
{
    ExternalShot shot("comp\"\nlayers = [\"plate\"]\n[[stage]]\nuse = \"" + library("shake"));
    ASSERT_EQ(shot.render("frame = 1003\n").status, 0);
    EXPECT_EQ(shot.result(1002).pixel(9, 9)[0], plate_picture(1002).pixel(9, 9)[0]);
    EXPECT_NE(shot.result(1003).pixel(9, 9)[0], plate_picture(1003).pixel(9, 9)[0]);
}

TEST(LibraryStage, IsExplainedLikeAnyOther)
{
    const Outcome outcome = platefall({"stages", library("shake"), "--allow-external"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("Shakes the picture after a blow, less and less."), HasSubstr("half_life")));
    EXPECT_EQ(platefall({"stages", library("shake")}).status, 2);
}

TEST(LibraryStage, IsFoundInTheFoldersOfThePluginPath)
{
    ExternalShot shot("lib:misbehaving");
    EXPECT_THAT(shot.render().err, AllOf(HasSubstr("there is no plug-in 'misbehaving' in '"),
                                         HasSubstr("; put it there, or name its folder in PLATEFALL_PLUGIN_PATH")));
    shot.environment.emplace_back("PLATEFALL_PLUGIN_PATH", "/nowhere:" PLATEFALL_TEST_LIBRARIES);
    EXPECT_EQ(shot.render().status, 0);
    std::filesystem::copy(PLATEFALL_TEST_LIBRARIES "/misbehaving.so", shot.folder / "libbeside.so");
    shot.use = "lib:beside";
    EXPECT_EQ(shot.render().status, 0);
}

TEST(LibraryStage, AllowedInTheUsersFile)
{
    ExternalShot shot(library("misbehaving"));
    const TempFolder home;
    shot.environment.emplace_back("XDG_CONFIG_HOME", (home / ".").string());
    const auto allow = [&](const std::string& list) {
        write_file_atomically(home / "platefall/config.toml", "allow_external = " + list + "\n");
    };
    allow("[\"" PLATEFALL_TEST_LIBRARIES "/misbehaving.so\"]");
    EXPECT_EQ(shot.render("", {}).status, 0);
    allow("[\"" PLATEFALL_TEST_LIBRARIES "/\"]");
    EXPECT_EQ(shot.render("", {}).status, 0);
    allow("[\"" PLATEFALL_TEST_LIBRARIES "\"]");   // a file of that name, not what is in the folder
    EXPECT_EQ(shot.render("", {}).status, 2);
    allow("[\"misbehaving.so\"]");
    EXPECT_THAT(shot.render("", {}).err, HasSubstr("config.toml:1:18: 'misbehaving.so' is not an absolute path"));
    allow("[]\nallow_extrenal = []");
    EXPECT_THAT(shot.render("", {}).err, HasSubstr("did you mean 'allow_external'"));
}

struct Refusal {
    std::string library, message;
};

TEST(LibraryStage, WhatIsNoGoodPluginIsRefusedByName)
{
    for (const auto& [name, message] : std::vector<Refusal>{
             {"stale", "stale.so' was built for version 7 of platefall's plug-in interface, and platefall "},
             {"no_plugin", "no_plugin.so' is not a plug-in of platefall: it does not export platefall_stage_v1"},
             {"wrong_size", "wrong_size.so' describes its stage wrongly: its size, "},
             {"crashing_loader", "crashing_loader.so' died: "}}) {
        const Outcome outcome = ExternalShot(library(name)).run("check");
        EXPECT_EQ(outcome.status, 2);
        EXPECT_THAT(outcome.err, AllOf(HasSubstr("tiny.toml:10:7: stage 'lib:"), HasSubstr(message)));
    }
    ExternalShot text("lib:./text.so");
    write_file_atomically(text.folder / "text.so", "not a library");
    EXPECT_THAT(text.run("check").err, HasSubstr("stage 'lib:./text.so': cannot load the plug-in: "));
}

TEST(LibraryStage, WhatGoesWrongInOneFrameIsNamedAndCostsThatFrame)
{
    for (const auto& [how, message] : std::vector<Refusal>{
             {"throw", "': the sky is falling"},
             {"throw a number", "': something was thrown that is no std::exception"},
             {"nan", "', layer 'comp': a value is not finite: channel G at 5,3"},
             {"garbage", "': layer 'comp': 'data_window' reaches to 1073741824, which no picture does"},
             {"twice", "': layer 'comp': channel 'R' appears twice"},
             {"undeclared", "': layer 'clean': it adds a layer that it did not declare with writes()"}}) {
        const Outcome outcome = ExternalShot(library("misbehaving")).render("how = \"" + how + "\"\n");
        EXPECT_EQ(outcome.status, 3) << how;
        EXPECT_THAT(outcome.err, HasSubstr("frame 1002: stage '" + library("misbehaving") + message)) << how;
        EXPECT_THAT(outcome.last_line, AllOf(HasSubstr("1 of 4 frames failed; retry with: platefall render "),
                                             HasSubstr("--allow-external --frames 1002")))
            << how;
    }
}

TEST(LibraryStage, CrashShowsWhatItSaidLastAndTheOthersGoOn)
{
    ExternalShot shot(library("misbehaving"));
    const Outcome outcome = shot.render("how = \"crash\"\n", {"--allow-external", "--threads", "1"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("frame 1002: stage '" + library("misbehaving") + "' died: '"),
                                   HasSubstr("was ended by signal 11 (Segmentation fault)"), HasSubstr("about to crash")));
    EXPECT_THAT(outcome.last_line, HasSubstr("--frames 1002"));
    EXPECT_EQ(shot.result(1004).pixel(3, 3)[0], plate_picture(1004).pixel(3, 3)[0]);
}

TEST(LibraryStage, HangingOneIsEndedAfterTheTimeLimit)
{
    ExternalShot shot(library("misbehaving"));
    const Outcome outcome = shot.render("how = \"hang\"\ntime_limit = 1\n", {"--allow-external", "--threads", "1"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr("frame 1002: stage '" + library("misbehaving")
                                       + "' said nothing for 1 s and was ended; if it needs longer, raise its time_limit or "
                                         "let it report progress"));
    EXPECT_THAT(outcome.last_line, HasSubstr("--frames 1002"));
}

TEST(LibraryStage, RefusalAtItsMakingPointsAtTheParameter)
{
    ExternalShot shot(library("misbehaving"));
    EXPECT_THAT(shot.run("check", "how = \"refuse\"\n").err, HasSubstr("tiny.toml:11:7: nobody may say 'refuse'"));
    EXPECT_THAT(shot.run("check", "how = \"misspell\"\n").err,
                HasSubstr("it asks for parameter 'hwo', which it did not declare or which was not given"));
}

TEST(LibraryStage, WarningIsShown)
{
    EXPECT_THAT(ExternalShot(library("misbehaving")).render("how = \"warn\"\n").err,
                HasSubstr("tiny frame 1002: " + library("misbehaving") + ": a cloud is coming"));
}

TEST(LibraryStage, FileThatItReadsIsPartOfTheFramesKey)
{
    ExternalShot shot(library("misbehaving"));
    EXPECT_THAT(shot.run("check", "file = \"data.txt\"\n").err, HasSubstr("data.txt' does not exist"));
    write_file_atomically(shot.folder / "data.txt", "one");
    EXPECT_THAT(shot.render("file = \"data.txt\"\n").last_line, HasSubstr("(4 rendered, 0 done before)"));
    EXPECT_THAT(shot.render("file = \"data.txt\"\n").last_line, HasSubstr("(0 rendered, 4 done before)"));
    write_file_atomically(shot.folder / "data.txt", "two");
    EXPECT_THAT(shot.render("file = \"data.txt\"\n").last_line, HasSubstr("(4 rendered, 0 done before)"));
}

TEST(LibraryStage, PreparesOnceForAllChunks)
{
    ExternalShot shot(library("misbehaving"));
    const std::string note = (shot.folder / "note").string(), stage = "how = \"prepare\"\nnote = \"" + note + "\"\n";
    ASSERT_EQ(shot.render(stage, {"--allow-external", "--frames", "1001-1002"}).status, 0);
    const Outcome second = shot.render(stage, {"--allow-external", "--frames", "1003-1004"});
    ASSERT_EQ(second.status, 0) << second.err;
    EXPECT_EQ(read_text_file(note), "prepared\n");
    const float red = plate_picture(1001).pixel(0, 0)[0] + plate_picture(1003).pixel(0, 0)[0];
    EXPECT_NEAR(shot.result(1004).pixel(3, 3)[0], red, 1e-5);
}

TEST(LibraryStage, BitsAreTheSameWithOneThreadAndFour)
{
    ExternalShot one("comp\"\nlayers = [\"plate\"]\n[[stage]]\nuse = \"" + library("shake"));
    ExternalShot four(one.use);
    ASSERT_EQ(one.render("frame = 1001\n", {"--allow-external", "--threads", "1"}).status, 0);
    ASSERT_EQ(four.render("frame = 1001\n", {"--allow-external", "--threads", "4"}).status, 0);
    for (const int frame : {1001, 1002, 1003, 1004})
        EXPECT_EQ(read_text_file(one.file(frame)), read_text_file(four.file(frame))) << frame;
}

}  // namespace
}  // namespace platefall::test
