/// Stages in other processes: the sample in Python, the protocol spoken by hand, and everything that can go wrong.
#include "e2e/external_shot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <chrono>
#include <thread>

namespace platefall::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A stage that copies the plate into comp, with `process` before it does.
std::string copier(const std::string& process, const std::string& more = {})
{
    return R"(#!/usr/bin/env python3
import os, sys, time
from platefall_stage import *

class Copier(Stage):
    """Copies the plate."""
    params = [text("how", "", "In which way."), path("note", "A file beside.")]

    def layers(self):
        return ["plate"], ["comp"]

    def process(self, frame):
        plate = frame["plate"]
)" + process + R"(
        frame["comp"] = plate
)" + more + "\nserve(Copier)\n";
}

TEST(ProcessStage, IsNotStartedUnlessItIsAllowed)
{
    ExternalShot shot("exec:stage.py");
    shot.write_script("stage.py", "#!/bin/sh\ntouch started\n");
    EXPECT_EQ(shot.run("check", "", {}).status, 2);
    EXPECT_THAT(shot.render("", {}).err, HasSubstr("and a manifest alone may not run it; allow it with --allow-external"));
    EXPECT_FALSE(std::filesystem::exists(shot.folder / "started"));
}

/// An interpreter that is allowed must not be a way in for scripts that are not.
TEST(ProcessStage, FilesAmongItsArgumentsAreRefusedToo)
{
    ExternalShot shot("exec:sh");
    shot.write_script("stage.sh", "touch started\n");
    const TempFolder home;
    shot.environment.emplace_back("XDG_CONFIG_HOME", (home / ".").string());
    write_file_atomically(home / "platefall/config.toml", "allow_external = [\"/bin/sh\", \"/usr/bin/sh\", \"/bin/dash\"]\n");
    EXPECT_THAT(shot.render("arguments = [\"stage.sh\"]\n", {}).err, HasSubstr("stage.sh', which is not part of platefall"));
    EXPECT_FALSE(std::filesystem::exists(shot.folder / "started"));
}

TEST(ProcessStage, TheSampleTurnsDayIntoNight)
{
    ExternalShot shot("comp\"\nlayers = [\"plate\"]\n[[stage]]\nuse = \"exec:night.py");
    for (const char* file : {"night.py", "platefall_stage.py"})
        std::filesystem::copy(PLATEFALL_SAMPLES_DIR "/plugins/python/" + std::string(file), shot.folder / file);
    const Outcome outcome = shot.render("exposure = -1\ncolour = 0\ntint = [0.5, 1, 2]\n");
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const Image day = plate_picture(1002), night = shot.result(1002);
    const float* rgb = day.pixel(20, 9);
    const float grey = 0.2126f * rgb[0] + 0.7152f * rgb[1] + 0.0722f * rgb[2];
    EXPECT_NEAR(night.pixel(20, 9)[0], 0.25f * grey, 1e-5);
    EXPECT_NEAR(night.pixel(20, 9)[2], grey, 1e-5);
    EXPECT_EQ(night.pixel(20, 9)[*night.channel_index("generated")], 1);

    EXPECT_THAT(shot.render("exposur = -1\n").err, HasSubstr("did you mean 'exposure'"));
    EXPECT_THAT(shot.render("tint = [1, 2]\n").err, HasSubstr("'tint' must be a list of 3 numbers (has 2)"));
}

TEST(ProcessStage, IsKnownByItsContent)
{
    ExternalShot shot("exec:stage.py");
    shot.write_script("stage.py", copier(""));
    EXPECT_THAT(shot.render().last_line, HasSubstr("(4 rendered, 0 done before)"));
    EXPECT_THAT(shot.render().last_line, HasSubstr("(0 rendered, 4 done before)"));
    shot.write_script("stage.py", copier("        pass"));
    EXPECT_THAT(shot.render().last_line, HasSubstr("(4 rendered, 0 done before)"));
    EXPECT_EQ(shot.result(1001).pixel(3, 3)[0], plate_picture(1001).pixel(3, 3)[0]);
    EXPECT_EQ(shot.result(1001).pixel(3, 3)[*shot.result(1001).channel_index("generated")], 0);   // nothing was changed
}

TEST(ProcessStage, InterpreterWithArgumentsIsKnownByTheScript)
{
    ExternalShot shot("exec:python3");
    shot.write_script("a stage.py", copier(""));
    const std::string stage = "arguments = [\"a stage.py\", \"; touch injected\"]\n";
    ASSERT_EQ(shot.render(stage).status, 0);
    EXPECT_FALSE(std::filesystem::exists(shot.folder / "injected"));
    shot.write_script("a stage.py", copier("        pass"));
    EXPECT_THAT(shot.render(stage).last_line, HasSubstr("(4 rendered"));
}

TEST(ProcessStage, ProgramsThatCannotBeAreNamed)
{
    ExternalShot shot("exec:no-such-program");
    EXPECT_THAT(shot.run("check").err, AllOf(HasSubstr("tiny.toml:10:7: there is no program 'no-such-program' in '"),
                                             HasSubstr(" or PATH; put it there, or name its folder in PLATEFALL_PLUGIN_PATH")));
    shot.use = "exec:script.py";
    write_file_atomically(shot.folder / "script.py", "print()");
    EXPECT_THAT(shot.run("check").err,
                HasSubstr("script.py' may not be executed: chmod +x it, or name its interpreter, as in use = \"exec:python3\" "
                          "with arguments = [\"script.py\"]"));
    shot.use = "exec:./none";
    EXPECT_THAT(shot.run("check").err, HasSubstr("/none'"));
    shot.use = "exec:true";
    EXPECT_THAT(shot.run("check").err, HasSubstr("stage 'exec:true' died: '/usr/bin/true' "));
}

struct Fault {
    std::string process, message;
};

TEST(ProcessStage, WhatGoesWrongInOneFrameIsNamedAndCostsThatFrame)
{
    const std::string on_second = "        if frame.number == 1002: ";
    for (const auto& [process, message] : std::vector<Fault>{
             {"raise Failure('no moon tonight')", "stage 'exec:stage.py': no moon tonight"},
             {"1 / 0", "stage 'exec:stage.py': ZeroDivisionError: division by zero (stage.py, line 14)"},
             {"print('last words', file=sys.stderr, flush=True); os.kill(os.getpid(), 9)",
              "was ended by signal 9 (Killed)\n    last words"},
             {"os._exit(3)", "failed with exit code 3"},
             {"time.sleep(3600)", "stage 'exec:stage.py' said nothing for 2 s and was ended"},
             {"plate = plate.like(plate.pixels + numpy.float32('nan'))",
              "layer 'comp': a value is not finite: channel R at 0,0"},
             {"return", "layer 'comp': nothing was written"},
             {"open(frame._write['comp'], 'r+b').write(b'garbage'.ljust(4096)); return",
              "layer 'comp': its header is not what it should be: "},
             {"open(frame._write['comp'], 'r+b').write(b'{\"platefall_image\":1,\"channels\":[\"R\"],"
              "\"data_window\":[0,0,9999,9999]}'.ljust(4096)); return",
              "layer 'comp': its header promises 9999x9999 with channels R, 399924100 bytes, but there are "}}) {
        ExternalShot shot("exec:stage.py");
        shot.write_script("stage.py", copier(on_second + process));
        const Outcome outcome = shot.render("time_limit = 2\n", {"--allow-external", "--threads", "2"});
        EXPECT_EQ(outcome.status, 3) << process << outcome.err;
        EXPECT_THAT(outcome.err, HasSubstr(message)) << process;
        EXPECT_THAT(outcome.last_line, HasSubstr("1 of 4 frames failed")) << process;
        EXPECT_THAT(outcome.last_line, HasSubstr("--allow-external --frames 1002")) << process;
    }
}

TEST(ProcessStage, WhatItSaysOfItselfIsChecked)
{
    const std::string start = "#!/usr/bin/env python3\nimport sys\nsys.stdin.readline()\n";
    for (const auto& [answer, message] : std::vector<Fault>{
             {R"({"id": 1, "protocol": 9})", "it speaks version 9 of the stage protocol, and platefall "},
             {R"({"id": 1, "protocol": 1})", "its description is not what it should be: "},
             {R"({"id": 1, "protocol": 1, "summary": "S.", "version": 1, "params": [{"name": "A b"}]})",
              "parameter 'A b': a name has small letters, digits and '_' only"},
             {R"({"id": 1, "protocol": 1, "summary": "S.", "version": 1, "params": [{"name": "a", "type": "color"}]})",
              "parameter 'a': there is no type 'color' (there are: flag, integer, "},
             {R"({"id": 1, "protocol": 1, "summary": "S.", "version": 1, "params": [{"name": "a", "type": "number", "help": "H.", "range": [0, 1], "default": 2}]})",
              "parameter 'a': its default would be refused: 'a' must be between 0 and 1 (is 2)"},
             {R"({"id": 1, "protocol": 1, "summary": "S.", "version": 1, "params": [{"name": "time_limit", "type": "flag", "help": "H."}]})",
              "parameter 'time_limit' is platefall's own; give it another name"},
             {R"({"id": 1, "error": "no licence"})", "stage 'exec:stage.py': no licence"}}) {
        ExternalShot shot("exec:stage.py");
        shot.write_script("stage.py", start + "print('''" + answer + "''', flush=True)\nsys.stdin.readline()\n");
        EXPECT_THAT(shot.run("check").err, HasSubstr(message)) << answer;
    }
}

TEST(ProcessStage, WhatItPrintsIsShownWhenAskedForAndDisturbsNothing)
{
    ExternalShot shot("exec:stage.py");
    shot.write_script("stage.py", copier("        frame._call.connection.say({'log': 'a moon rises'})\n"
                                         "        frame.warnings.append('clouds')\n"
                                         "        print('{}')\n        os.system('echo chatter')"));
    const Outcome outcome = shot.render("", {"--allow-external", "--verbose"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("exec:stage.py: a moon rises"), HasSubstr("frame 1001: exec:stage.py: clouds")));
    EXPECT_THAT(shot.render("", {"--allow-external", "--overwrite"}).err, Not(HasSubstr("a moon rises")));
}

TEST(ProcessStage, ProgressKeepsItAlive)
{
    ExternalShot shot("exec:stage.py");
    shot.write_script("stage.py", copier("        for step in range(6): time.sleep(0.25); frame.progress(step / 6, 'thinking')"));
    const Outcome outcome = shot.render("time_limit = 1\n", {"--allow-external", "--frames", "1001"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST(ProcessStage, PreparesFromTheFramesItNamed)
{
    ExternalShot shot("exec:stage.py");
    shot.write_script("stage.py", copier("        plate = plate.like(plate.pixels * 0 + self.mean)", R"(
    def prepare_frames(self): return [1001, 1004]

    def prepare(self, folder, upstream):
        if self.how: upstream(1002)
        mean = sum(upstream(frame)["plate"].pixels[0, 0, 0] for frame in (1001, 1004)) / 2
        open(folder + "/mean", "w").write(str(mean))
        open("prepared", "a").write("once\n")

    def prepared(self, folder): self.mean = numpy.float32(open(folder + "/mean").read())
)"));
    ASSERT_EQ(shot.render("", {"--allow-external", "--frames", "1001"}).status, 0);
    const Outcome outcome = shot.render("");
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(read_text_file(shot.folder / "prepared"), "once\n");
    EXPECT_NEAR(shot.result(1003).pixel(9, 9)[1], (1001 + 1004) / 2048.0, 1e-3);
    EXPECT_THAT(shot.render("how = \"wrong\"\n").err, HasSubstr("frame 1002 is not among its prepare_frames"));
}

TEST(ProcessStage, ExrFilesAreTheFallbackForProgramsThatKnowNothingElse)
{
    ExternalShot shot("exec:stage.py");
    shot.write_script("stage.py", R"(#!/usr/bin/env python3
import json, shutil, sys
for line in sys.stdin:
    q = json.loads(line)
    a = {"describe": {"protocol": 1, "summary": "Copies.", "version": 1, "pictures": "exr"},
         "configure": {"reads": ["plate"], "writes": ["comp"]}, "process": {}}[q["do"]]
    if q["do"] == "process" and q["frame"] != 1002:
        shutil.copy(q["layers"]["plate"], q["write"]["comp"])
    print(json.dumps({**a, "id": q["id"]}), flush=True)
)");
    const TempFolder temporaries;
    shot.environment.emplace_back("TMPDIR", (temporaries / ".").string());
    const Outcome outcome = shot.render();
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr("frame 1002: stage 'exec:stage.py', layer 'comp': nothing was written"));
    EXPECT_EQ(shot.result(1003).pixel(9, 9)[1], plate_picture(1003).pixel(9, 9)[1]);
    EXPECT_TRUE(std::filesystem::is_empty(temporaries / "."));
}

/// Of a process that wrote its number into a file.
bool is_running(const std::filesystem::path& number)
{
    const std::filesystem::path line = "/proc/" + std::to_string(std::stoi(read_text_file(number))) + "/cmdline";
    return std::filesystem::exists(line) && !read_text_file(line).empty();
}

template <typename Condition>
void wait_until(Condition condition)
{
    for (int i = 0; i < 2000 && !condition(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_TRUE(condition());
}

struct BusyShot : ExternalShot {
    BusyShot() : ExternalShot("exec:stage.py")
    {
        write_script("stage.py", copier("        open('number.new', 'w').write(str(os.getpid())); os.rename('number.new', 'number')\n"
                                        "        try:\n"
                                        "            for step in range(1200): time.sleep(0.05); frame.progress(0, '')\n"
                                        "        except Stopped:\n"
                                        "            open('stopped', 'w').close(); raise"));
        run("check");   // writes the manifest
    }

    std::vector<std::string> command() const
    {
        return {"env", "PATH=" + environment.front().second, "PYTHONPATH=" PLATEFALL_SAMPLES_DIR "/plugins/python", PLATEFALL_PROGRAM, "render",
                (folder / "tiny.toml").string(), "--allow-external", "--progress", "none"};
    }
};

TEST(ProcessStage, TermIsPassedOnAndNothingIsLeft)
{
    BusyShot shot;
    Process process(shot.command());
    wait_until([&] { return std::filesystem::exists(shot.folder / "number"); });
    process.signal(SIGTERM);
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.status, 75) << outcome.err;
    wait_until([&] { return !is_running(shot.folder / "number"); });
    EXPECT_THAT(outcome.last_line, HasSubstr("interrupted after 0 of 4 frames; run the same command to go on"));
}

TEST(ProcessStage, DiesWithUs)
{
    BusyShot shot;
    Process process(shot.command());
    wait_until([&] { return std::filesystem::exists(shot.folder / "number"); });
    process.signal(SIGKILL);
    process.wait();
    wait_until([&] { return !is_running(shot.folder / "number"); });
}

}  // namespace
}  // namespace platefall::test
