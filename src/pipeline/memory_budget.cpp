#include "pipeline/memory_budget.h"

#include <algorithm>

namespace platefall {

MemoryBudget::Share MemoryBudget::frame(std::size_t estimate)
{
    std::unique_lock lock(mutex_);
    std::size_t needed = 0;
    freed_.wait(lock, [&] {
        needed = std::max(estimate, hungriest_);
        return running_ == 0 || (needed <= bytes_ && taken_ <= bytes_ - needed);
    });
    taken_ += needed;
    ++running_;
    return {*this, needed};
}

void MemoryBudget::learn(std::size_t bytes)
{
    const std::lock_guard lock(mutex_);
    hungriest_ = std::max(hungriest_, bytes);
}

void MemoryBudget::give_back(std::size_t bytes)
{
    {
        const std::lock_guard lock(mutex_);
        taken_ -= bytes;
        --running_;
    }
    freed_.notify_all();
}

}  // namespace platefall
