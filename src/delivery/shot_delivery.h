/// The delivery of a shot: its finished frames and AOVs, and whether they are those of its manifest.
#pragma once

#include "delivery/check_delivery.h"
#include "pipeline/plan.h"

namespace platefall {
class Fingerprints;
}

namespace platefall::delivery {

/// Checks the output of these frames against the profile. Besides: that the last attempt at each frame succeeded, that nothing
/// in it stands in for something that was missing, that `output.colorspace` is what the profile asks for, and, if
/// `all_frames`, that no further frames lie beside them.
void check_shot(const Plan& plan, const std::vector<int>& frames, bool all_frames, const Profile& profile, Faults& faults);

/// Whether the frames were rendered from the manifest and the inputs as they are now. Where inputs are gone that cannot be told,
/// and a warning says so. The stages must have their keys (key_stages).
void check_freshness(const Plan& plan, Fingerprints& fingerprints, const std::vector<int>& frames, Faults& faults,
                     std::vector<std::string>& warnings);

}  // namespace platefall::delivery
