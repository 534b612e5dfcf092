/// `platefall check`: everything that would go wrong, before frame one.
#include "pipeline/check.h"

#include "base/log.h"
#include "base/parallel.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/shot_arguments.h"
#include "pipeline/frame_choice.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace platefall::cli {
namespace {

int check(const ShotArguments& arguments, const StageRegistry& stages)
{
    const ThreadLimit limit(arguments.thread_count());
    Faults faults;
    std::vector<std::string> warnings;
    const std::unique_ptr<Plan> plan = make_plan(arguments, stages, faults);
    std::vector<int> frames;
    if (faults.empty()) {
        frames = choose_frames(*plan, arguments.frames);
        check_output(*plan, frames, faults);
        check_inputs(*plan, frames, faults, warnings);
    }
    for (const std::string& warning : warnings)
        log_warning(warning);
    for (const std::string& fault : faults.all())
        log_error(fault);
    if (!faults.empty()) {
        log_last_line(count_faults(faults, arguments.manifest));
        return kUnusable;
    }
    log_last_line(fmt::format("'{}' is good: {} frames, {} stages", arguments.manifest, frames.size(),
                              plan->stages.size()));
    return kGood;
}

}  // namespace

void add_check_command(CLI::App& app, CommandLine& line)
{
    auto arguments = std::make_shared<ShotArguments>();
    CLI::App* command =
        app.add_subcommand("check", "Looks for every fault of a shot before anything is rendered.");
    arguments->add_to(*command);
    command->footer("Checks the manifest, every plate, matte and layer of every frame (headers only: presence, "
                    "size, windows, channels), the output folder and the room on its disk. Writes nothing. "
                    "Status 0 when a render may start, 2 otherwise.\n"
                    "\n"
                    "Examples:\n"
                    "  platefall check shot.toml\n"
                    "  platefall check shot.toml --frames 1001-1010 --set plate.missing=hold");
    command->callback(
        [arguments, &line] { line.action = [arguments, &line] { return check(*arguments, line.stages); }; });
}

}  // namespace platefall::cli
