/// Paths of image sequences.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace platefall {

/// "street.####.exr" (one '#' a digit), "street.%04d.exr", or a path without a frame number: a still, the
/// same file for every frame. Negative frames are written -0005: the sign, then the digits.
class SequencePath {
public:
    SequencePath() = default;

    /// Throws Error: two frame fields, a '%' that is not a frame field, a frame field in a folder's name,
    /// an empty path.
    explicit SequencePath(const std::filesystem::path& pattern);

    bool is_still() const noexcept { return digits_ == 0; }
    const std::filesystem::path& pattern() const noexcept { return pattern_; }
    std::filesystem::path at(int frame) const;

    /// The file's name in front of the frame number and behind it, and the digits that the number has at least. A still's
    /// whole name is in front.
    const std::string& before() const noexcept { return before_; }
    const std::string& after() const noexcept { return after_; }
    int digits() const noexcept { return digits_; }

    /// Frames that are on disk, ascending; numbers with more digits than the field count too. Empty for a
    /// still.
    std::vector<int> find_frames() const;

    /// The sequence that a file on disk belongs to: the last run of digits in its name becomes '#'s. A name
    /// without digits is a still. A path that already has a frame field is taken as it is.
    static SequencePath around(const std::filesystem::path& file);

private:
    std::filesystem::path pattern_;
    std::string before_, after_;
    int digits_ = 0;
};

}  // namespace platefall
