/// Many frames: which are to be done, how many at once, and what became of them.
#pragma once

#include "base/progress.h"
#include "pipeline/plan.h"

#include <cstdint>
#include <string>
#include <vector>

namespace platefall {

struct RenderOptions {
    std::vector<int> frames;
    int threads = 1;
    std::uint64_t memory_bytes = 0;
    bool keep_previews = true;   ///< of layers, for a report
    bool overwrite = false;   ///< render finished frames again, and replace files that are not platefall's
};

/// What became of the frames that were asked for; each list ascending. A frame is in exactly one of them, or in
/// none if the render was interrupted before its turn.
struct RenderSummary {
    std::vector<int> rendered;      ///< good, written now
    std::vector<int> skipped;       ///< good, written by an earlier run with the same key
    std::vector<int> substituted;   ///< there, but with an input held or black
    std::vector<int> failed;
    bool out_of_memory = false;
    bool interrupted = false;
};

/// Renders; prepare_stages() has been called. Errors and warnings of frames are logged as they happen. After a
/// stop signal, frames in flight are dropped and no temporary file is left.
RenderSummary render_shot(const Plan& plan, class Fingerprints& fingerprints, const RenderOptions& options,
                          Progress& progress);

/// What a frame needs at its peak, judged by the plan and the headers of the frame's files.
std::size_t estimate_frame_bytes(const Plan& plan, int frame);

}  // namespace platefall
