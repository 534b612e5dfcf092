/// Whether a sequence of files is what a profile asks for.
#pragma once

#include "delivery/profile.h"
#include "shot/sequence_path.h"

#include <platefall/error.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace platefall::delivery {

/// Files that belong together.
struct Delivery {
    std::string subject;                       ///< how faults call it: the shot's name, or the quoted path
    std::vector<int> frames;                   ///< ascending
    std::vector<std::filesystem::path> files;  ///< one a frame
    std::optional<SequencePath> finished;      ///< of finished frames; AOVs have none, and fewer rules
};

/// The frames of a sequence on disk; left out ones between the first and the last count as missing. `frames` as in
/// shot/frame_range.h, or empty for all. Throws Error when there are none.
Delivery delivery_of_sequence(const std::string& pattern, const std::string& frames);

/// Reads every file, on all threads, as many at once as fit into memory. Throws Interrupted.
void check_delivery(const Delivery& delivery, const Profile& profile, Faults& faults);

}  // namespace platefall::delivery
