/// What counts as the same.
#pragma once

#include "compare/flip.h"

#include <optional>
#include <string>
#include <vector>

namespace platefall::compare {

/// A pixel differs where both |b - a| > absolute and |b - a| > relative * max(|a|, |b|); a channel where more than `percent`
/// of its pixels do. The defaults let through what is rounded to half (relative 0.0005) and no other noise.
struct Tolerance {
    double absolute = 1e-4;
    double relative = 1e-3;
    double percent = 0;
    bool operator==(const Tolerance&) const = default;
};

/// What a user says of some channels.
struct ChannelRule {
    std::string pattern;   ///< of full names or of their layers: "depth.Z", "depth", "crypto*"
    std::optional<double> absolute, relative, percent;
    bool ignore = false;
};

/// "depth:absolute=0.01,percent=1" or "generated:ignore". Throws Error that says what is wrong.
ChannelRule parse_channel_rule(const std::string& text);

struct Rules {
    Tolerance tolerance{};
    std::vector<ChannelRule> channels{};           ///< where several match, what the last one says
    bool metadata = true;
    std::vector<std::string> ignored_metadata{};   ///< patterns; on top of always_ignored_metadata()
    bool flip = true;
    double most_flip = 0.01;                       ///< of a layer's mean
    double pixels_per_degree = kPixelsPerDegree;
    std::string colorspace = "lin_rec709";         ///< of files that hold light

    /// nullopt: the channel is ignored. `is_id`: a number that names something, equal or not whatever the others may differ by.
    std::optional<Tolerance> tolerance_of(const std::string& channel, bool is_id) const;
    bool ignores_metadata(const std::string& name) const;
};

/// When, where and by which program a file was written, how it is packed, and what platefall needs for itself. As patterns.
const std::vector<std::string>& always_ignored_metadata();

}  // namespace platefall::compare
