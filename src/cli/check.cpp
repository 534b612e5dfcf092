/// `platefall check`: everything that would go wrong, before frame one; with --delivery, before the frames go out.
#include "pipeline/check.h"

#include "base/log.h"
#include "base/parallel.h"
#include "base/spelling.h"
#include "cache/fingerprints.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/shot_arguments.h"
#include "delivery/shot_delivery.h"
#include "pipeline/frame_choice.h"
#include "pipeline/frame_key.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace platefall::cli {
namespace {

struct CheckArguments {
    ShotArguments shot;
    std::string delivery;   ///< a profile, or "" to check whether a render may start
};

/// Says everything that was found. Whether it was good.
bool tell(const Faults& faults, const std::vector<std::string>& warnings)
{
    for (const std::string& warning : warnings)
        log_warning(warning);
    for (const std::string& fault : faults.all())
        log_error(fault);
    return faults.empty();
}

int check_render(const ShotArguments& arguments, const StageRegistry& stages)
{
    Faults faults;
    std::vector<std::string> warnings;
    const std::unique_ptr<Plan> plan = make_plan(arguments, stages, faults);
    std::vector<int> frames;
    if (faults.empty()) {
        frames = choose_frames(*plan, arguments.frames);
        check_output(*plan, frames, faults);
        check_inputs(*plan, frames, faults, warnings);
    }
    if (!tell(faults, warnings)) {
        log_last_line(count_faults(faults, arguments.manifest));
        return kUnusable;
    }
    log_last_line(fmt::format("'{}' is good: {} frames, {} stages", arguments.manifest, frames.size(),
                              plan->stages.size()));
    return kGood;
}

/// The frames of the manifest's output. Its inputs may be gone by now: what cannot be told without them is a warning.
std::size_t check_shot_delivery(const ShotArguments& arguments, const StageRegistry& stages,
                                const delivery::Profile& profile, Faults& faults, std::vector<std::string>& warnings)
{
    Faults planning;
    const std::unique_ptr<Plan> plan = make_plan(arguments, stages, planning);
    if (plan->shot.info.frames.empty() || plan->shot.output.path.is_still())
        planning.throw_if_any();
    const std::vector<int> frames = choose_frames(*plan, arguments.frames);
    delivery::check_shot(*plan, frames, arguments.frames.empty(), profile, faults);
    if (planning.empty()) {
        Fingerprints fingerprints(plan->shot.cache_folder / "fingerprints");
        key_stages(*plan, fingerprints);
        delivery::check_freshness(*plan, fingerprints, frames, faults, warnings);
    } else {
        warnings.push_back(fmt::format("'{}' can no longer be rendered, so it cannot be told whether the frames are its own: {}",
                                       arguments.manifest, planning.all().front()));
    }
    return frames.size();
}

int check_delivery(const CheckArguments& arguments, const StageRegistry& stages)
{
    const delivery::Profile profile = delivery::read_profile(arguments.delivery);
    const std::string& what = arguments.shot.manifest;
    Faults faults;
    std::vector<std::string> warnings;
    std::size_t frames = 0;
    if (what.ends_with(".toml")) {
        frames = check_shot_delivery(arguments.shot, stages, profile, faults, warnings);
    } else {
        const delivery::Delivery sequence = delivery::delivery_of_sequence(what, arguments.shot.frames);
        delivery::check_delivery(sequence, profile, faults);
        frames = sequence.frames.size();
    }
    if (!tell(faults, warnings)) {
        log_last_line(fmt::format("not fit for delivery '{}': {}", arguments.delivery, count_faults(faults, what)));
        return kUnusable;
    }
    log_last_line(fmt::format("'{}' is fit for delivery '{}': {} frames", what, arguments.delivery, frames));
    return kGood;
}

int check(const CheckArguments& arguments, const StageRegistry& stages)
{
    const ThreadLimit limit(arguments.shot.thread_count());
    return arguments.delivery.empty() ? check_render(arguments.shot, stages) : check_delivery(arguments, stages);
}

}  // namespace

void add_check_command(CLI::App& app, CommandLine& line)
{
    auto arguments = std::make_shared<CheckArguments>();
    CLI::App* command = app.add_subcommand("check", "Looks for every fault of a shot before it is rendered or delivered.");
    arguments->shot.add_to(*command);
    command->add_option("--delivery", arguments->delivery,
                        "Checks the finished frames instead, against what a client asks for: "
                            + join_with_and(delivery::built_in_profiles())
                            + ", or a profile of your own as a file. In place of the manifest a sequence may be given, as in "
                              "'out/street.####.exr'.")
        ->type_name("PROFILE");
    command->footer("Checks the manifest, every plate, matte and layer of every frame (headers only: presence, "
                    "size, windows, channels), the output folder and the room on its disk. Writes nothing. "
                    "Status 0 when a render may start, 2 otherwise.\n"
                    "\n"
                    "With --delivery it reads every finished frame: format, names, windows, colours, pixels, metadata, and "
                    "whether it is the manifest's. Status 0 when all may be delivered, 2 otherwise.\n"
                    "\n"
                    "Examples:\n"
                    "  platefall check shot.toml\n"
                    "  platefall check shot.toml --frames 1001-1010 --set plate.missing=hold\n"
                    "  platefall check shot.toml --delivery netflix-vfx\n"
                    "  platefall check 'out/street.####.exr' --delivery my_studio.toml");
    command->callback(
        [arguments, &line] { line.action = [arguments, &line] { return check(*arguments, line.stages); }; });
}

}  // namespace platefall::cli
