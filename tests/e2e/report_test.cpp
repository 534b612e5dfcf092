/// What a render leaves to look at, and `platefall report`.
#include "base/files.h"
#include "e2e/street_shot.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::Outcome;
using test::StreetShot;
using testing::HasSubstr;

Outcome report(const StreetShot& shot, std::vector<std::string> more = {})
{
    more.insert(more.begin(), {"report", (shot.folder / "shot.toml").string()});
    return test::platefall(std::move(more));
}

TEST(Report, ARenderLeavesAPageASheetAndAMovieBesideTheFrames)
{
    const StreetShot shot;
    ASSERT_EQ(shot.render({"--proxy", "4"}).status, 0);
    for (const char* name : {"street.report.html", "street.sheet.png", "street.preview.mp4", "street.provenance.json"})
        EXPECT_TRUE(fs::exists(shot.folder / "out/proxy4" / name)) << name;
    const Outcome probe =
        test::run_command({"ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
                           "stream=codec_name,nb_read_frames", "-of", "csv=p=0", (shot.folder / "out/proxy4/street.preview.mp4").string()});
    EXPECT_EQ(probe.out, "h264,12\n") << probe.err;
}

TEST(Report, WithoutOneTheRecordIsStillWritten)
{
    const StreetShot shot;
    ASSERT_EQ(shot.render({"--proxy", "4", "--frames", "1001", "--no-report"}).status, 0);
    EXPECT_FALSE(fs::exists(shot.folder / "out/proxy4/street.report.html"));
    EXPECT_FALSE(fs::exists(shot.folder / ".platefall/previews"));
    const auto made = nlohmann::json::parse(read_text_file(shot.folder / "out/proxy4/street.provenance.json"));
    EXPECT_EQ(made["frames"][0]["state"], "good");
    EXPECT_EQ(made["frames"][0]["inputs"][0]["content"].get<std::string>().size(), 32u);
    EXPECT_EQ(made["manifest"]["proxy"], 4);
}

TEST(Report, OneThatCannotBeWrittenIsNoFailureOfTheFrames)
{
    const StreetShot shot;
    fs::create_directories(shot.folder / "out/proxy4/street.sheet.png/in the way");
    const Outcome outcome = shot.render({"--proxy", "4", "--frames", "1001"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, HasSubstr("warning: the report could not be made: cannot write '"));
    EXPECT_EQ(outcome.last_line, "platefall: 1 of 1 frames are good (1 rendered, 0 done before)");
}

TEST(Report, AShotWithoutFramesSaysWhatToDo)
{
    const StreetShot shot;
    const Outcome outcome = report(shot);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr("street.####.exr' is there to report on; render it first: platefall render "));
}

TEST(Report, SaysWhereItIs)
{
    const StreetShot shot;
    ASSERT_EQ(shot.render({"--proxy", "4", "--frames", "1001-1003", "--no-report"}).status, 0);
    const Outcome page = report(shot, {"--proxy", "4", "--before-after"});
    EXPECT_EQ(page.status, 0) << page.err;
    EXPECT_EQ(page.last_line, "platefall: report written to '" + (shot.folder / "out/proxy4/street.report.html").string() + "'");
    EXPECT_TRUE(fs::exists(shot.folder / "out/proxy4/street.preview.mp4")) << "of the frames that are there";

    const Outcome disclosure = report(shot, {"--proxy", "4", "--disclosure"});
    EXPECT_EQ(disclosure.status, 0);
    EXPECT_THAT(read_text_file(shot.folder / "out/proxy4/street.disclosure.html"), HasSubstr("Open: a person must answer"));
}

}  // namespace
}  // namespace platefall
