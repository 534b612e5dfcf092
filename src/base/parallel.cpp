#include "base/parallel.h"

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstddef>

namespace platefall {

struct ThreadLimit::Impl {
    tbb::global_control control;
};

ThreadLimit::ThreadLimit(int threads)
    : impl_(new Impl{tbb::global_control(tbb::global_control::max_allowed_parallelism,
                                         static_cast<std::size_t>(std::max(threads, 1)))})
{
}

ThreadLimit::~ThreadLimit()
{
    delete impl_;
}

// Both loops are isolated: a thread that waits for its own loop must not begin another frame meanwhile, which
// would hold more frames in memory than were allowed and could take a lock that it already has.

void parallel_rows(int begin, int end, const std::function<void(int first, int last)>& work)
{
    if (begin >= end)
        return;
    tbb::this_task_arena::isolate([&] {
        tbb::parallel_for(tbb::blocked_range<int>(begin, end),
                          [&](const tbb::blocked_range<int>& band) { work(band.begin(), band.end()); });
    });
}

void parallel_each(int count, const std::function<void(int index)>& work)
{
    if (count <= 0)
        return;
    tbb::this_task_arena::isolate([&] { tbb::parallel_for(0, count, work); });
}

}  // namespace platefall
