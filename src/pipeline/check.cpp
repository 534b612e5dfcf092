#include "pipeline/check.h"

#include "base/machine.h"
#include "base/parallel.h"
#include "base/stop.h"
#include "base/subprocess.h"
#include "image/windows.h"
#include "pipeline/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

namespace platefall {
namespace fs = std::filesystem;
namespace {

/// Whatever is read for a frame: the plate, and the files of the stages.
std::vector<fs::path> inputs_of(const Plan& plan, int frame)
{
    std::vector<fs::path> files{plan.shot.plate->input(frame, "plate", {}).path};
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
        std::vector<fs::path> outputs = output_files(plan, frame);
        std::ranges::copy(stage_files(plan, frame), std::back_inserter(outputs));
        for (const fs::path& output : outputs)
            for (const fs::path& input : inputs) {
                std::error_code none;
                if (fs::weakly_canonical(output, none) != fs::weakly_canonical(input, none)
                    && !fs::equivalent(output, input, none))
                    continue;
                faults.add(plan.shot.output.params->error(
                    "path", fmt::format("the output '{}' would overwrite the input '{}' (frame {}); write "
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

void check_folder(const fs::path& folder, std::uintmax_t needed_bytes, const Params& params, Faults& faults)
{
    const fs::path existing = nearest_existing(folder);
    std::error_code failure;
    if (!fs::is_directory(existing, failure)) {
        faults.add(params.error("path", fmt::format("the output folder '{}' cannot be made: '{}' is not a folder",
                                          folder.string(), existing.string())));
        return;
    }
    if (::access(existing.c_str(), W_OK | X_OK) != 0) {
        faults.add(params.error("path", fmt::format("the output folder '{}' cannot be written: no permission for '{}'",
                                          folder.string(), existing.string())));
        return;
    }
    const fs::space_info space = fs::space(existing, failure);
    if (!failure && space.available < needed_bytes)
        faults.add(params.error("path", fmt::format("the disk of '{}' has {} free, but the frames may need {}",
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

/// What is known of one frame after looking at its files.
struct FrameReport {
    Faults faults;
    std::vector<std::string> substitutions;
};

void check_plate(const Plan& plan, int frame, FrameReport& report)
{
    const Sequence::Source source = plan.shot.plate->source(frame, "plate");
    if (!source.substitution.empty())
        report.substitutions.push_back(source.substitution);
    const ImageHeader header = read_header(source.file, plan.shot.plate->layer());
    const Window display = shrink(header.display, plan.shot.info.proxy);
    if (display != plan.shot.info.plate_display)
        throw Error(fmt::format("plate frame {} is {}, but the shot's first frame is {}", frame, describe(display),
                                describe(plan.shot.info.plate_display)));
}

void check_stage(const Stage& stage, int frame, FrameReport& report)
{
    for (const InputFile& input : stage.inputs(frame)) {
        std::error_code none;
        if (!input.substitution.empty())
            report.substitutions.push_back(input.substitution);
        if (!fs::exists(input.path, none))
            report.faults.add(at(input.origin,
                                 fmt::format("frame {}: '{}' does not exist", frame, input.path.string())));
    }
    stage.check(frame);
}

FrameReport check_frame(const Plan& plan, int frame)
{
    FrameReport report;
    const auto collect = [&](const std::function<void()>& look) {
        try {
            look();
        } catch (const Error& error) {
            report.faults.add(error);
        }
    };
    collect([&] { check_plate(plan, frame, report); });
    for (const PlannedStage& planned : plan.stages)
        collect([&] { check_stage(*planned.stage, frame, report); });
    return report;
}

void warn_about_rounding(const Plan& plan, std::vector<std::string>& warnings)
{
    const auto is_float_colour = [](const Channel& channel) {
        return channel.type == ChannelType::full_float
               && (channel.name == "R" || channel.name == "G" || channel.name == "B" || channel.name == "Y");
    };
    if (plan.shot.output.type == ChannelType::half_float
        && std::ranges::any_of(plan.plate_channels, is_float_colour))
        warnings.push_back("the plate is 32-bit float and the output is half: untouched pixels are rounded; keep "
                           "them with output.type = \"float\"");
}

/// Layers that are made for every frame, and that nobody looks at.
void warn_about_unused_layers(const Plan& plan, std::vector<std::string>& warnings)
{
    std::set<std::string> used(plan.shot.output.aovs.begin(), plan.shot.output.aovs.end());
    used.insert({plan.result, "generated"});
    for (const PlannedStage& planned : plan.stages)
        for (const LayerUse::Read& read : planned.use.reads)
            used.insert(read.layer);
    for (const PlannedStage& planned : plan.stages)
        for (const std::string& layer : planned.use.writes)
            if (!used.contains(layer) && !layer.starts_with("generated."))
                warnings.push_back(at(planned.params.origin(),
                                      fmt::format("nothing uses layer '{}', which is made for every frame", layer)));
}

}  // namespace

void check_output(const Plan& plan, const std::vector<int>& frames, Faults& faults)
{
    if (frames.empty() || !plan.shot.plate)
        return;
    const Output& output = plan.shot.output;
    check_nothing_is_overwritten(plan, frames, faults);
    std::set<fs::path> folders;
    for (const auto& files : {output_files(plan, frames.front()), stage_files(plan, frames.front())})
        for (const fs::path& file : files)
            folders.insert(file.parent_path());
    if (!output.movie.empty())
        folders.insert(output.movie.parent_path());
    for (const fs::path& folder : folders)
        check_folder(folder, needed_bytes(plan, frames) / folders.size(), *output.params, faults);
    if (!output.movie.empty() && find_program("ffmpeg").empty())
        faults.add(output.params->error("movie", "output.movie needs ffmpeg, which is not installed: apt install "
                                                 "ffmpeg"));
}

void check_inputs(const Plan& plan, const std::vector<int>& frames, Faults& faults,
                  std::vector<std::string>& warnings)
{
    std::vector<FrameReport> reports(frames.size());
    parallel_each(static_cast<int>(frames.size()), [&](int i) {
        check_stop();
        reports[i] = check_frame(plan, frames[i]);
    });
    std::set<std::string> said;   // a still that is wrong is wrong in every frame, but said once
    for (const FrameReport& report : reports) {
        for (const std::string& fault : report.faults.all())
            if (said.insert(fault).second)
                faults.add(fault);
        for (const std::string& substitution : report.substitutions)
            warnings.push_back(substitution + "; such a frame does not count as good");
    }
    warn_about_rounding(plan, warnings);
    warn_about_unused_layers(plan, warnings);
}

}  // namespace platefall
