#include "shot/sequence.h"

#include "image/windows.h"
#include "shot/frame_range.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <system_error>

namespace platefall {
namespace {

namespace fs = std::filesystem;

MissingFrames missing_frames(const std::string& name)
{
    if (name == "hold")
        return MissingFrames::hold;
    return name == "black" ? MissingFrames::black : MissingFrames::error;
}

SequencePath path_of(const Params& params)
{
    try {
        return SequencePath(params.path("path"));
    } catch (const Error& error) {
        throw params.error("path", error.what());
    }
}

/// A name that cannot be looked at for another reason than being absent counts as there: reading it then says
/// what is wrong.
bool is_there(const fs::path& file)
{
    std::error_code reason;
    return fs::exists(file, reason) || reason;
}

/// The nearest earlier frame, else the nearest later one. `frames` ascending, not empty.
int nearest_frame(const std::vector<int>& frames, int frame)
{
    const auto later = std::lower_bound(frames.begin(), frames.end(), frame);
    return later == frames.begin() ? *later : *std::prev(later);
}

}  // namespace

struct Sequence::Found {
    std::once_flag once;
    std::vector<int> frames;
};

ParamSpecs sequence_params()
{
    return {
        param::path("path", "The image sequence: street.####.exr, street.%04d.exr, or one file for every frame.")
            .must_be_given(),
        param::text("layer", "", "The layer or part of a multi-layer EXR to read; empty for the first."),
        param::choice("missing", {"error", "hold", "black"}, "error",
                      "What stands for a frame that is not on disk: nothing, so that the frame fails; the nearest "
                      "earlier frame, else the nearest later one; or black."),
    };
}

Sequence::Sequence(const Params& params)
    : path_(path_of(params)), layer_(params.text("layer")), missing_(missing_frames(params.text("missing"))),
      found_(std::make_shared<Found>())
{
}

const std::vector<int>& Sequence::found() const
{
    std::call_once(found_->once, [this] { found_->frames = path_.find_frames(); });
    return found_->frames;
}

Error Sequence::missing_error(int frame, const std::string& what) const
{
    if (path_.is_still())
        return Error(fmt::format("{} is missing: '{}' does not exist", what, path_.pattern().string()));
    return Error(fmt::format("{} frame {} is missing: '{}' does not exist; frames found: {}", what, frame,
                             path_.at(frame).string(), format_frame_range(found())));
}

Sequence::Source Sequence::source(int frame, const std::string& what) const
{
    if (is_there(path_.at(frame)))
        return {path_.at(frame), ""};
    if (missing_ == MissingFrames::error || found().empty())
        throw missing_error(frame, what);
    if (missing_ == MissingFrames::black)
        return {path_.at(found().front()), fmt::format("{} {} black", what, frame), true};
    const int held = nearest_frame(found(), frame);
    return {path_.at(held), fmt::format("{} {} held from {}", what, frame, held)};
}

InputFile Sequence::input(int frame, const std::string& what, const Origin& origin) const
{
    if (is_there(path_.at(frame)) || missing_ == MissingFrames::error || found().empty())
        return {path_.at(frame), origin, ""};
    const Source source = this->source(frame, what);
    return {source.file, origin, source.substitution};
}

void Sequence::check(int frame, const std::string& what, const std::vector<std::string>& channels,
                     const Window& plate_display, int proxy) const
{
    if (missing_ == MissingFrames::error && !is_there(path_.at(frame)))
        return;   // that it is missing is said of the file, with the place in the manifest
    const ImageHeader header = read_header(source(frame, what).file, layer_, channels);
    const Window display = shrink(header.display, proxy);
    if (display != plate_display)
        throw Error(fmt::format("{} is {} but the plate is {} (frame {})", what, describe(display),
                                describe(plate_display), frame));
}

Sequence::Picture Sequence::read(int frame, const std::string& what, const std::vector<std::string>& channels,
                                 int proxy) const
{
    const Source source = this->source(frame, what);
    Picture picture{read_image(source.file, {.layer = layer_, .channels = channels, .proxy = proxy}),
                    source.substitution};
    if (source.black) {
        std::fill_n(picture.file.image.data(), picture.file.image.sample_count(), 0.0f);
        picture.file.attributes = {};
        picture.file.warnings.clear();
    }
    return picture;
}

}  // namespace platefall
