/// What was found between pictures: plain data, for those who print it, write it as JSON and show it on a page.
#pragma once

#include "compare/picture_pairs.h"
#include "compare/rules.h"
#include "image/colour.h"

#include <cstdint>
#include <string>
#include <vector>

namespace platefall::compare {

/// The pixel of a channel where the two are furthest apart.
struct LargestDifference {
    double absolute = 0;   ///< infinity where one of the two is no finite number
    double relative = 0;   ///< of the larger of the two
    int x = 0, y = 0;
    double a = 0, b = 0;
};

struct ChannelComparison {
    std::string name;                ///< with its layer: "depth.Z"
    Tolerance tolerance;
    std::int64_t pixels = 0;         ///< in the data window of either
    std::int64_t unequal = 0;        ///< not the very same number
    std::int64_t failing = 0;        ///< beyond the tolerance
    double mean = 0;                 ///< of |b - a|, where both are finite
    LargestDifference largest;

    double failing_percent() const { return pixels > 0 ? 100.0 * static_cast<double>(failing) / static_cast<double>(pixels) : 0; }
    bool is_different() const { return failing_percent() > tolerance.percent; }
};

/// Of one layer's R G B.
struct FlipComparison {
    std::string layer;               ///< "" for the main one
    double mean = 0, largest = 0;
    bool is_different = false;
};

enum class Outcome { same, different, missing_in_a, missing_in_b, unusable };

struct PictureComparison {
    PicturePair pair;
    Outcome outcome = Outcome::same;
    std::string error;                        ///< why it is unusable
    bool b_is_good = false;                   ///< the new file could be read, whatever became of the other one
    std::vector<std::string> differences;     ///< windows, channels, metadata: a sentence each
    std::vector<std::string> notes;           ///< what is worth knowing and no difference
    std::vector<ChannelComparison> channels;
    std::vector<FlipComparison> flips;        ///< of the layers that have an unequal pixel
};

/// What was compared, by which rules, and what became of it.
struct Comparison {
    std::filesystem::path a, b;
    Rules rules;
    std::vector<PictureComparison> pictures;

    std::size_t count(Outcome outcome) const;
    bool is_same() const { return count(Outcome::same) == pictures.size(); }
};

/// The one with most failing pixels among the channels; nullptr when no channel is different.
const ChannelComparison* worst_channel(const PictureComparison& comparison);

/// The largest mean of its layers; 0 when there is none.
double worst_flip(const PictureComparison& comparison);

/// Reads and compares the two files of a pair. What cannot be read is no exception but Outcome::unusable.
PictureComparison compare_pictures(const PicturePair& pair, const Rules& rules, const ColourSpaces& colours);

}  // namespace platefall::compare
