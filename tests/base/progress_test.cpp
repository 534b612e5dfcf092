#include "base/progress.h"

#include <platefall/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace platefall {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

/// What `use` makes a Progress of 72 frames write.
std::string written(ProgressDialect dialect, const std::function<void(Progress&)>& use, int total = 72)
{
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* out = ::open_memstream(&text, &size);
    {
        Progress progress(dialect, total, out);
        use(progress);
    }
    std::fclose(out);
    const std::string result(text, size);
    std::free(text);
    return result;
}

/// The twelfth of 72 frames; eleven were skipped before it, silently for the reader of this test.
std::string twelfth_frame(ProgressDialect dialect)
{
    const auto eleven = [](Progress& progress) {
        for (int frame = 1032; frame < 1043; ++frame)
            progress.frame(frame, FrameOutcome::skipped, 0);
    };
    const std::string before = written(dialect, eleven);
    const std::string all = written(dialect, [&](Progress& progress) {
        eleven(progress);
        progress.frame(1043, FrameOutcome::rendered, 0.8449);
    });
    return all.substr(before.size());
}

TEST(Progress, PlainIsOneLineAFrame)
{
    EXPECT_EQ(twelfth_frame(ProgressDialect::plain), "frame 1043 rendered 12/72 16.7% 0.84s\n");
}

TEST(Progress, OpenJdHasProgressAndStatus)
{
    EXPECT_EQ(twelfth_frame(ProgressDialect::openjd),
              "openjd_progress: 16.7\nopenjd_status: frame 1043 rendered (12 of 72)\n");
}

TEST(Progress, TractorHasThreeDigits)
{
    EXPECT_EQ(twelfth_frame(ProgressDialect::tractor), "TR_PROGRESS 016%\n");
}

TEST(Progress, AfanasyHasWholePercents)
{
    EXPECT_EQ(twelfth_frame(ProgressDialect::afanasy), "PROGRESS: 16%\n");
}

TEST(Progress, JsonIsOneObjectALine)
{
    EXPECT_EQ(twelfth_frame(ProgressDialect::json),
              R"({"event":"frame","frame":1043,"outcome":"rendered","done":12,"total":72,"percent":16.7,)"
              R"("seconds":0.8449})" "\n");
}

TEST(Progress, NoneIsSilent)
{
    EXPECT_EQ(twelfth_frame(ProgressDialect::none), "");
}

TEST(Progress, AutomaticIsPlainWhereNobodyWatches)
{
    EXPECT_EQ(twelfth_frame(ProgressDialect::automatic), "frame 1043 rendered 12/72 16.7% 0.84s\n");
}

TEST(Progress, BarIsRedrawnInPlaceAndClearedAtTheEnd)
{
    const std::string text = written(ProgressDialect::bar, [](Progress& progress) {
        progress.frame(1, FrameOutcome::rendered, 1);
        progress.frame(2, FrameOutcome::rendered, 1);
    }, 4);
    EXPECT_THAT(text, StartsWith("\r\033[K[#######.......................] 1/4  "));
    EXPECT_THAT(text, HasSubstr("\r\033[K[###############...............] 2/4  "));
    EXPECT_THAT(text, HasSubstr(" frames/s  0:00 left"));
    EXPECT_THAT(text, EndsWith("left\r\033[K"));
    EXPECT_THAT(text, testing::Not(HasSubstr("\n")));
}

TEST(Progress, BarSaysWhatGoesOnWhileThereIsNoSpeedYet)
{
    const std::string text =
        written(ProgressDialect::bar, [](Progress& progress) { progress.phase("preparing collapse", 0.4); });
    EXPECT_THAT(text, HasSubstr("] 0/72  preparing collapse"));
}

TEST(Progress, EveryOutcomeHasItsWord)
{
    const std::string text = written(ProgressDialect::plain, [](Progress& progress) {
        progress.frame(-1, FrameOutcome::skipped, 0);
        progress.frame(0, FrameOutcome::substituted, 1);
        progress.frame(1, FrameOutcome::failed, 2);
    }, 3);
    EXPECT_EQ(text, "frame -1 skipped 1/3 33.3% 0.00s\nframe 0 substituted 2/3 66.7% 1.00s\n"
                    "frame 1 failed 3/3 100.0% 2.00s\n");
}

TEST(Progress, PhasesAreNamedInEveryDialect)
{
    const auto preparing = [](Progress& progress) { progress.phase("preparing collapse", 0.4); };
    EXPECT_EQ(written(ProgressDialect::plain, preparing), "preparing collapse 40%\n");
    EXPECT_EQ(written(ProgressDialect::tractor, preparing), "preparing collapse 40%\n");
    EXPECT_EQ(written(ProgressDialect::afanasy, preparing), "preparing collapse 40%\n");
    EXPECT_EQ(written(ProgressDialect::openjd, preparing), "openjd_status: preparing collapse 40%\n");
    EXPECT_EQ(written(ProgressDialect::json, preparing),
              R"({"event":"phase","doing":"preparing collapse","fraction":0.4,"done":0,"total":72,"percent":0.0})"
              "\n");
    EXPECT_EQ(written(ProgressDialect::none, preparing), "");
}

TEST(Progress, PhaseThatOnlyMovesIsNotRepeatedEachTime)
{
    const std::string text = written(ProgressDialect::plain, [](Progress& progress) {
        for (int i = 0; i < 1000; ++i)
            progress.phase("preparing collapse", i / 1000.0);
        progress.phase("preparing collapse", 1);
        progress.phase("preparing render", 0);
    });
    EXPECT_THAT(text, StartsWith("preparing collapse 0%\n"));
    EXPECT_THAT(text, EndsWith("preparing collapse 100%\npreparing render 0%\n"));
    EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 500);
}

TEST(Progress, NoFramesAtAllIsNoDivisionByZero)
{
    EXPECT_EQ(written(ProgressDialect::tractor, [](Progress& p) { p.frame(1, FrameOutcome::rendered, 0); }, 0),
              "TR_PROGRESS 100%\n");
}

TEST(Progress, FramesOfManyThreadsAreAllCounted)
{
    const std::string text = written(ProgressDialect::plain, [](Progress& progress) {
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&progress] {
                for (int frame = 0; frame < 100; ++frame)
                    progress.frame(frame, FrameOutcome::rendered, 0.1);
            });
        for (std::thread& thread : threads)
            thread.join();
    }, 400);
    EXPECT_THAT(text, EndsWith(" 400/400 100.0% 0.10s\n"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 400);
}

/// The first line that a Progress which nobody calls writes of its own accord.
std::string first_heartbeat(ProgressDialect dialect)
{
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    std::FILE* out = ::fdopen(ends[1], "w");
    std::string line;
    {
        const Progress progress(dialect, 72, out, std::chrono::milliseconds(5));
        for (char c = 0; c != '\n' && line.size() < 200 && ::read(ends[0], &c, 1) == 1;)
            line += c;
    }
    std::fclose(out);
    ::close(ends[0]);
    return line;
}

TEST(ProgressHeartbeat, EveryDialectGivesASignOfLife)
{
    EXPECT_THAT(first_heartbeat(ProgressDialect::plain), MatchesRegex("still starting 0/72 0.0% after 0:..\n"));
    EXPECT_EQ(first_heartbeat(ProgressDialect::openjd), "openjd_status: starting (0 of 72)\n");
    EXPECT_EQ(first_heartbeat(ProgressDialect::tractor), "TR_PROGRESS 000%\n");
    EXPECT_EQ(first_heartbeat(ProgressDialect::afanasy), "PROGRESS: 0%\n");
    const auto json = nlohmann::json::parse(first_heartbeat(ProgressDialect::json));
    EXPECT_EQ(json.at("event"), "alive");
    EXPECT_EQ(json.at("total"), 72);
    EXPECT_THAT(first_heartbeat(ProgressDialect::bar), StartsWith("\r\033[K[..............................] 0/72"));
}

TEST(ProgressDialectName, IsParsed)
{
    EXPECT_EQ(parse_progress_dialect("auto"), ProgressDialect::automatic);
    EXPECT_EQ(parse_progress_dialect("openjd"), ProgressDialect::openjd);
    EXPECT_EQ(parse_progress_dialect("none"), ProgressDialect::none);
}

TEST(ProgressDialectName, UnknownOneListsAllAndGuesses)
{
    const auto message = [](const std::string& name) -> std::string {
        try {
            parse_progress_dialect(name);
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(message("tracktor"), "unknown progress dialect 'tracktor'; did you mean 'tractor'? there are auto, bar, "
                                   "plain, json, openjd, tractor, afanasy and none");
    EXPECT_THAT(message("xml"), StartsWith("unknown progress dialect 'xml'; there are auto, bar, "));
}

}  // namespace
}  // namespace platefall
