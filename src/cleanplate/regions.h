/// Parts of the picture that are different things (sky, a house, a wall), each of them to be made from itself alone.
#pragma once

#include "cleanplate/hole.h"
#include "cleanplate/restore.h"

#include <platefall/frame.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace platefall::cleanplate {

/// How much of each pixel of the plate each region has, 0..1, one channel. `regions` are matte layers from front to back,
/// each in front of those after it; number regions.size() is what none of them covers.
std::vector<Image> shares_of_regions(const Frame& frame, const std::vector<std::string>& regions);

/// The hole as far as the region reaches, its window no larger; empty where it does not.
Mask hole_within(const Mask& hole, const Image& share);

/// That hole; blocked is also what is not the region's alone, or nearly not. Outside `limit` nobody asks.
FrameMasks within(const FrameMasks& masks, const Image& share, const Window& limit);

/// The take as the region's pixels tell of it: only supports that were seen there, or all of them where there are hardly
/// any. `masks` are those of the take's frames within the region.
Take seen_within(const Take& take, const std::vector<FrameMasks>& masks);

struct RestoredRegion {
    std::optional<Restored> restored;   ///< on any window; nothing, and outside of it: the plate as it is
    Image share;
};

/// One picture of all regions, each as much of a pixel as it has there. Pixels that none of them changed keep the
/// plate's own bits.
Restored join(const Image& plate, std::span<const RestoredRegion> regions);

}  // namespace platefall::cleanplate
