/// Bad input gets a clear error, and nothing is lost.
#include "base/files.h"
#include "image/read.h"
#include "image/write.h"
#include "support/program.h"
#include "support/temp_folder.h"
#include "support/tiny_shot.h"

#include <gmock/gmock.h>

#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <limits>

namespace platefall {
namespace {

using test::Outcome;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
namespace fs = std::filesystem;

/// Four small frames and a comp of plate and one CG layer.
struct BadInput : testing::Test {
    BadInput()
    {
        for (int frame = 1001; frame <= 1004; ++frame) {
            write_exr(path("plate", frame), test::plate_picture(frame), {}, {});
            Image cg({0, 0, 32, 16}, {0, 0, 32, 16}, {{"R"}, {"G"}, {"B"}, {"A"}}, 0.5f);
            write_exr(path("cg", frame), cg, {}, {});
        }
        write_manifest("");
    }

    fs::path path(const std::string& name, int frame) const
    {
        return folder / fmt::format("{}/{}.{}.exr", name, name, frame);
    }

    void write_manifest(const std::string& rest, const std::string& layers = "\"plate\", \"cg\"") const
    {
        write_file_atomically(folder / "shot.toml", fmt::format(R"([shot]
name = "tiny"
frames = "1001-1004"
[plate]
path = "plate/plate.####.exr"
[layer.cg]
path = "cg/cg.####.exr"
[output]
path = "out/tiny.####.exr"
{}
[[stage]]
use = "comp"
layers = [{}]
)",
                                                                rest, layers));
    }

    Outcome run(const std::string& command, std::vector<std::string> more = {}) const
    {
        std::vector<std::string> arguments{command, "shot.toml"};
        if (command == "render")
            arguments.insert(arguments.end(), {"--progress", "none"});
        arguments.insert(arguments.end(), more.begin(), more.end());
        return test::platefall(arguments, {.folder = folder.path});
    }

    std::size_t frames_written() const
    {
        std::size_t count = 0;
        std::error_code none;
        for (const auto& entry : fs::directory_iterator(folder / "out", none))
            count += entry.path().extension() == ".exr";
        return count;
    }

    test::TempFolder folder;
};
TEST_F(BadInput, AGoodShotIsGood)
{
    EXPECT_EQ(run("check").last_line, "platefall: 'shot.toml' is good: 4 frames, 2 stages");
    const Outcome outcome = run("render");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.last_line, "platefall: 4 of 4 frames are good (4 rendered, 0 done before)");
    EXPECT_EQ(run("render").last_line, "platefall: 4 of 4 frames are good (0 rendered, 4 done before)");
}

TEST_F(BadInput, EveryFaultOfTheManifestIsReportedAndNothingIsRendered)
{
    write_manifest("compresion = \"zip\"\ntype = \"int\"", "\"plate\", \"cgg\"");
    for (const char* command : {"check", "render"}) {
        const Outcome outcome = run(command);
        EXPECT_EQ(outcome.status, 2);
        EXPECT_THAT(outcome.err, HasSubstr("shot.toml:10:1: unknown key 'compresion' in [output]\n"
                                           "    compresion = \"zip\"\n"
                                           "    ^ did you mean 'compression'?\n"));
        EXPECT_THAT(outcome.err, HasSubstr("shot.toml:11:8: "));
        EXPECT_THAT(outcome.err, HasSubstr("shot.toml:14:20: stage 'comp' reads layer 'cgg', which nothing before it writes"));
        EXPECT_EQ(frames_written(), 0u);
    }
    EXPECT_EQ(run("render").last_line, "platefall: nothing was rendered: 3 faults");
    EXPECT_EQ(run("check").last_line, "platefall: 3 faults in 'shot.toml'");
}

TEST_F(BadInput, AManifestThatIsNotThere)
{
    fs::remove(folder / "shot.toml");
    const Outcome outcome = run("render");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, StartsWith("platefall: error: cannot read 'shot.toml': No such file or directory\n"));
}

TEST_F(BadInput, AMissingFrameFailsAloneAndTheRestIsThere)
{
    fs::remove(path("plate", 1003));
    const Outcome outcome = run("render");
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr("tiny frame 1003: plate frame 1003 is missing"));
    EXPECT_EQ(outcome.last_line,
              "platefall: 1 of 4 frames failed; retry with: platefall render shot.toml --frames 1003");
    EXPECT_EQ(frames_written(), 3u);
    EXPECT_EQ(run("check").status, 2);
}

TEST_F(BadInput, AHeldOrBlackFrameIsNoSuccess)
{
    fs::remove(path("plate", 1003));
    for (const char* policy : {"hold", "black"}) {
        const Outcome outcome = run("render", {"--set", fmt::format("plate.missing={}", policy)});
        EXPECT_EQ(outcome.status, 3);
        EXPECT_EQ(outcome.last_line,
                  fmt::format("platefall: 1 of 4 frames used a substitute; retry with: platefall render shot.toml "
                              "--set plate.missing={} --frames 1003",
                              policy));
        EXPECT_EQ(frames_written(), 4u);
    }
}

TEST_F(BadInput, DamagedFramesAreNamedWithTheReason)
{
    fs::resize_file(path("plate", 1001), fs::file_size(path("plate", 1001)) / 2);
    std::ofstream(path("plate", 1002)).close();
    std::ofstream(path("cg", 1003)) << "this is a text";
    const Outcome outcome = run("render");
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr("plate.1001.exr': it is truncated or damaged"));
    EXPECT_THAT(outcome.err, HasSubstr("plate.1002.exr': it is empty (0 bytes)"));
    EXPECT_THAT(outcome.err, HasSubstr("cg.1003.exr': it is not an image"));
    EXPECT_THAT(outcome.last_line, EndsWith("--frames 1001-1003"));
}

TEST_F(BadInput, AChannelThatIsNotThere)
{
    write_manifest("", "\"plate\", {name=\"cg\", matte=\"m\"}");
    std::ofstream(folder / "shot.toml", std::ios::app) << "[matte.m]\npath = \"cg/cg.####.exr\"\nchannel = \"alpha\"\n";
    const Outcome outcome = run("check");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("no channel 'alpha' (has R G B A)"));
    EXPECT_THAT(run("render").err, HasSubstr("no channel 'alpha' (has R G B A)"));
}

TEST_F(BadInput, ALayerOfAnotherSize)
{
    Image cg({0, 0, 8, 8}, {0, 0, 8, 8}, {{"R"}, {"G"}, {"B"}, {"A"}}, 0.5f);
    write_exr(path("cg", 1002), cg, {}, {});
    EXPECT_THAT(run("check").err, HasSubstr("layer 'cg' is 8x8 but the plate is 32x16 (frame 1002)"));
    EXPECT_THAT(run("render").last_line, EndsWith("--frames 1002"));
}

TEST_F(BadInput, NanAndInfinityAreReportedAndDoNotSpread)
{
    Image plate = test::plate_picture(1002);
    for (Channel& channel : plate.channels())
        channel.type = ChannelType::full_float;   // half would be written without infinity
    plate.pixel(5, 5)[0] = std::numeric_limits<float>::quiet_NaN();
    plate.pixel(9, 3)[2] = std::numeric_limits<float>::infinity();
    write_exr(path("plate", 1002), plate, {}, {});
    const Outcome outcome = run("render");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, HasSubstr("warning: tiny frame 1002: plate: 2 pixels are not finite (first at 9,3)"));
    const Image comp = read_image(folder / "out/tiny.1002.exr").image;
    for (std::size_t i = 0; i < comp.sample_count(); ++i)
        ASSERT_TRUE(std::isfinite(comp.data()[i]));
}

TEST_F(BadInput, ThePlateIsNeverOverwritten)
{
    const std::string before = read_text_file(path("plate", 1001));
    const Outcome outcome = run("render", {"--set", "output.path=plate/plate.####.exr", "--overwrite"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("would overwrite the plate"));
    EXPECT_THAT(run("render", {"--set", "output.path=cg/cg.####.exr", "--overwrite"}).err,
                HasSubstr("would overwrite the input"));
    EXPECT_EQ(read_text_file(path("plate", 1001)), before);
}

TEST_F(BadInput, SettingsOfUnknownKeysAndStages)
{
    EXPECT_THAT(run("render", {"--set", "comp.layrs=[]"}).err, HasSubstr("unknown key 'layrs' in stage 'comp'"));
    EXPECT_THAT(run("render", {"--set", "komp.layers=[]"}).err, HasSubstr("did you mean 'comp'?"));
    EXPECT_THAT(run("render", {"--set", "output.compression"}).err, HasSubstr("="));
    EXPECT_EQ(run("render", {"--set", "comp.layrs=[]"}).status, 2);
}

TEST_F(BadInput, AFullDiskLosesNothing)
{
    const fs::path disk = folder / "out";
    fs::create_directory(disk);
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k") != 0)
        GTEST_SKIP() << "mounting a small disk needs root";
    // Noise does not compress: two frames fit at most.
    for (int frame = 1001; frame <= 1004; ++frame) {
        Image noise({0, 0, 96, 64}, {0, 0, 96, 64}, {{"R"}, {"G"}, {"B"}});
        unsigned state = static_cast<unsigned>(frame);
        for (std::size_t i = 0; i < noise.sample_count(); ++i)
            noise.data()[i] = static_cast<float>((state = state * 1664525u + 1013904223u) >> 8) / 16777216.0f;
        write_exr(path("plate", frame), noise, {}, {});
    }
    write_manifest("", "\"plate\"");
    EXPECT_THAT(run("check").err, HasSubstr("KiB free, but the frames may need"));

    // What check cannot foresee: somebody else fills the disk meanwhile. One frame at a time is asked for.
    Outcome outcome;
    for (int frame = 1001; frame <= 1004; ++frame)
        outcome = run("render", {"--frames", std::to_string(frame)});
    std::size_t whole = 0, leftovers = 0;
    for (const auto& entry : fs::directory_iterator(disk)) {
        leftovers += entry.path().filename().string().find("platefall-tmp") != std::string::npos;
        whole += entry.path().extension() == ".exr" && read_image(entry.path()).image.bytes() > 0;
    }
    ::umount(disk.c_str());
    EXPECT_NE(outcome.status, 0);
    EXPECT_GE(whole, 1u);
    EXPECT_EQ(leftovers, 0u);
}

TEST_F(BadInput, AReadOnlyFolderIsReportedBeforeTheFirstFrame)
{
    if (::geteuid() == 0) {
        // Permissions do not stop root: a read-only mount does.
        fs::create_directory(folder / "out");
        if (::mount("tmpfs", (folder / "out").c_str(), "tmpfs", MS_RDONLY, "size=64k") != 0)
            GTEST_SKIP() << "mounting a read-only disk is not allowed here";
    } else {
        fs::create_directory(folder / "out");
        fs::permissions(folder / "out", fs::perms::owner_read | fs::perms::owner_exec);
    }
    const Outcome outcome = run("render");
    ::umount((folder / "out").c_str());
    fs::permissions(folder / "out", fs::perms::owner_all);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("cannot be written: "));
}

TEST_F(BadInput, AFileThatIsNotOursIsNotReplacedWhateverItIs)
{
    write_file_atomically(folder / "out/tiny.1002.exr", "notes on the shot");
    const Outcome outcome = run("render");
    EXPECT_EQ(outcome.status, 3);
    EXPECT_THAT(outcome.err, HasSubstr("tiny.1002.exr' is there already and was not written by platefall"));
    EXPECT_EQ(read_text_file(folder / "out/tiny.1002.exr"), "notes on the shot");
}

TEST_F(BadInput, ClosedStandardStreamsDoNotLeakIntoTheFrames)
{
    ASSERT_EQ(run("render").status, 0);
    const std::string good = read_text_file(folder / "out/tiny.1003.exr");
    const Outcome outcome = test::run_command(
        {"bash", "-c", std::string(PLATEFALL_PROGRAM) + " render shot.toml --overwrite --progress plain <&- >&- 2>&-"},
        {.folder = folder.path});
    EXPECT_EQ(outcome.status, 0);
    for (int frame = 1001; frame <= 1004; ++frame)
        EXPECT_NO_THROW(read_image(folder / fmt::format("out/tiny.{}.exr", frame)));
    EXPECT_EQ(read_text_file(folder / "out/tiny.1003.exr"), good);
}

TEST_F(BadInput, AReaderOfTheLogThatGoesAwayDoesNotEndTheRender)
{
    const Outcome outcome = test::run_command(
        {"bash", "-c", "set -o pipefail; " + std::string(PLATEFALL_PROGRAM)
                           + " render shot.toml --threads 1 --progress plain | head -1"},
        {.folder = folder.path});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(frames_written(), 4u);
}

TEST_F(BadInput, AListingThatCannotBeWrittenIsNoSuccess)
{
    const Outcome outcome = test::run_command({"bash", "-c", std::string(PLATEFALL_PROGRAM) + " stages > /dev/full"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("cannot write to standard output: No space left on device"));
}

TEST_F(BadInput, AMovieThatFailsDoesNotUndoTheFrames)
{
    write_file_atomically(folder / "bin/ffmpeg", "#!/bin/sh\ncat > /dev/null\necho 'no such codec' >&2\nexit 1\n");
    fs::permissions(folder / "bin/ffmpeg", fs::perms::owner_all);
    const Outcome outcome = test::platefall(
        {"render", "shot.toml", "--progress", "none", "--set", "output.movie=out/tiny.mp4"},
        {.folder = folder.path,
         .environment = {{"PATH", (folder / "bin").string() + ":" + std::getenv("PATH")}},
         .address_space = 0});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("no such codec"));
    EXPECT_EQ(outcome.last_line,
              "platefall: 4 of 4 frames are good (4 rendered, 0 done before), but the movie failed");
    EXPECT_EQ(frames_written(), 4u);
}

TEST_F(BadInput, AMovieIsNotRequestedWithoutFfmpeg)
{
    const Outcome outcome = test::platefall(
        {"render", "shot.toml", "--progress", "none", "--set", "output.movie=out/tiny.mp4"},
        {.folder = folder.path, .environment = {{"PATH", "/nowhere"}}, .address_space = 0});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("output.movie needs ffmpeg, which is not installed: apt install ffmpeg"));
}

TEST_F(BadInput, TheRetryCommandIsTheSameRender)
{
    fs::remove(path("plate", 1003));
    const Outcome outcome = run("render", {"--proxy", "2", "--set", "comp.layers=[\"plate\"]"});
    EXPECT_EQ(outcome.last_line, "platefall: 1 of 4 frames failed; retry with: platefall render shot.toml --set "
                                 "'comp.layers=[\"plate\"]' --proxy 2 --frames 1003");
}

TEST_F(BadInput, NoFramesAreNoSuccess)
{
    for (const char* frames : {",", " ", "failed,", "1001,,1002"}) {
        const Outcome outcome = run("render", {"--frames", frames});
        EXPECT_EQ(outcome.status, 2) << frames;
        EXPECT_THAT(outcome.err, HasSubstr("there is nothing where frames should be named"));
    }
}

TEST_F(BadInput, WhatLiesBesideTheShotDoesNotMatter)
{
    std::ofstream(path("plate", 900)).close();
    EXPECT_EQ(run("check").status, 0);
    EXPECT_EQ(run("render").status, 0);
}

TEST_F(BadInput, CheckTellsOfSubstitutesAndOfLayersThatNobodyUses)
{
    fs::remove(path("cg", 1003));
    const Outcome outcome = run("check", {"--set", "layer.cg.missing=hold", "--set", "comp.layers=[\"plate\"]"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("warning: layer cg 1003 held from 1002; such a frame does not count as good"));
    EXPECT_THAT(outcome.err, HasSubstr("nothing uses layer 'cg', which is made for every frame"));
}

TEST_F(BadInput, OurOwnFramesAreAPlateLikeAnyOther)
{
    ASSERT_EQ(run("render").status, 0);
    const Outcome again = run("render", {"--set", "plate.path=out/tiny.####.exr", "--set", "output.path=two/tiny.####.exr",
                                         "--set", "comp.layers=[\"plate\"]"});
    ASSERT_EQ(again.status, 0) << again.err;
    const Image first = read_image(folder / "out/tiny.1002.exr").image;
    const Image second = read_image(folder / "two/tiny.1002.exr").image;
    EXPECT_EQ(describe(second.channels()), "R G B generated");
    for (std::size_t i = 0; i < first.sample_count(); ++i)
        ASSERT_EQ(first.data()[i], second.data()[i]);
    EXPECT_GT(second.pixel(4, 4)[3], 0.0f) << "what was generated stays said";
}

TEST_F(BadInput, ABlackFrameHasNobodysMetadata)
{
    Attributes attributes;
    attributes.set("scene", "12A");
    write_exr(path("plate", 1001), test::plate_picture(1001), attributes, {});
    fs::remove(path("plate", 1003));
    run("render", {"--set", "plate.missing=black"});
    EXPECT_EQ(read_image(folder / "out/tiny.1001.exr").attributes.text("scene"), "12A");
    EXPECT_EQ(read_image(folder / "out/tiny.1003.exr").attributes.text("scene"), "");
}

TEST_F(BadInput, OutOfMemoryHasItsOwnStatus)
{
    Image large({0, 0, 6000, 4000}, {0, 0, 6000, 4000}, {{"R"}, {"G"}, {"B"}});
    for (int frame = 1001; frame <= 1004; ++frame)
        write_exr(path("plate", frame), large, {}, {.compression = "rle", .quality = {}, .tile_px = 0});
    write_manifest("", "\"plate\"");
    const Outcome outcome = test::platefall({"render", "shot.toml", "--threads", "1", "--progress", "none"},
                                            {.folder = folder.path, .environment = {}, .address_space = 700u << 20});
    EXPECT_EQ(outcome.status, 33) << outcome.err;
    EXPECT_THAT(outcome.last_line, StartsWith("platefall: out of memory"));
}

}  // namespace
}  // namespace platefall
