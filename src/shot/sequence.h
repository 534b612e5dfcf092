/// A sequence of images on disk as one layer of a shot: which channels, which colour space, and what to do
/// where a frame is missing.
#pragma once

#include "image/read.h"
#include "shot/sequence_path.h"

#include <platefall/params.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace platefall {

enum class MissingFrames { error, hold, black };

/// Parameters that every sequence in a manifest has: path, layer, missing. (colorspace is declared by those
/// that carry colour.)
ParamSpecs sequence_params();

/// Copies share what they found on disk. Safe to use from many threads.
class Sequence {
public:
    /// From parameters declared with sequence_params(). Throws Error.
    explicit Sequence(const Params& params);

    const SequencePath& path() const noexcept { return path_; }
    const std::string& layer() const noexcept { return layer_; }
    MissingFrames missing() const noexcept { return missing_; }

    /// The file that stands for a frame: its own or, with `hold`, the nearest earlier one, else the nearest
    /// later one. Nothing when it is to be black. Throws Error when it is missing and may not be.
    struct Source {
        std::optional<std::filesystem::path> file;
        std::string substitution;   ///< "plate 1043 held from 1042", "plate 1043 black"; "" for the frame itself
    };
    Source source(int frame, const std::string& what) const;

    /// Looks at the header of a frame's file, if there is one: whether it can be read, has the layer and the
    /// channels, and is of the plate's size (`plate_display`, in pixels of this render). Throws what would go
    /// wrong later; `what` names the sequence, as in "layer 'cg'".
    void check(int frame, const std::string& what, const std::vector<std::string>& channels,
               const Window& plate_display, int proxy) const;

    /// Reads it. A black frame has the windows, channels and attributes of the sequence's first file, of which
    /// there must be one.
    struct Picture {
        ImageFile file;
        std::string substitution;
    };
    Picture read(int frame, const std::string& what, const std::vector<std::string>& channels, int proxy) const;

private:
    /// The frames on disk when the first one was found missing.
    struct Found;
    const std::vector<int>& found() const;
    Error missing_error(int frame, const std::string& what) const;

    SequencePath path_;
    std::string layer_;
    MissingFrames missing_ = MissingFrames::error;
    std::shared_ptr<Found> found_;
};

}  // namespace platefall
