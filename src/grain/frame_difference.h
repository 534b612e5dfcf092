/// The noise of a plate with its texture taken away: what differs from the same place in another frame.
#pragma once

#include "grain/grain.h"
#include "grain/noise_blocks.h"

#include <optional>

namespace platefall::grain {

/// Two frames of one take. What both show cancels out, and what is left has the variance of one frame's noise, or more where
/// they do not lie upon each other. The other frame is brought to the block's brightness; a small shift that is
/// left, as registration leaves it, is taken out to first order (Lucas and Kanade 1981).
class FrameDifference {
public:
    FrameDifference(const Image& plate, const Neighbour& other);

    /// Of R, G and B; nothing where the other frame does not show the whole block.
    std::optional<std::array<Residual, 3>> residuals(const Block& block) const;

private:
    struct Seen;
    std::optional<Seen> other_under(const Block& block) const;
    std::optional<Window> window_under(const Block& block, double depth) const;
    Residual residual(const Block& block, std::size_t channel, const Residual& other, float energy) const;

    const Image& plate_;
    const Neighbour& other_;
    std::array<int, 3> channels_;
};

/// Of residuals from FrameDifference.
float variance_of(const Residual& residual);

}  // namespace platefall::grain
