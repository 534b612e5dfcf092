/// How a shot was made, as data: what a render leaves beside its frames, and what reports are made from. Private to this folder.
#pragma once

#include "cache/fingerprints.h"
#include "pipeline/plan.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace platefall {

/// Of every frame of the shot that is there, with the record of its making, whoever rendered it; of the stages, models, inputs
/// and seeds; of what a person stated in [provenance]. What was prepared, and how a simulation went, is known only to the
/// render that did it, and is taken over from `before`, the last such file.
///
///     manifest      file, content (digest), settings
///     stages        name, version, fingerprint, layers, parameters, prepare {key, seconds, anew}
///     frames        frame, state ("good", "out of date", "unrecorded", "missing"), and of the record key, rendered, version,
///                   machine, steps, peak_bytes, warnings, substitutions, origins, inputs
///     origins       mean over the frames that have a record
///     curves        name, unit, first_frame, values
nlohmann::json provenance(const Plan& plan, Fingerprints& fingerprints, const nlohmann::json& before);

/// The last sidecar; null when there is none or it cannot be read.
nlohmann::json read_provenance(const std::filesystem::path& file);

}  // namespace platefall
