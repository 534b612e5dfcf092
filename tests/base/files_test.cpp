#include "base/files.h"

#include "support/error_text.h"
#include "support/temp_folder.h"

#include <platefall/error.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace platefall {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using test::TempFolder;
using testing::AllOf;
using testing::HasSubstr;

std::vector<fs::path> files_in(const fs::path& folder)
{
    return {fs::directory_iterator(folder), fs::directory_iterator()};
}

/// Runs `action` in a process of its own, which may give up rights or die, and returns how waitpid saw its end.
int end_of_child(const std::function<void()>& action)
{
    const pid_t child = ::fork();
    if (child == 0) {
        action();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

/// What a child process says through a pipe.
std::string said_by_child(const std::function<std::string()>& action)
{
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    end_of_child([&] {
        const std::string text = action();
        EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    });
    ::close(ends[1]);
    std::string text(1 << 16, '\0');
    const ssize_t size = ::read(ends[0], text.data(), text.size());
    ::close(ends[0]);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return text;
}

TEST(Files, WrittenFileIsReadBackAndMissingFoldersAreMade)
{
    const TempFolder folder;
    const fs::path path = folder / "a/b/text.txt";
    write_file_atomically(path, "one\ntwo\n");
    EXPECT_EQ(read_text_file(path), "one\ntwo\n");
    EXPECT_EQ(files_in(path.parent_path()).size(), 1u) << "a temporary was left behind";
}

TEST(Files, WritingAgainReplacesTheWholeFile)
{
    const TempFolder folder;
    write_file_atomically(folder / "f", "a long first text");
    write_file_atomically(folder / "f", "short");
    EXPECT_EQ(read_text_file(folder / "f"), "short");
}

TEST(Files, RelativePathWithoutFolderIsWrittenToTheCurrentOne)
{
    const TempFolder folder;
    const fs::path before = fs::current_path();
    fs::current_path(folder.path);
    write_file_atomically("plain.txt", "x");
    fs::current_path(before);
    EXPECT_EQ(read_text_file(folder / "plain.txt"), "x");
}

TEST(Files, LongestPossibleNameIsWritten)
{
    const TempFolder folder;
    const fs::path path = folder / std::string(255, 'n');
    write_file_atomically(path, "x");
    EXPECT_EQ(read_text_file(path), "x");
}

TEST(Files, MissingFileIsNamedWithTheSystemsReason)
{
    EXPECT_EQ(error_of([] { read_text_file("/nowhere/shot.toml"); }),
              "cannot read '/nowhere/shot.toml': No such file or directory");
    EXPECT_EQ(error_of([] { read_text_file("/tmp"); }), "cannot read '/tmp': Is a directory");
}

TEST(Files, WritingOverAFolderIsRefusedAndLeavesNoTemporary)
{
    const TempFolder folder;
    fs::create_directory(folder / "out");
    EXPECT_EQ(error_of([&] { write_file_atomically(folder / "out", "x"); }),
              "cannot write '" + (folder / "out").string() + "': Is a directory");
    EXPECT_EQ(files_in(folder.path).size(), 1u);
}

TEST(Files, ParentThatIsAFileIsReported)
{
    const TempFolder folder;
    write_file_atomically(folder / "out", "x");
    EXPECT_EQ(error_of([&] { write_file_atomically(folder / "out/f", "x"); }),
              "cannot write '" + (folder / "out/f").string() + "': Not a directory");
}

TEST(Files, ReadOnlyFolderIsReported)
{
    const TempFolder folder;
    const fs::path closed = folder / "closed";
    fs::create_directory(closed);
    fs::permissions(folder.path, fs::perms(0755));
    fs::permissions(closed, fs::perms(0555));
    const std::string said = said_by_child([&] {
        // Root may write everywhere.
        if (::geteuid() == 0 && ::setuid(65534) != 0)
            return std::string("cannot give up root");
        return error_of([&] { write_file_atomically(closed / "f", "x"); });
    });
    EXPECT_EQ(said, "cannot write '" + (closed / "f").string()
                        + "': Permission denied; choose a folder that you may write to");
}

TEST(Files, FullDiskIsReportedWithTheAmountAndKeepsTheOldFile)
{
    const TempFolder folder;
    const std::string said = said_by_child([&]() -> std::string {
        const int spaces = CLONE_NEWNS | (::geteuid() == 0 ? 0 : CLONE_NEWUSER);
        if (::unshare(spaces) != 0
            || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
            || ::mount("tmpfs", folder.path.c_str(), "tmpfs", 0, "size=64k") != 0)
            return "not permitted";
        write_file_atomically(folder / "f", "old");
        const std::string message = error_of(
            [&] { write_file_atomically(folder / "f", std::string(1 << 20, 'x')); });
        return message + "\n" + read_text_file(folder / "f") + " and "
               + std::to_string(files_in(folder.path).size()) + " file";
    });
    if (said == "not permitted")
        GTEST_SKIP() << "a small file system of one's own cannot be mounted here";
    EXPECT_EQ(said, "cannot write '" + (folder / "f").string()
                        + "': No space left on device; 1.0 MiB were to be written, free that much there or "
                          "choose another folder\nold and 1 file");
}

TEST(Files, DeathInTheMiddleOfAWriteKeepsTheOldFileAndSweepRemovesTheRest)
{
    const TempFolder folder;
    write_file_atomically(folder / "f", "old");
    const int status = end_of_child([&] {
        // The system ends a process that writes more than this.
        const rlimit size{.rlim_cur = 4096, .rlim_max = 4096}, no_core{.rlim_cur = 0, .rlim_max = 0};
        ::setrlimit(RLIMIT_CORE, &no_core);
        ::setrlimit(RLIMIT_FSIZE, &size);
        write_file_atomically(folder / "f", std::string(1 << 20, 'x'));
    });
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ) << status;
    EXPECT_EQ(read_text_file(folder / "f"), "old");
    EXPECT_EQ(files_in(folder.path).size(), 2u);

    sweep_stale_temporaries(folder.path);
    EXPECT_EQ(files_in(folder.path), std::vector<fs::path>{folder / "f"});
}

TEST(Files, APublishedFileReplacesTheOldOneAndAMissingOneDoesNot)
{
    const TempFolder folder;
    write_file_atomically(folder / "movie", "old");
    const fs::path temporary = temporary_beside(folder / "movie");
    EXPECT_THAT(error_of([&] { publish(temporary, folder / "movie"); }), HasSubstr("No such file or directory"));
    EXPECT_EQ(read_text_file(folder / "movie"), "old");

    write_file_atomically(temporary, "new");
    publish(temporary, folder / "movie");
    EXPECT_EQ(read_text_file(folder / "movie"), "new");
    EXPECT_EQ(files_in(folder.path).size(), 1u);
}

TEST(Files, TemporaryIsAHiddenNeighbourAndNeverTheSameTwice)
{
    const fs::path one = temporary_beside("out/street.1001.exr");
    EXPECT_EQ(one.parent_path(), "out");
    EXPECT_THAT(one.filename().string(),
                AllOf(testing::StartsWith(".street.1001.exr."), testing::EndsWith(".platefall-tmp")));
    EXPECT_THAT(one.string(), HasSubstr(fmt::format(".{}.", ::getpid())));
    EXPECT_NE(one, temporary_beside("out/street.1001.exr"));
}

TEST(Files, SweepSparesLivingProcessesOtherMachinesAndOtherFiles)
{
    const TempFolder folder;
    const std::vector<fs::path> spared = {
        temporary_beside(folder / "mine.exr"),
        folder / ".f.exr.other-machine.99999999.00ff.platefall-tmp",
        folder / ".notes.txt",
        folder / "f.platefall-tmp",
    };
    for (const fs::path& path : spared)
        write_file_atomically(path, "x");
    sweep_stale_temporaries(folder.path);
    for (const fs::path& path : spared)
        EXPECT_TRUE(fs::exists(path)) << path;
}

TEST(Files, SweepRemovesADayOldTemporaryOfAnyMachine)
{
    const TempFolder folder;
    const fs::path old = folder / ".f.exr.other-machine.12.00ff.platefall-tmp";
    write_file_atomically(old, "x");
    fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(25));
    sweep_stale_temporaries(folder.path);
    EXPECT_FALSE(fs::exists(old));
}

TEST(Files, SweepOfAMissingFolderDoesNothing)
{
    sweep_stale_temporaries("/nowhere/at/all");
}

}  // namespace
}  // namespace platefall
