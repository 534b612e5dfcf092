#include "pipeline/render_shot.h"

#include "base/files.h"
#include "base/stop.h"
#include "cache/fingerprints.h"
#include "image/read.h"
#include "pipeline/frame_choice.h"
#include "pipeline/output.h"
#include "support/tiny_shot.h"

#include <gmock/gmock.h>

#include <unistd.h>
#include <fstream>

namespace platefall {
namespace {

using test::LambdaStage;
using test::TinyShot;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

/// `tint` adds `amount` to the plate's blue and writes it as comp; it fails on the frames in `unlucky`.
struct RenderShotTest : testing::Test {
    RenderShotTest()
    {
        shot.write_plates();
        test::add_lambda_stage(shot.registry, "tint", [this](LambdaStage& stage, double amount) {
            stage.reads = {"plate"};
            stage.writes = {"comp"};
            stage.on_process = [this, amount](Frame& frame) {
                if (frame.number == unlucky)
                    throw Error("the dust got in");
                Image image = frame.layer("plate");
                for (std::size_t i = 2; i < image.sample_count(); i += 3)
                    image.data()[i] += static_cast<float>(amount);
                frame.set("comp", std::move(image));
            };
        });
    }

    RenderSummary render(const std::string& rest, bool overwrite = false, int threads = 2)
    {
        const auto plan = shot.plan(rest);
        Fingerprints fingerprints(shot.folder / "fingerprints");
        Progress progress(ProgressDialect::none, 4, stdout);
        return render_shot(*plan, fingerprints,
                           {.frames = plan->shot.info.frames, .threads = threads, .memory_bytes = 1u << 30,
                            .overwrite = overwrite},
                           progress);
    }

    fs::path output(int frame) const { return shot.folder / fmt::format("out/tiny.{}.exr", frame); }

    TinyShot shot;
    int unlucky = 0;
    const std::string tint = "[[stage]]\nuse = \"tint\"\namount = 0.5\n";
};

TEST_F(RenderShotTest, EveryFrameIsWrittenWithItsPixelsAndItsMark)
{
    EXPECT_THAT(render(tint).rendered, ElementsAre(1001, 1002, 1003, 1004));
    const ImageFile file = read_image(output(1002));
    EXPECT_EQ(describe(file.image.channels()), "R G B generated");
    EXPECT_EQ(file.image.pixel(3, 2)[2], 4.5f);
    EXPECT_EQ(file.image.pixel(3, 2)[3], 0.0f);
    EXPECT_EQ(file.attributes.text("platefall:shot"), "tiny");
    EXPECT_THAT(file.attributes.text("Software"), testing::StartsWith("platefall "));
    EXPECT_EQ(file.attributes.text("platefall:key").size(), 32u);
}

TEST_F(RenderShotTest, WhatIsDoneIsNotDoneAgain)
{
    render(tint);
    EXPECT_THAT(render(tint).skipped, ElementsAre(1001, 1002, 1003, 1004));
    EXPECT_THAT(render(tint, true).rendered, ElementsAre(1001, 1002, 1003, 1004));
}

TEST_F(RenderShotTest, AChangedParameterOrInputIsDoneAgain)
{
    render(tint);
    EXPECT_EQ(render("[[stage]]\nuse = \"tint\"\namount = 0.25\n").rendered.size(), 4u);
    write_exr(shot.folder / "plate.1003.exr", test::plate_picture(9), {}, {});
    EXPECT_THAT(render("[[stage]]\nuse = \"tint\"\namount = 0.25\n").rendered, ElementsAre(1003));
}

TEST_F(RenderShotTest, ADamagedFrameIsDoneAgain)
{
    render(tint);
    fs::resize_file(output(1002), fs::file_size(output(1002)) - 20);
    std::ofstream(output(1003)).close();
    const RenderSummary again = render(tint);
    EXPECT_THAT(again.rendered, ElementsAre(1002, 1003));
    EXPECT_THAT(again.skipped, ElementsAre(1001, 1004));
}

TEST_F(RenderShotTest, OneFrameMayFailAndTheOthersAreThere)
{
    unlucky = 1003;
    const RenderSummary summary = render(tint);
    EXPECT_THAT(summary.failed, ElementsAre(1003));
    EXPECT_THAT(summary.rendered, ElementsAre(1001, 1002, 1004));
    EXPECT_FALSE(fs::exists(output(1003)));

    const auto plan = shot.plan(tint);
    EXPECT_THAT(choose_frames(*plan, "failed"), ElementsAre(1003));
    EXPECT_THAT(choose_frames(*plan, "missing"), ElementsAre(1003));
    EXPECT_THAT(choose_frames(*plan, "1001, failed"), ElementsAre(1001, 1003));
    EXPECT_EQ(read_text_file(failure_note(*plan, 1003)), "the dust got in\n");

    unlucky = 0;
    EXPECT_THAT(render(tint).rendered, ElementsAre(1003));
    EXPECT_THAT(choose_frames(*plan, "failed"), IsEmpty());
}

TEST_F(RenderShotTest, AnUnreadablePlateFailsItsFrameOnly)
{
    fs::resize_file(shot.folder / "plate.1002.exr", 100);
    EXPECT_THAT(render(tint).failed, ElementsAre(1002));
}

TEST_F(RenderShotTest, APlateThatChangesSizeMidwayFailsFromThere)
{
    shot.write_plate(1003, {0, 0, 48, 16});
    testing::internal::CaptureStderr();
    EXPECT_THAT(render(tint, false, 1).failed, ElementsAre(1003));
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                HasSubstr("tiny frame 1003: plate frame 1003 is 48x16, but the shot's first frame is 32x16; every "
                          "frame of a plate must have the same size"));
}

TEST_F(RenderShotTest, AForeignFileIsNotReplaced)
{
    write_exr(output(1002), test::plate_picture(1), {}, {});
    const std::string before = read_text_file(output(1002));
    testing::internal::CaptureStderr();
    EXPECT_THAT(render(tint).failed, ElementsAre(1002));
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                HasSubstr("is there already and was not written by platefall; move it away, or allow it to be "
                          "replaced with --overwrite"));
    EXPECT_EQ(read_text_file(output(1002)), before);
    EXPECT_EQ(render(tint, true).rendered.size(), 4u);
}

TEST_F(RenderShotTest, ThreadsDoNotChangeAByte)
{
    render(tint, true, 1);
    std::vector<std::string> alone;
    for (int frame = 1001; frame <= 1004; ++frame)
        alone.push_back(read_text_file(output(frame)));
    render(tint, true, 4);
    for (int frame = 1001; frame <= 1004; ++frame)
        EXPECT_EQ(read_text_file(output(frame)), alone[static_cast<std::size_t>(frame - 1001)]) << frame;
}

TEST_F(RenderShotTest, ASubstitutedFrameIsThereButNeverASuccess)
{
    fs::remove(shot.folder / "plate.1003.exr");
    const auto render_held = [&] {
        Faults faults;
        Manifest manifest = parse_manifest(shot.manifest_text(tint), shot.folder / "tiny.toml");
        apply_setting(manifest, "plate.missing=hold", faults);
        const auto plan = make_plan(std::move(manifest), 1, shot.registry, faults);
        faults.throw_if_any();
        Fingerprints fingerprints(shot.folder / "fingerprints");
        Progress progress(ProgressDialect::none, 4, stdout);
        return render_shot(*plan, fingerprints,
                           {.frames = plan->shot.info.frames, .threads = 2, .memory_bytes = 1u << 30}, progress);
    };
    EXPECT_THAT(render_held().substituted, ElementsAre(1003));
    EXPECT_THAT(render_held().substituted, ElementsAre(1003)) << "not on the second look either";
    const ImageFile file = read_image(output(1003));
    EXPECT_EQ(file.attributes.text("platefall:substituted"), "plate 1003 held from 1002");
    EXPECT_EQ(file.image.pixel(0, 0)[0], read_image(output(1002)).image.pixel(0, 0)[0]);
    EXPECT_THAT(choose_frames(*shot.plan(tint), "failed"), ElementsAre(1003));

    shot.write_plate(1003);
    EXPECT_THAT(render_held().rendered, ElementsAre(1003));
    EXPECT_THAT(choose_frames(*shot.plan(tint), "failed"), IsEmpty());
}

TEST_F(RenderShotTest, AovsGoIntoTheSameFileOrTheirOwn)
{
    render("aovs = [\"plate\"]\n" + tint);
    EXPECT_EQ(describe(read_image(output(1001)).image.channels()), "R G B generated plate.R plate.G plate.B");

    render("aovs = [\"plate\"]\naov_path = \"out/{layer}/tiny_{layer}.####.exr\"\n" + tint);
    EXPECT_EQ(describe(read_image(output(1001)).image.channels()), "R G B generated");
    const ImageFile aov = read_image(shot.folder / "out/plate/tiny_plate.1001.exr");
    EXPECT_EQ(aov.image.pixel(1, 1)[2], 4.0f);
    EXPECT_EQ(aov.attributes.text("platefall:key"), read_image(output(1001)).attributes.text("platefall:key"));

    fs::remove(shot.folder / "out/plate/tiny_plate.1002.exr");
    EXPECT_THAT(render("aovs = [\"plate\"]\naov_path = \"out/{layer}/tiny_{layer}.####.exr\"\n" + tint).rendered,
                ElementsAre(1002));
}

TEST_F(RenderShotTest, TemporariesOfADeadProcessAreSwept)
{
    render(tint);
    // No process has this number: Linux stops below 2^22.
    const fs::path mine = temporary_beside(output(1001));
    std::string name = mine.filename().string();
    const std::string pid = fmt::format(".{}.", ::getpid());
    const auto at = name.find(pid);
    ASSERT_NE(at, std::string::npos);
    name.replace(at, pid.size(), ".4194399.");
    std::ofstream(mine.parent_path() / name) << "half a frame";
    render(tint);
    EXPECT_FALSE(fs::exists(mine.parent_path() / name));
}

TEST_F(RenderShotTest, FramesOutsideTheShotAreRefused)
{
    const auto plan = shot.plan(tint);
    try {
        choose_frames(*plan, "1000-1002");
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "frames 1000 are not in shot 'tiny', which has 1001-1004");
    }
}

TEST_F(RenderShotTest, ProxyHalvesThePictureAndKeepsTheFinalsApart)
{
    const auto plan = shot.plan(tint, 2);
    Fingerprints fingerprints(shot.folder / "fingerprints");
    Progress progress(ProgressDialect::none, 4, stdout);
    render_shot(*plan, fingerprints, {.frames = {1001}, .threads = 1, .memory_bytes = 1u << 30}, progress);
    EXPECT_FALSE(fs::exists(output(1001)));
    EXPECT_EQ(read_image(shot.folder / "out/proxy2/tiny.1001.exr").image.data_window(), (Window{0, 0, 16, 8}));
}

}  // namespace
}  // namespace platefall
