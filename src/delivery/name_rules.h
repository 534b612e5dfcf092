/// What the files of a delivery are called.
#pragma once

#include "delivery/profile.h"
#include "shot/sequence_path.h"

namespace platefall::delivery {

/// Faults of the sequence's name: pattern, separator, padding, length, extension.
void check_names(const SequencePath& path, const Profile& profile, const std::string& subject, Faults& faults);

}  // namespace platefall::delivery
