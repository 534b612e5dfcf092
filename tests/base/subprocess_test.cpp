#include "base/subprocess.h"

#include "base/files.h"
#include "support/error_text.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using test::TempFolder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::span<const std::byte> bytes_of(const std::string& text)
{
    return std::as_bytes(std::span(text));
}

/// The process number that a script wrote into a file, once it is there.
pid_t number_in(const fs::path& file)
{
    while (!fs::exists(file) || read_text_file(file).find('\n') == std::string::npos)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return std::stoi(read_text_file(file));
}

TEST(Subprocess, ChildReadsWhatIsWritten)
{
    const TempFolder folder;
    const std::string content(1 << 20, 'x');
    Subprocess child({"sh", "-c", "cat > \"$0\"", (folder / "copy").string()});
    child.write(bytes_of(content));
    child.finish();
    EXPECT_EQ(read_text_file(folder / "copy"), content);
}

TEST(Subprocess, MissingProgramIsNamed)
{
    EXPECT_EQ(error_of([] { Subprocess({"no-such-encoder"}); }),
              "cannot start 'no-such-encoder': no such program in PATH; install it");
}

TEST(Subprocess, FileThatIsNoProgramIsReportedWithTheSystemsReason)
{
    const TempFolder folder;
    write_file_atomically(folder / "text", "\x01\x02");
    fs::permissions(folder / "text", fs::perms(0755));
    const std::string program = (folder / "text").string();
    EXPECT_EQ(error_of([&] { Subprocess({program}); }), "cannot start '" + program + "': Exec format error");
}

TEST(Subprocess, FailureShowsTheExitCodeAndTheErrors)
{
    EXPECT_EQ(error_of([] { Subprocess({"sh", "-c", "echo bad codec >&2; echo sorry >&2; exit 3"}).finish(); }),
              "'sh' failed with exit code 3\n    bad codec\n    sorry");
}

TEST(Subprocess, DeathBySignalIsReported)
{
    EXPECT_EQ(error_of([] { Subprocess({"sh", "-c", "kill -TERM $$"}).finish(); }),
              "'sh' was ended by signal 15 (Terminated)");
}

TEST(Subprocess, ChildThatNoLongerReadsIsReportedWithItsErrors)
{
    const std::string content(1 << 20, 'x');
    Subprocess child({"sh", "-c", "echo disk full >&2; exit 1"});
    EXPECT_EQ(error_of([&] { child.write(bytes_of(content)); }),
              "'sh' stopped reading its input: Broken pipe\n    disk full");
}

TEST(Subprocess, BrokenPipeDoesNotChangeWhatTheSignalMeans)
{
    struct sigaction before {}, after{};
    ::sigaction(SIGPIPE, nullptr, &before);
    const std::string content(1 << 20, 'x');
    Subprocess child({"true"});
    EXPECT_THROW(child.write(bytes_of(content)), Error);
    ::sigaction(SIGPIPE, nullptr, &after);
    EXPECT_EQ(before.sa_handler, after.sa_handler);
    sigset_t pending;
    ::sigpending(&pending);
    EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
}

TEST(Subprocess, FloodOfErrorsNeverBlocksAndOnlyItsEndIsKept)
{
    const std::string content(1 << 20, 'x');
    const std::string message = error_of([&] {
        Subprocess child({"sh", "-c",
                          "i=0; while [ $i -lt 20000 ]; do echo complaint $i; i=$((i+1)); done >&2; "
                          "cat > /dev/null; exit 1"});
        child.write(bytes_of(content));
        child.finish();
    });
    EXPECT_THAT(message, AllOf(StartsWith("'sh' failed with exit code 1\n"), HasSubstr("\n    complaint 19999"),
                               Not(HasSubstr("complaint 1000\n"))));
    EXPECT_LT(message.size(), 4000u);
}

TEST(Subprocess, OutputIsThrownAway)
{
    testing::internal::CaptureStdout();
    Subprocess({"echo", "chatter"}).finish();
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(Subprocess, LinesOfItsOutputAreHeardToTheLastOne)
{
    std::vector<std::string> lines;
    bool ended = false;
    Subprocess child({"sh", "-c", "read word; echo got $word; echo; printf unfinished"},
                     {.on_line = [&](std::string line) { lines.push_back(std::move(line)); }, .on_end = [&] { ended = true; }});
    child.write(bytes_of("ping\n"));
    child.finish();
    EXPECT_EQ(lines, (std::vector<std::string>{"got ping", "", "unfinished"}));
    EXPECT_TRUE(ended);
}

TEST(Subprocess, RunsInTheFolderItIsGiven)
{
    const TempFolder folder;
    Subprocess({"sh", "-c", "echo here > file"}, {.folder = folder / "."}).finish();
    EXPECT_EQ(read_text_file(folder / "file"), "here\n");
    EXPECT_EQ(error_of([&] { Subprocess({"true"}, SubprocessOptions{.folder = folder / "none"}); }),
              "cannot start '" + find_program("true") + "': No such file or directory");
}

TEST(Subprocess, SignalIsPassedOnAndTheEndIsSeen)
{
    Subprocess child({"sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done"});
    EXPECT_FALSE(child.wait(std::chrono::milliseconds(20)));
    while (!child.wait(std::chrono::milliseconds(20)))
        child.signal(SIGTERM);
    EXPECT_THAT(error_of([&] { child.finish(); }), StartsWith("'sh' "));
}

/// Linux would kill it with the thread that forked.
TEST(Subprocess, ChildOutlivesTheThreadThatStartedIt)
{
    const TempFolder folder;
    std::unique_ptr<Subprocess> child;
    std::thread([&] {
        child = std::make_unique<Subprocess>(std::vector<std::string>{"sh", "-c", "cat > \"$0\"", (folder / "copy").string()});
    }).join();
    child->write(bytes_of("still here"));
    child->finish();
    EXPECT_EQ(read_text_file(folder / "copy"), "still here");
}

TEST(Subprocess, UnfinishedChildIsKilledWithItsOwnChildren)
{
    const TempFolder folder;
    pid_t outer = 0, inner = 0;
    {
        const Subprocess child({"sh", "-c", "sleep 1000 & echo $! > \"$0\"; echo $$ > \"$1\"; wait",
                                (folder / "inner").string(), (folder / "outer").string()});
        inner = number_in(folder / "inner");
        outer = number_in(folder / "outer");
    }
    EXPECT_EQ(::kill(outer, 0), -1);
    // Whoever inherits orphans here may not have collected this one yet; a dead process has no command line.
    while (fs::exists("/proc/" + std::to_string(inner))
           && !read_text_file("/proc/" + std::to_string(inner) + "/cmdline").empty())
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

TEST(Subprocess, GrandchildThatHoldsStderrDoesNotHoldUpTheEnd)
{
    Subprocess child({"sh", "-c", "sleep 1000 & exit 0"});
    child.finish();
}

TEST(Subprocess, ChildDiesWithUs)
{
    const TempFolder folder;
    // Orphans come to this process, so that it can see how they end.
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        const Subprocess child({"sh", "-c", "echo $$ > \"$0\"; exec sleep 1000", (folder / "pid").string()});
        number_in(folder / "pid");
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(parent, &status, 0);
    const pid_t child = number_in(folder / "pid");
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST(FindProgram, LooksInPathAndTakesAPathAsItIs)
{
    EXPECT_THAT(find_program("sh"), testing::EndsWith("/sh"));
    EXPECT_EQ(find_program("/bin/sh"), "/bin/sh");
    EXPECT_EQ(find_program("/bin"), "");
    EXPECT_EQ(find_program("no-such-encoder"), "");
}

}  // namespace
}  // namespace platefall
