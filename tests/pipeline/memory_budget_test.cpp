#include "pipeline/memory_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace platefall {
namespace {

/// The most frames that were in flight at once when `frames` frames of `each` bytes went through.
int most_at_once(std::size_t budget_bytes, std::size_t each, std::size_t learned = 0)
{
    MemoryBudget budget(budget_bytes);
    budget.learn(learned);
    std::atomic<int> now{0}, most{0};
    {
        std::vector<std::jthread> crew;
        for (int i = 0; i < 4; ++i)
            crew.emplace_back([&] {
                for (int frame = 0; frame < 50; ++frame) {
                    const auto share = budget.frame(each);
                    const int running = ++now;
                    int seen = most;
                    while (running > seen && !most.compare_exchange_weak(seen, running)) {
                    }
                    std::this_thread::yield();
                    --now;
                }
            });
    }
    return most;
}

TEST(MemoryBudget, NeverMoreFramesThanFit)
{
    EXPECT_LE(most_at_once(100, 40), 2);
    EXPECT_LE(most_at_once(100, 51), 1);
}

TEST(MemoryBudget, AFrameThatNeedsMoreThanEverythingRunsAlone)
{
    EXPECT_EQ(most_at_once(100, 1000), 1);
    EXPECT_EQ(most_at_once(0, 1), 1);
}

TEST(MemoryBudget, WhatFramesReallyNeededCounts)
{
    EXPECT_EQ(most_at_once(100, 1, 60), 1);
}

}  // namespace
}  // namespace platefall
