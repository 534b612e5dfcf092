/// The motion of the frames between two cuts, from what they show.
#pragma once

#include "cleanplate/takes.h"

namespace platefall::cleanplate {

/// `frames` are all frames of the shot, of which the range is a part.
Take register_take(const std::vector<FrameFeatures>& frames, const TakeRange& range);

}  // namespace platefall::cleanplate
