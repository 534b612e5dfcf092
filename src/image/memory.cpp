#include "image/memory.h"

#include <tbb/scalable_allocator.h>

#include <malloc.h>

namespace platefall {

void give_back_memory()
{
    scalable_allocation_command(TBBMALLOC_CLEAN_ALL_BUFFERS, nullptr);
    ::malloc_trim(0);
}

}  // namespace platefall
