/// What a wedge leaves on disk about itself, so that one of its variants can be picked later.
#pragma once

#include "wedge/variants.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace platefall::wedge {

struct Record {
    std::vector<Variation> variations;
    std::vector<std::optional<std::string>> before;   ///< how each key was written in the manifest; nothing: it was not
    std::vector<Variant> variants;
    std::vector<int> seen;                            ///< numbers of those of which there is a picture
};

/// `wedge.json` in the wedge's folder.
void write_record(const std::filesystem::path& folder, const Record& record);

/// Nothing when there is none. Throws Error when it cannot be read.
std::optional<Record> read_record(const std::filesystem::path& folder);

/// The manifest's text with the values of a variant, and nothing else changed. Throws Error: no such variant or nobody has seen
/// it, a key has another value by now than the wedge has tried, a value that must be typed by hand.
std::string pick(const Record& record, int number, const std::string& text, const std::filesystem::path& manifest);

}  // namespace platefall::wedge
