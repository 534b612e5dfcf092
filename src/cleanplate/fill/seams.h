/// Takes the steps in brightness out of a picture that is put together from copied regions.
#pragma once

#include "cleanplate/fill/patch_fill.h"
#include "cleanplate/fill/patch_match.h"

#include <vector>

namespace platefall::cleanplate {

/// For each of Level::hole on the finest level the gain that its copy needs, in stops of R G B.
///
/// Gradients are kept inside regions, and across seams they become the mean of what the two regions would
/// have there (Perez et al. 2003). Measured on slightly blurred log2(x / eps + 1), so that the grain of one
/// pixel does not count; steps that are too large to be a matter of brightness are left alone.
std::vector<std::array<float, 3>> level_seams(const Image& picture, const Window& part, const Level& level,
                                              const std::vector<Shift>& shifts);

}  // namespace platefall::cleanplate
