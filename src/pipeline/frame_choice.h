/// Which frames of a shot a command is about.
#pragma once

#include "pipeline/plan.h"

#include <string>
#include <vector>

namespace platefall {

/// "1001-1010,missing": ranges as in shot/frame_range.h, and the words `missing` (the output is not there, or
/// not whole) and `failed` (the last attempt failed or had to substitute an input). Empty text: every frame of
/// the shot. Throws Error for frames that the shot does not have.
std::vector<int> choose_frames(const Plan& plan, const std::string& text);

}  // namespace platefall
