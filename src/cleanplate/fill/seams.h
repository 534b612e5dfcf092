/// Takes the steps in brightness out of a picture that is put together from copied regions.
#pragma once

#include "cleanplate/fill/composite.h"

#include <optional>
#include <vector>

namespace platefall::cleanplate {

/// For each of Level::hole the gain that its copy needs, in stops of R G B.
///
/// Gradients are kept inside regions, and across seams they become the mean of what the two regions would
/// have there (Perez et al. 2003). Steps that are too large to be a matter of brightness are left alone.
std::vector<Colour> level_seams(const Composite& composite);

/// How much more the value at `q` must grow than that at `p`, its neighbour, for no step to be seen
/// between them. Nothing when neither region goes on to the other side.
std::optional<Colour> step_between(const Composite& composite, const Pixel& p, const Pixel& q);

/// 1 for a step that may be one of brightness, falling to 0 for one that cannot.
float weight_of_step(const Colour& step);

}  // namespace platefall::cleanplate
