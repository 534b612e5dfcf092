#include "pipeline/check.h"

#include "base/files.h"
#include "base/machine.h"
#include "base/parallel.h"
#include "base/subprocess.h"
#include "image/windows.h"
#include "pipeline/output.h"
#include "shot/frame_range.h"

#include <fmt/format.h>
#include <unistd.h>

#include <map>
#include <set>

namespace platefall {
namespace fs = std::filesystem;
namespace {

/// Whatever is read for a frame: the plate, and the files of the stages.
std::vector<fs::path> inputs_of(const Plan& plan, int frame)
{
    std::vector<fs::path> files;
    try {
        if (const auto source = plan.shot.plate->source(frame, "plate"); source.file)
            files.push_back(*source.file);
    } catch (const Error&) {
        // A missing plate is check_inputs' to report.
    }
    for (const PlannedStage& planned : plan.stages)
        for (const InputFile& input : planned.stage->inputs(frame))
            files.push_back(input.path);
    return files;
}

/// By name and, for links, by what they lead to.
void check_nothing_is_overwritten(const Plan& plan, const std::vector<int>& frames, Faults& faults)
{
    for (const int frame : frames) {
        const std::vector<fs::path> inputs = inputs_of(plan, frame);
        for (const fs::path& output : output_files(plan, frame))
            for (const fs::path& input : inputs) {
                std::error_code none;
                if (fs::weakly_canonical(output, none) != fs::weakly_canonical(input, none)
                    && !fs::equivalent(output, input, none))
                    continue;
                faults.add(at(plan.shot.output.origin,
                              fmt::format("the output '{}' would overwrite the input '{}' (frame {}); write "
                                          "somewhere else",
                                          output.string(), input.string(), frame)));
                return;
            }
    }
}

/// The folder itself or, as long as it is not there, the one that it will be made in.
fs::path nearest_existing(fs::path folder)
{
    std::error_code none;
    while (!folder.empty() && !fs::exists(folder, none) && folder.has_relative_path())
        folder = folder.parent_path();
    return folder.empty() ? fs::path(".") : folder;
}

void check_folder(const fs::path& folder, std::uintmax_t needed_bytes, const Origin& origin, Faults& faults)
{
    const fs::path existing = nearest_existing(folder);
    std::error_code failure;
    if (!fs::is_directory(existing, failure)) {
        faults.add(at(origin, fmt::format("the output folder '{}' cannot be made: '{}' is not a folder",
                                          folder.string(), existing.string())));
        return;
    }
    if (::access(existing.c_str(), W_OK | X_OK) != 0) {
        faults.add(at(origin, fmt::format("the output folder '{}' cannot be written: no permission for '{}'",
                                          folder.string(), existing.string())));
        return;
    }
    const fs::space_info space = fs::space(existing, failure);
    if (!failure && space.available < needed_bytes)
        faults.add(at(origin, fmt::format("the disk of '{}' has {} free, but the frames may need {}",
                                          folder.string(), describe_bytes(space.available),
                                          describe_bytes(needed_bytes))));
}

/// Frames to be written count as if nothing were compressed but every second byte: what half floats with grain
/// come to. Frames that are there are replaced one by one and need no more room.
std::uintmax_t needed_bytes(const Plan& plan, const std::vector<int>& frames)
{
    const Window& window = plan.shot.info.plate_data;
    const std::uintmax_t pixels = static_cast<std::uintmax_t>(window.width()) * window.height();
    const std::uintmax_t sample = plan.shot.output.type == ChannelType::full_float ? 4 : 2;
    const std::uintmax_t frame_bytes = pixels * sample * 4 * (1 + plan.shot.output.aovs.size()) / 2;
    std::uintmax_t bytes = 0;
    for (const int frame : frames) {
        std::error_code none;
        if (!fs::exists(plan.shot.output.path.at(frame), none))
            bytes += frame_bytes;
    }
    return bytes;
}

/// What is wrong with one frame's plate and stages, each complaint once.
void check_frame(const Plan& plan, int frame, Faults& faults)
{
    try {
        const Sequence::Source source = plan.shot.plate->source(frame, "plate");
        if (source.file) {
            const ImageHeader header = read_header(*source.file, plan.shot.plate->layer());
            const Window display = shrink(header.display, plan.shot.info.proxy);
            if (display != plan.shot.info.plate_display)
                faults.add(fmt::format("plate frame {} is {}, but the shot's first frame is {}", frame,
                                       describe(header.display), describe(plan.shot.info.plate_display)));
        }
    } catch (const Error& error) {
        faults.add(error);
    }
    for (const PlannedStage& planned : plan.stages) {
        for (const InputFile& input : planned.stage->inputs(frame)) {
            std::error_code none;
            if (!input.may_be_missing && !fs::exists(input.path, none))
                faults.add(at(input.origin, fmt::format("frame {}: '{}' does not exist", frame,
                                                        input.path.string())));
        }
        try {
            planned.stage->check(frame);
        } catch (const Error& error) {
            faults.add(error);
        }
    }
}

void warn_about_substitutes(const Plan& plan, const std::vector<int>& frames, std::vector<std::string>& warnings)
{
    std::vector<int> missing;
    for (const int frame : frames) {
        std::error_code none;
        if (!fs::exists(plan.shot.plate->path().at(frame), none))
            missing.push_back(frame);
    }
    if (!missing.empty() && plan.shot.plate->missing() != MissingFrames::error)
        warnings.push_back(fmt::format("plate frames {} are missing and will be substituted",
                                       format_frame_range(missing)));
}

void warn_about_rounding(const Plan& plan, std::vector<std::string>& warnings)
{
    if (plan.shot.output.type != ChannelType::half_float)
        return;
    const std::vector<int> frames = plan.shot.plate->path().find_frames();
    const ImageHeader header =
        read_header(plan.shot.plate->path().at(frames.empty() ? plan.shot.info.frames.front() : frames.front()),
                    plan.shot.plate->layer());
    for (const Channel& channel : header.channels)
        if (channel.name == "R" && channel.type == ChannelType::full_float) {
            warnings.push_back("the plate is 32-bit float and the output is half: untouched pixels are rounded; "
                               "keep them with output.type = \"float\"");
            return;
        }
}

}  // namespace

void check_output(const Plan& plan, const std::vector<int>& frames, Faults& faults)
{
    if (frames.empty() || !plan.shot.plate)
        return;
    const Output& output = plan.shot.output;
    check_nothing_is_overwritten(plan, frames, faults);
    std::set<fs::path> folders;
    for (const fs::path& file : output_files(plan, frames.front()))
        folders.insert(file.parent_path());
    for (const fs::path& folder : folders)
        check_folder(folder, needed_bytes(plan, frames) / folders.size(), output.origin, faults);
    if (!output.movie.empty() && find_program("ffmpeg").empty())
        faults.add(at(output.origin, "output.movie needs ffmpeg, which is not installed: apt install ffmpeg"));
}

void check_inputs(const Plan& plan, const std::vector<int>& frames, Faults& faults,
                  std::vector<std::string>& warnings)
{
    std::vector<Faults> of_frame(frames.size());
    parallel_each(static_cast<int>(frames.size()),
                  [&](int i) { check_frame(plan, frames[i], of_frame[i]); });
    std::set<std::string> said;   // a still that is wrong is wrong in every frame, but said once
    for (const Faults& one : of_frame)
        for (const std::string& fault : one.all())
            if (said.insert(fault).second)
                faults.add(fault);
    warn_about_substitutes(plan, frames, warnings);
    if (faults.empty())
        warn_about_rounding(plan, warnings);
}

}  // namespace platefall
