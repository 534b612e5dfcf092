#include "base/parallel.h"

#include <platefall/error.h>

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace platefall {
namespace {

TEST(Parallel, EveryRowIsDoneOnce)
{
    std::vector<std::atomic<int>> done(1000);
    parallel_rows(-200, 800, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            ++done[static_cast<std::size_t>(y + 200)];
    });
    for (const auto& times : done)
        EXPECT_EQ(times, 1);
}

TEST(Parallel, EveryIndexIsDoneOnce)
{
    std::vector<std::atomic<int>> done(1000);
    parallel_each(1000, [&](int index) { ++done[static_cast<std::size_t>(index)]; });
    for (const auto& times : done)
        EXPECT_EQ(times, 1);
}

TEST(Parallel, NothingToDoCallsNobody)
{
    parallel_rows(5, 5, [](int, int) { FAIL(); });
    parallel_rows(5, 4, [](int, int) { FAIL(); });
    parallel_each(0, [](int) { FAIL(); });
    parallel_each(-1, [](int) { FAIL(); });
}

TEST(Parallel, ErrorsComeOut)
{
    EXPECT_THROW(parallel_rows(0, 100, [](int, int) { throw Error("x"); }), Error);
    EXPECT_THROW(parallel_each(100, [](int) { throw Error("x"); }), Error);
}

TEST(Parallel, LoopsInsideLoopsAddUp)
{
    std::atomic<int> count = 0;
    parallel_each(20, [&](int) {
        parallel_rows(0, 50, [&](int first, int last) { count += last - first; });
    });
    EXPECT_EQ(count, 1000);
}

TEST(Parallel, WaitingForAnInnerLoopNeverBeginsAnotherIndex)
{
    std::atomic<bool> nested = false;
    thread_local bool busy = false;
    parallel_each(64, [&](int) {
        nested = nested || busy;
        busy = true;
        parallel_rows(0, 64, [](int, int) { std::this_thread::yield(); });
        busy = false;
    });
    EXPECT_FALSE(nested);
}

TEST(ThreadLimit, OneThreadIsTheCallers)
{
    const ThreadLimit limit(1);
    std::mutex mutex;
    std::set<std::thread::id> seen;
    parallel_each(1000, [&](int) {
        const std::lock_guard lock(mutex);
        seen.insert(std::this_thread::get_id());
    });
    EXPECT_EQ(seen, std::set{std::this_thread::get_id()});
}

TEST(ThreadLimit, NonsenseMeansOneThread)
{
    const ThreadLimit limit(0);
    std::atomic<int> count = 0;
    parallel_each(10, [&](int) { ++count; });
    EXPECT_EQ(count, 10);
}

}  // namespace
}  // namespace platefall
