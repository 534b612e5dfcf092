/// The journey of one frame.
#pragma once

#include "base/hash.h"
#include "cache/fingerprints.h"
#include "pipeline/frame_record.h"
#include "pipeline/plan.h"

#include <cstddef>
#include <string>
#include <vector>

namespace platefall {

/// The plate as a frame with the one layer "plate", in the working space. Throws Error when it is missing and
/// may not be, cannot be read, or is not of the shot's size.
Frame read_plate(const Shot& shot, int number);

/// Runs the first `stage_count` stages. Layers stay, so that any of them can be asked for.
void run_stages(const Plan& plan, Frame& frame, std::size_t stage_count);

/// Reads the plate, carries it through every stage and writes the files of the frame, marked with its key, and the record of it
/// beside them; pipeline/previews.h says which pictures are kept for a report. Safe to call for many frames at once. Returns the record; its `peak_bytes` are those of layers, scratch and the
/// file in memory. Throws Error, or Interrupted between two stages; no file of the frame is written then.
FrameRecord render_frame(const Plan& plan, Fingerprints& fingerprints, int number, const Digest& key,
                         bool keep_previews = true);

}  // namespace platefall
