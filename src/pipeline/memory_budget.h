/// How many frames fit into memory at once.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace platefall {

/// Frames ask for memory before they start and give it back when they end. A frame that alone needs more than
/// everything still runs, but by itself.
class MemoryBudget {
public:
    explicit MemoryBudget(std::size_t bytes) : bytes_(bytes) {}

    /// A share of the budget, given back when it dies.
    class Share {
    public:
        Share(MemoryBudget& budget, std::size_t bytes) : budget_(budget), bytes_(bytes) {}
        ~Share() { budget_.give_back(bytes_); }
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

    private:
        MemoryBudget& budget_;
        std::size_t bytes_;
    };

    /// Waits until what a frame needs is free. A frame needs `estimate`, or what the hungriest frame so far
    /// turned out to need, if that is more.
    Share frame(std::size_t estimate);

    /// What a frame really needed.
    void learn(std::size_t bytes);

private:
    void give_back(std::size_t bytes);

    const std::size_t bytes_;
    std::size_t taken_ = 0, hungriest_ = 0;
    int running_ = 0;
    std::mutex mutex_;
    std::condition_variable freed_;
};

}  // namespace platefall
