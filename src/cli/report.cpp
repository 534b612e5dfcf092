/// `platefall report`: what there is to look at and to say about a shot.
#include "report/report.h"

#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "cache/fingerprints.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/shot_arguments.h"
#include "pipeline/frame_key.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace platefall::cli {
namespace {

struct ReportArguments {
    ShotArguments shot;
    bool before_after = false, no_burn_in = false, no_movie = false, disclosure = false;
};

int report(const ReportArguments& arguments, const StageRegistry& stages)
{
    const ThreadLimit limit(arguments.shot.thread_count());
    Faults faults;
    const std::unique_ptr<Plan> plan = make_plan(arguments.shot, stages, faults);
    faults.throw_if_any();
    Fingerprints fingerprints(plan->shot.cache_folder / "fingerprints");
    key_stages(*plan, fingerprints);
    const ReportFiles files = report_files(*plan);
    if (arguments.disclosure) {
        write_disclosure(*plan, fingerprints);
        log_last_line(fmt::format("disclosure written to '{}'", files.disclosure.string()));
        return kGood;
    }
    const ReportOptions options{.movie = arguments.no_movie ? ReportOptions::Movie::none : ReportOptions::Movie::of_all_there,
                                .burn_in = !arguments.no_burn_in,
                                .before_after = arguments.before_after};
    const bool shown = write_report(*plan, fingerprints, options, log_detail);
    fingerprints.save();
    if (!shown)
        throw Error(fmt::format("no frame of '{}' is there to report on; render it first: platefall render {}",
                                plan->shot.output.path.pattern().string(), arguments.shot.manifest));
    log_last_line(fmt::format("report written to '{}'", files.page.string()));
    return kGood;
}

}  // namespace

void add_report_command(CLI::App& app, CommandLine& line)
{
    auto arguments = std::make_shared<ReportArguments>();
    CLI::App* command = app.add_subcommand(
        "report", "Makes a page to review a shot with, and says how it was made.");
    arguments->shot.add_to(*command);
    command->add_flag("--before-after", arguments->before_after, "The movie shows plate and result side by side.");
    command->add_flag("--no-burn-in", arguments->no_burn_in, "Leaves shot, version and frame out of the movie's corners.");
    command->add_flag("--no-movie", arguments->no_movie, "Makes no movie.");
    command->add_flag("--disclosure", arguments->disclosure,
                      "Writes instead the page on how the shot was made, with the questions that studios ask about generated "
                      "material, answered where the program knows the facts.");
    command->footer("Renders nothing: it shows the frames that are there. `platefall render` makes the report too when it is "
                    "done. Files stand beside the frames: NAME.report.html (one file, needs no network), NAME.sheet.png, "
                    "NAME.preview.mp4, NAME.provenance.json, NAME.disclosure.html.\n"
                    "\n"
                    "Examples:\n"
                    "  platefall report shot.toml\n"
                    "  platefall report shot.toml --before-after\n"
                    "  platefall report shot.toml --disclosure");
    command->callback(
        [arguments, &line] { line.action = [arguments, &line] { return report(*arguments, line.stages); }; });
}

}  // namespace platefall::cli
