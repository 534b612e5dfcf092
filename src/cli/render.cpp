/// `platefall render`: the main job.
#include "base/log.h"
#include "base/machine.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "base/stop.h"
#include "cache/fingerprints.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/shot_arguments.h"
#include "pipeline/check.h"
#include "pipeline/frame_choice.h"
#include "pipeline/output.h"
#include "pipeline/render_shot.h"
#include "report/movie.h"
#include "shot/frame_range.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>

namespace platefall::cli {
namespace {

struct RenderArguments {
    ShotArguments shot;
    std::string memory;
    std::string progress = "auto";
    bool overwrite = false;
};

/// A plan without faults, whose output may be written; throws Error otherwise.
std::unique_ptr<Plan> plan_without_faults(const RenderArguments& arguments, const StageRegistry& stages,
                                          std::vector<int>& frames)
{
    Faults faults;
    std::unique_ptr<Plan> plan = make_plan(arguments.shot, stages, faults);
    faults.throw_if_any();
    frames = choose_frames(*plan, arguments.shot.frames);
    check_output(*plan, frames, faults);
    faults.throw_if_any();
    return plan;
}

int interrupted_status()
{
    return stop_signal() == SIGINT ? kKeyboard : kRequeue;
}

/// The movie shows the whole shot: it is made by the run after which every frame is on disk.
void write_movie_if_complete(const Plan& plan, const RenderSummary& summary, Progress& progress)
{
    const Output& output = plan.shot.output;
    std::error_code none;
    const bool nothing_new = summary.rendered.empty() && summary.substituted.empty();
    if (output.movie.empty() || (nothing_new && std::filesystem::exists(output.movie, none)))
        return;
    std::vector<std::filesystem::path> files;
    for (const int frame : plan.shot.info.frames) {
        files.push_back(output.path.at(frame));
        if (!std::filesystem::exists(files.back(), none))
            return;
    }
    progress.phase("writing the movie", 0.0);
    write_movie(output.movie, files, plan.shot.info.fps, *plan.shot.colours, output.colorspace);
    log_detail(fmt::format("movie written to '{}'", output.movie.string()));
}

/// The one sentence at the end, and the status that goes with it.
int conclude(const RenderSummary& summary, const RenderArguments& arguments, std::size_t asked)
{
    std::vector<int> bad = summary.failed;
    bad.insert(bad.end(), summary.substituted.begin(), summary.substituted.end());
    std::sort(bad.begin(), bad.end());
    const std::size_t good = summary.rendered.size() + summary.skipped.size();
    if (summary.out_of_memory) {
        log_last_line(fmt::format("out of memory after {} of {} frames", good, asked));
        return kOutOfMemory;
    }
    if (summary.interrupted) {
        log_last_line(fmt::format("interrupted after {} of {} frames; run the same command to go on", good, asked));
        return interrupted_status();
    }
    if (!bad.empty()) {
        log_last_line(fmt::format("{} of {} frames {}; retry with: platefall render {} --frames {}", bad.size(),
                                  asked, summary.failed.empty() ? "used a substitute" : "failed",
                                  arguments.shot.manifest, format_frame_range(bad)));
        return kSomeFramesFailed;
    }
    log_last_line(fmt::format("{} of {} frames are good ({} rendered, {} done before)", good, asked,
                              summary.rendered.size(), summary.skipped.size()));
    return kGood;
}

int render(const RenderArguments& arguments, const StageRegistry& stages)
{
    const ProgressDialect dialect = parse_progress_dialect(arguments.progress);
    RenderOptions options{.frames = {},
                          .threads = arguments.shot.thread_count(),
                          .memory_bytes = arguments.memory.empty() ? default_memory_bytes()
                                                                   : parse_bytes(arguments.memory),
                          .overwrite = arguments.overwrite};
    const ThreadLimit limit(options.threads);
    const std::unique_ptr<Plan> plan = plan_without_faults(arguments, stages, options.frames);
    Fingerprints fingerprints(plan->shot.cache_folder / "fingerprints");

    RenderSummary summary;
    {
        Progress progress(dialect, static_cast<int>(options.frames.size()), stdout);
        prepare_stages(*plan, fingerprints, [&](const std::string& doing, double fraction) {
            progress.phase(doing, fraction);
        });
        summary = render_shot(*plan, fingerprints, options, progress);
        if (!summary.interrupted && !summary.out_of_memory)
            write_movie_if_complete(*plan, summary, progress);
    }
    return conclude(summary, arguments, options.frames.size());
}

}  // namespace

void add_render_command(CLI::App& app, CommandLine& line)
{
    auto arguments = std::make_shared<RenderArguments>();
    CLI::App* command = app.add_subcommand("render", "Renders a shot: plate in, finished EXR frames out.");
    arguments->shot.add_to(*command);
    command->add_option("--memory", arguments->memory,
                        "Memory that may be used, like 4G or 800M; it decides how many frames are in flight. "
                        "Default: CUE_MEMORY, else SLURM_MEM_PER_NODE, else 70 % of what is free.")
        ->type_name("BYTES");
    command->add_option("--progress", arguments->progress,
                        "How progress is told on standard output: auto (bar on a terminal, plain otherwise), "
                        "bar, plain, json, openjd, tractor, afanasy or none.")
        ->type_name("DIALECT")
        ->check(CLI::IsMember({"auto", "bar", "plain", "json", "openjd", "tractor", "afanasy", "none"}));
    command->add_flag("--overwrite", arguments->overwrite,
                      "Renders frames again that are done, and replaces files that platefall did not write.");
    command->footer("A frame is done when its file opens whole and was made from the same manifest and inputs; "
                    "such a frame is skipped, so an interrupted render goes on where it was. TERM and USR1 end "
                    "the render cleanly with status 75.\n"
                    "\n"
                    "Examples:\n"
                    "  platefall render shot.toml\n"
                    "  platefall render shot.toml --frames 1001-1072x12 --proxy 4\n"
                    "  platefall render shot.toml --frames failed\n"
                    "  platefall render shot.toml --set matte.building.grow=3");
    command->callback([arguments, &line] {
        line.action = [arguments, &line] { return render(*arguments, line.stages); };
    });
}

}  // namespace platefall::cli
