/// The whole program as a function, for those who add stages of their own to it.
#pragma once

#include <platefall/export.h>
#include <platefall/stage.h>

namespace platefall {

/// Runs platefall's command line and returns its exit status. `add_stages` may register further stages next
/// to the built-in ones. Never throws, never exits the process.
PLATEFALL_API int run(int argc, const char* const* argv,
                      const std::function<void(StageRegistry&)>& add_stages = {});

}  // namespace platefall
