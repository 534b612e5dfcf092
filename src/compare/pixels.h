/// Two channels, pixel by pixel.
#pragma once

#include "compare/comparison.h"

#include <platefall/image.h>

#include <vector>

namespace platefall::compare {

/// For each row of both data windows together, from the top: whether the two images have the very same samples there. All
/// false where their channels or their windows are not the same ones.
std::vector<bool> equal_rows(const Image& a, const Image& b);

/// One channel of each image, over both data windows; a pixel outside one of them counts as 0. Two NaN are equal, and so are two
/// infinities of a sign; otherwise what is not finite differs beyond every tolerance.
ChannelComparison compare_channel(const Image& a, int index_a, const Image& b, int index_b, const Tolerance& tolerance,
                                  const std::vector<bool>& equal_rows);

}  // namespace platefall::compare
