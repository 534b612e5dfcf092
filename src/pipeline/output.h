/// What a finished frame looks like on disk, and how it is recognised again.
#pragma once

#include "base/hash.h"
#include "pipeline/origins.h"
#include "pipeline/plan.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace platefall {

/// Every file that a frame consists of: the picture first, then AOVs that are sequences of their own.
std::vector<std::filesystem::path> output_files(const Plan& plan, int frame);

/// Writes them, the picture last: when it is there, all are. The picture has the result's channels,
/// "generated" and the AOVs as layer.channel; a channel that has its layer's name and a dot in it already keeps its name.
/// Warns in the frame where data needs another compression than the picture was to have. Returns the bytes that this
/// needed beyond the layers.
std::size_t write_output(const Plan& plan, Frame& frame, const Window& plate_data, const Digest& key, const Origins& origins);

/// What a finished frame says of itself.
struct Marks {
    std::string key;           ///< of everything that it was made from
    std::string substituted;   ///< what was held or black when it was rendered; "" for nothing
};

/// From the headers of the frame's files. Nothing when one is missing, is not platefall's, or when they do not
/// belong together.
std::optional<Marks> read_marks(const Plan& plan, int frame);

/// Every file that stages write for the frame themselves.
std::vector<std::filesystem::path> stage_files(const Plan& plan, int frame);

/// Reads every file of the frame to its end, and looks whether those of the stages are there.
bool is_whole(const Plan& plan, int frame);

/// A file in the frame's place that platefall did not write, or that cannot be told. An empty file is nobody's.
std::optional<std::filesystem::path> find_foreign_file(const Plan& plan, int frame);

/// A note beside the output, in words, that a frame did not succeed. It stays until the frame does, and is what
/// `--frames failed` goes by.
std::filesystem::path failure_note(const Plan& plan, int frame);

}  // namespace platefall
