/// What a farm and a dying machine do to a render.
#include "e2e/street_shot.h"

#include <gmock/gmock.h>

#include <signal.h>

#include <chrono>
#include <random>
#include <thread>

namespace platefall {
namespace {

using test::Outcome;
using test::Process;
using test::StreetShot;
using testing::HasSubstr;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::vector<std::string> render_command(const StreetShot& shot)
{
    return {PLATEFALL_PROGRAM, "render", (shot.folder / "shot.toml").string(), "--progress", "plain"};
}

bool is_temporary(const std::string& name)
{
    return name.find("platefall-tmp") != std::string::npos;
}

std::size_t temporaries(const StreetShot& shot)
{
    const auto files = shot.output();
    return static_cast<std::size_t>(
        std::count_if(files.begin(), files.end(), [](const auto& file) { return is_temporary(file.first); }));
}

/// Starts a render and sends the signal as soon as the first frame is reported.
Outcome interrupt(const StreetShot& shot, int signal)
{
    Process process(render_command(shot));
    while (process.out_so_far().find("frame") == std::string::npos)
        std::this_thread::sleep_for(1ms);
    process.signal(signal);
    return process.wait();
}

TEST(Interruption, TermAndUsr1EndWithStatus75AndLeaveNoTemporary)
{
    for (const int signal : {SIGTERM, SIGUSR1}) {
        const StreetShot shot;
        const Outcome outcome = interrupt(shot, signal);
        EXPECT_EQ(outcome.status, 75) << outcome.err;
        EXPECT_THAT(outcome.last_line, testing::MatchesRegex(
            "platefall: interrupted after [0-9]+ of 12 frames; run the same command to go on"));
        EXPECT_EQ(temporaries(shot), 0u);
        EXPECT_LT(shot.output().size(), 12u);
    }
}

TEST(Interruption, TheKeyboardEndsWithStatus130)
{
    const StreetShot shot;
    EXPECT_EQ(interrupt(shot, SIGINT).status, 130);
    EXPECT_EQ(temporaries(shot), 0u);
}

TEST(Interruption, KillAtTenRandomMomentsAndARerunEqualAnUndisturbedRun)
{
    const StreetShot undisturbed;
    const auto start = std::chrono::steady_clock::now();
    ASSERT_EQ(undisturbed.render().status, 0);
    const auto whole = std::chrono::steady_clock::now() - start;

    const StreetShot shot;
    std::mt19937 random(1009);   // the trigger frame of the sample, so that a failure can be repeated
    std::uniform_real_distribution<double> moment(0.05, 0.6);
    for (int i = 0; i < 10; ++i) {
        Process process(render_command(shot));
        std::this_thread::sleep_for(moment(random) * whole);
        process.signal(SIGKILL);
        process.wait();
        if (i % 3 == 2)   // let some of the work survive, and throw some away
            fs::remove_all(shot.folder / "out");
    }
    ASSERT_EQ(shot.render().status, 0);
    EXPECT_EQ(shot.output(), undisturbed.output());
}

TEST(Interruption, TwoCopiesOfOneChunkGetTheSameFrames)
{
    const StreetShot alone;
    ASSERT_EQ(alone.render().status, 0);

    const StreetShot shot;
    Process first(render_command(shot)), second(render_command(shot));
    EXPECT_EQ(first.wait().status, 0);
    EXPECT_EQ(second.wait().status, 0);
    EXPECT_EQ(shot.output(), alone.output());
}

}  // namespace
}  // namespace platefall
