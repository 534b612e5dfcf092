/// `platefall stages`: what may stand in a manifest.
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/print.h"
#include "cli/shot_arguments.h"
#include "plugin/external_stages.h"
#include "stage/external_file.h"
#include "stage/stage_listing.h"

#include <CLI/CLI.hpp>

namespace platefall::cli {

namespace {

struct StagesArguments {
    std::string stage;
    bool markdown = false;
    bool allow_external = false;
};

/// One that is not in the registry, asked as from a manifest in this folder.
std::string about_external_stage(const StagesArguments& arguments)
{
    StageRegistry alone;
    const auto trust = plugin::Trust::from_user(arguments.allow_external);
    alone.add(*plugin::external_stage(arguments.stage, {}, std::filesystem::current_path(), trust));
    return stage_details(alone, arguments.stage);
}

std::string about_stages(const StagesArguments& arguments, const StageRegistry& stages)
{
    if (arguments.markdown)
        return section_reference_markdown() + "\n" + stage_reference_markdown(stages);
    if (!split_external(arguments.stage).kind.empty())
        return about_external_stage(arguments);
    return arguments.stage.empty() ? stage_listing(stages) : stage_details(stages, arguments.stage);
}

}  // namespace

void add_stages_command(CLI::App& app, CommandLine& line)
{
    auto arguments = std::make_shared<StagesArguments>();
    CLI::App* command = app.add_subcommand("stages", "Lists the stages, or explains one with its parameters.");
    command->add_option("stage", arguments->stage, "The stage to explain.")->type_name("NAME");
    command->add_flag("--markdown", arguments->markdown,
                      "Everything that may stand in a manifest, sections and stages, as Markdown tables.");
    add_allow_external(*command, arguments->allow_external);
    command->footer("Examples:\n"
                    "  platefall stages\n"
                    "  platefall stages comp\n"
                    "  platefall stages exec:./night.py --allow-external");
    command->callback([arguments, &line] {
        line.action = [arguments, &line] {
            print(about_stages(*arguments, line.stages));
            return kGood;
        };
    });
}

}  // namespace platefall::cli
