/// The journey of one frame.
#pragma once

#include "base/hash.h"
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

struct RenderedFrame {
    std::vector<std::string> warnings, substitutions;
    std::size_t peak_bytes = 0;   ///< of layers, scratch and the file in memory
};

/// Reads the plate, carries it through every stage and writes the files of the frame, marked with its key.
/// Safe to call for many frames at once. Throws Error, or Interrupted between two stages; nothing is written
/// then.
RenderedFrame render_frame(const Plan& plan, int number, const Digest& key);

}  // namespace platefall
