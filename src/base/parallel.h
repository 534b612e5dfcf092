/// Work over the rows of an image on all threads that the render was given.
#pragma once

#include <functional>

namespace platefall {

/// Limits every parallel loop of the process to this many threads while it lives.
class ThreadLimit {
public:
    explicit ThreadLimit(int threads);
    ~ThreadLimit();
    ThreadLimit(const ThreadLimit&) = delete;
    ThreadLimit& operator=(const ThreadLimit&) = delete;

private:
    struct Impl;
    Impl* impl_;
};

/// Calls `work(first, last)` for disjoint bands that together are [begin, end). Which thread does a band, and
/// where bands are cut, changes from run to run: a row's result must not depend on it. Exceptions come out.
void parallel_rows(int begin, int end, const std::function<void(int first, int last)>& work);

/// Calls `work(index)` for every index in [0, count) on all threads.
void parallel_each(int count, const std::function<void(int index)>& work);

}  // namespace platefall
