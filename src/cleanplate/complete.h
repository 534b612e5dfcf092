/// Makes up what no frame saw.
#pragma once

#include "cleanplate/canvas.h"
#include "cleanplate/prior.h"

#include <cstdint>
#include <functional>

namespace platefall::cleanplate {

/// Whether no frame saw any of it, nor of what lies around, so that there is nothing to fill it from.
bool is_blank(const Canvas& canvas);

/// Fills the pixels of the canvas that lie behind a hole and that no frame saw, from the rest of the canvas; a prior
/// says what to look for. Throws Error when there is nothing to fill from.
void complete(Canvas& canvas, std::uint64_t seed, const std::function<void(double fraction)>& progress,
              const Prior* prior = nullptr);

/// Takes over what another canvas of the take already has there, so that both agree on what was made up.
void take_over(Canvas& canvas, const Canvas& earlier, const Take& take);

/// Fills them by a smooth surface instead of a picture.
void spread(Canvas& canvas);

/// Lets the colours go on for a few pixels where the canvas ends, at foreground that always stands there, so that reading
/// between its pixels mixes nothing black in. These pixels still count as nothing.
void extend_edges(Canvas& canvas);

}  // namespace platefall::cleanplate
