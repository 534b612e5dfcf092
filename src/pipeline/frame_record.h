/// What is noted about a finished frame, beside it: for reports, and for whoever asks later how it was made.
#pragma once

#include "pipeline/origins.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace platefall {

struct FrameRecord {
    struct Step {
        std::string name;       ///< "read", the name of a stage or of several, "write"
        double seconds = 0;
    };
    struct Input {
        std::string path;       ///< as seen from the manifest's folder
        std::string content;    ///< digest; "" when it was not there
    };
    int frame = 0;
    std::string key;            ///< of the frame that this is about
    std::string rendered;       ///< "2026-11-28T09:00:00Z"
    std::string version;        ///< of platefall
    std::string machine;
    std::vector<Step> steps{};
    std::uint64_t peak_bytes = 0;
    std::vector<std::string> warnings{}, substitutions{};
    Origins origins{};
    std::vector<Input> inputs{};
};

/// "2026-11-28T09:00:00Z"
std::string time_now();

/// `out/.street.1001.exr.record` of `out/street.1001.exr`.
std::filesystem::path record_file(const Plan& plan, int frame);

/// What the frame is made from, with the digests that its key was made from.
std::vector<FrameRecord::Input> inputs_of(const Plan& plan, class Fingerprints& fingerprints, int frame);

/// With time, version and machine filled in. Throws Error when the disk does not take it.
void write_record(const Plan& plan, FrameRecord record);

/// The text of its file: one JSON object with the fields above.
std::string as_json(const FrameRecord& record);

/// Nothing when there is none or it cannot be read. Whether it is about the frame that is there, its key says.
std::optional<FrameRecord> read_record(const Plan& plan, int frame);

}  // namespace platefall
