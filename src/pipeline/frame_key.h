/// Keys: equal exactly when the result would be equal.
#pragma once

#include "base/hash.h"
#include "cache/fingerprints.h"
#include "pipeline/plan.h"

#include <cstddef>

namespace platefall {

/// Of one finished frame: the version of the pipeline, what the manifest says of shot, plate and output, every
/// stage's name, version, parameters and prepared state, the camera of this frame, and the content of every
/// file that is read for it. Where the files lie and when they were made does not matter.
Digest frame_key(const Plan& plan, Fingerprints& fingerprints, int frame);

/// Of what a stage prepares: the same, up to and including that stage, over its prepare_frames().
Digest prepare_key(const Plan& plan, Fingerprints& fingerprints, std::size_t stage);

/// Gives every stage its prepare_key, for those who ask for keys of frames and prepare nothing.
void key_stages(Plan& plan, Fingerprints& fingerprints);

}  // namespace platefall
