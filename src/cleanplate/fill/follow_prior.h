/// What patches made, brought to what a model made.
#pragma once

#include "cleanplate/fill/patch_fill.h"

namespace platefall::cleanplate {

/// Makes what was filled look like the request's prior wherever that shows more than its own blur: large shapes and tones
/// are the prior's, detail and grain the patches'. Where the patches show something else than the prior, its own pixels
/// stand, and have no noise. Stays in the range of the known part; known pixels are the same bits. The result does not
/// depend on the number of threads.
void follow_prior(const FillRequest& request, Filled& filled);

}  // namespace platefall::cleanplate
