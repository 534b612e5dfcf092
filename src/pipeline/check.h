/// Pre-flight: what would go wrong, found before the first frame.
#pragma once

#include "pipeline/plan.h"

#include <string>
#include <vector>

namespace platefall {

/// Faults of the shot as a whole that would make any render of it fail or do harm: an output that would
/// overwrite an input, a folder that cannot be written, a disk that is too full for the frames, no ffmpeg for
/// the movie. Cheap; `render` does it too.
void check_output(const Plan& plan, const std::vector<int>& frames, Faults& faults);

/// Every input of every frame: missing files, headers that cannot be read, sizes, layers and channels.
/// Headers only, on all threads. Things that a render survives but a person should know are `warnings`.
void check_inputs(const Plan& plan, const std::vector<int>& frames, Faults& faults,
                  std::vector<std::string>& warnings);

}  // namespace platefall
