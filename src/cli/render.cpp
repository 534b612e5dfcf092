/// `platefall render`: the main job.
#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "base/stop.h"
#include "cache/fingerprints.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/run_arguments.h"
#include "pipeline/check.h"
#include "pipeline/frame_choice.h"
#include "pipeline/frame_key.h"
#include "pipeline/output.h"
#include "pipeline/render_shot.h"
#include "report/movie.h"
#include "report/report.h"
#include "shot/frame_range.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace platefall::cli {
namespace {

struct RenderArguments : RunArguments {
    bool playblast = false;
    bool no_report = false;
};

/// The manifest of a playblast: the collapse is the result, quick and beside the finals.
ShotArguments playblast_arguments(ShotArguments arguments)
{
    for (const char* setting : {"collapse.playblast=true", "output.layer=playblast", "output.aovs=[]",
                                "output.type=half", "output.window=plate"})
        arguments.settings.emplace_back(setting);
    return arguments;
}

/// Into the folder `playblast` beside the finals, with a movie.
void write_playblast_beside(Output& output)
{
    const std::filesystem::path finals = output.path.pattern();
    const std::filesystem::path folder = finals.parent_path() / "playblast";
    output.path = SequencePath(folder / finals.filename());
    output.movie = folder / finals.stem().stem().replace_extension(".mp4");
    output.aov_path.reset();
}

/// A plan without faults, whose output may be written; throws Error otherwise.
std::unique_ptr<Plan> plan_without_faults(const RenderArguments& arguments, const StageRegistry& stages,
                                          std::vector<int>& frames)
{
    Faults faults;
    std::unique_ptr<Plan> plan =
        make_plan(arguments.playblast ? playblast_arguments(arguments.shot) : arguments.shot, stages, faults);
    faults.throw_if_any();
    if (arguments.playblast) {
        keep_what_makes_the_result(*plan);
        write_playblast_beside(plan->shot.output);
    }
    frames = choose_frames(*plan, arguments.shot.frames);
    check_output(*plan, frames, faults);
    faults.throw_if_any();
    return plan;
}

/// Of the whole shot; nothing when a frame of it is missing or out of date.
std::optional<Digest> key_of_all_frames(const Plan& plan, Fingerprints& fingerprints)
{
    Hasher hasher;
    for (const int frame : plan.shot.info.frames) {
        const std::optional<Marks> marks = read_marks(plan, frame);
        if (!marks || marks->key != frame_key(plan, fingerprints, frame).hex())
            return std::nullopt;
        hasher.text(marks->key);
    }
    return hasher.result();
}

/// The movie shows the whole shot: it is made by the run after which every frame is there.
void update_movie(const Plan& plan, Fingerprints& fingerprints, bool overwrite, Progress& progress)
{
    const Output& output = plan.shot.output;
    const auto key = output.movie.empty() ? std::nullopt : key_of_all_frames(plan, fingerprints);
    const std::string mark = key ? movie_mark(output.movie) : "";
    if (!key || mark == key->hex())
        return;
    if (mark.empty() && std::filesystem::exists(output.movie) && !overwrite)
        throw Error(fmt::format("'{}' is there already and was not written by platefall; move it away, or allow it "
                                "to be replaced with --overwrite",
                                output.movie.string()));
    std::vector<std::filesystem::path> files;
    for (const int frame : plan.shot.info.frames)
        files.push_back(output.path.at(frame));
    progress.phase("writing the movie", 0.0);
    write_movie(output.movie, files, plan.shot.info.fps, *plan.shot.colours, output.colorspace, *key);
    log_detail(fmt::format("movie written to '{}'", output.movie.string()));
}

enum class MovieOutcome { good, failed, interrupted };

/// The frames are there whatever becomes of the movie.
MovieOutcome try_to_update_movie(const Plan& plan, Fingerprints& fingerprints, bool overwrite, Progress& progress)
{
    try {
        update_movie(plan, fingerprints, overwrite, progress);
        return MovieOutcome::good;
    } catch (const Interrupted&) {
        return MovieOutcome::interrupted;
    } catch (const Error& error) {
        log_error(error.what());
        return MovieOutcome::failed;
    }
}

/// Whatever becomes of it, the frames are there.
void try_to_report(const Plan& plan, Fingerprints& fingerprints, bool whole_report, Progress& progress)
{
    try {
        if (whole_report)
            write_report(plan, fingerprints, {}, [&](const std::string& doing) { progress.phase(doing, 0.0); });
        else
            write_provenance(plan, fingerprints);
    } catch (const Interrupted&) {
        log_detail("interrupted while reporting");
    } catch (const Error& error) {
        log_warning(fmt::format("the report could not be made: {}", error.what()));
    }
}

/// The same render of other frames.
std::string retry_command(const RenderArguments& arguments, const std::vector<int>& frames)
{
    std::string command = "platefall render " + arguments.shot.as_typed();
    if (arguments.playblast)
        command += " --playblast";
    if (arguments.no_report)
        command += " --no-report";
    return command + (arguments.overwrite ? " --overwrite" : "") + " --frames " + format_frame_range(frames);
}

/// The one sentence at the end, and the status that goes with it.
int conclude(const RenderSummary& summary, MovieOutcome movie, const RenderArguments& arguments, std::size_t asked)
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
        log_last_line(fmt::format("{} of {} frames {}; retry with: {}", bad.size(), asked,
                                  summary.failed.empty() ? "used a substitute" : "failed",
                                  retry_command(arguments, bad)));
        return kSomeFramesFailed;
    }
    if (movie == MovieOutcome::interrupted) {
        log_last_line(fmt::format("interrupted while writing the movie; {} of {} frames are good; run the same "
                                  "command to go on",
                                  good, asked));
        return interrupted_status();
    }
    const std::string but = movie == MovieOutcome::failed ? ", but the movie failed" : "";
    log_last_line(fmt::format("{} of {} frames are good ({} rendered, {} done before){}", good, asked,
                              summary.rendered.size(), summary.skipped.size(), but));
    return movie == MovieOutcome::failed ? kUnexpected : kGood;
}

int render(const RenderArguments& arguments, const StageRegistry& stages)
{
    const ProgressDialect dialect = parse_progress_dialect(arguments.progress);
    RenderOptions options = arguments.options();
    options.keep_previews = !arguments.no_report;
    const ThreadLimit limit(options.threads);
    const std::unique_ptr<Plan> plan = plan_without_faults(arguments, stages, options.frames);
    Fingerprints fingerprints(plan->shot.cache_folder / "fingerprints");

    RenderSummary summary;
    MovieOutcome movie = MovieOutcome::good;
    {
        Progress progress(dialect, static_cast<int>(options.frames.size()), stdout);
        prepare_stages(*plan, fingerprints, [&](const std::string& doing, double fraction) {
            progress.phase(doing, fraction);
        });
        summary = render_shot(*plan, fingerprints, options, progress);
        if (!summary.interrupted && !summary.out_of_memory)
            movie = try_to_update_movie(*plan, fingerprints, arguments.overwrite, progress);
        if (!summary.interrupted && !summary.out_of_memory)
            try_to_report(*plan, fingerprints, !arguments.no_report, progress);
    }
    return conclude(summary, movie, arguments, options.frames.size());
}

}  // namespace

void add_render_command(CLI::App& app, CommandLine& line)
{
    auto arguments = std::make_shared<RenderArguments>();
    CLI::App* command = app.add_subcommand("render", "Renders a shot: plate in, finished EXR frames out.");
    arguments->add_to(*command);
    command->add_flag("--playblast", arguments->playblast,
                      "Renders only the collapse, as grey shaded debris and dust over the plate, into a folder "
                      "`playblast` beside the finals, with a movie.");
    command->add_flag("--no-report", arguments->no_report,
                      "Makes no page, contact sheet and preview movie at the end, and keeps no pictures of layers for them "
                      "(`platefall report` shows plate and result then). The record of how everything was made is always "
                      "written.");
    command->footer("A frame is done when its file opens whole and was made from the same manifest and inputs; "
                    "such a frame is skipped, so an interrupted render goes on where it was. TERM and USR1 end "
                    "the render cleanly with status 75.\n"
                    "\n"
                    "Examples:\n"
                    "  platefall render shot.toml\n"
                    "  platefall render shot.toml --frames 1001-1072x12 --proxy 4\n"
                    "  platefall render shot.toml --playblast --proxy 2\n"
                    "  platefall render shot.toml --frames failed\n"
                    "  platefall render shot.toml --set matte.building.grow=3");
    command->callback([arguments, &line] {
        line.action = [arguments, &line] { return render(*arguments, line.stages); };
    });
}

}  // namespace platefall::cli
