/// What one file of a delivery must be like.
#pragma once

#include "delivery/frame_facts.h"
#include "delivery/grouped_faults.h"
#include "delivery/profile.h"

namespace platefall::delivery {

/// Rules for every file, those of AOVs too: [files], finite values, [metadata].
void check_file(const FileFacts& facts, const Profile& profile, int frame, GroupedFaults& faults);

/// Further rules for the finished frames: [picture], [colour], [channels], alpha. What concerns all frames together is not
/// looked at.
void check_finished_frame(const FileFacts& facts, const Profile& profile, int frame, GroupedFaults& faults);

}  // namespace platefall::delivery
