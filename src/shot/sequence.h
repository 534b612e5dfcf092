/// A sequence of images on disk as one layer of a shot: which channels, which colour space, and what to do
/// where a frame is missing.
#pragma once

#include "image/read.h"
#include "shot/sequence_path.h"

#include <platefall/params.h>
#include <platefall/stage.h>

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

    /// The file that stands for a frame: its own; with `hold` the nearest earlier one, else the nearest later
    /// one; with `black` the first one, whose windows and channels the black picture has. Throws Error when it
    /// is missing and may not be, or when there is none at all.
    struct Source {
        std::filesystem::path file;
        std::string substitution;   ///< "plate 1043 held from 1042", "plate 1043 black"; "" for the frame itself
        bool black = false;
    };
    Source source(int frame, const std::string& what) const;

    /// The same as a stage tells it: a file that is missing and may not be is named all the same.
    InputFile input(int frame, const std::string& what, const Origin& origin) const;

    /// Looks at the header of a frame's file, if there is one: whether it can be read, has the layer and the
    /// channels, and is of the plate's size (`plate_display`, in pixels of this render). Throws what would go
    /// wrong later; `what` names the sequence, as in "layer 'cg'".
    void check(int frame, const std::string& what, const std::vector<std::string>& channels,
               const Window& plate_display, int proxy) const;

    /// Reads it. A black picture has no attributes.
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
