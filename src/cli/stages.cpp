/// `platefall stages`: what may stand in a manifest.
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "stage/stage_listing.h"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace platefall::cli {

void add_stages_command(CLI::App& app, CommandLine& line)
{
    auto name = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("stages", "Lists the stages, or explains one with its parameters.");
    command->add_option("stage", *name, "The stage to explain.")->type_name("NAME");
    command->footer("Examples:\n"
                    "  platefall stages\n"
                    "  platefall stages comp");
    command->callback([name, &line] {
        line.action = [name, &line] {
            std::fputs((name->empty() ? list_stages(line.stages) : explain_stage(line.stages, *name)).c_str(),
                       stdout);
            return kGood;
        };
    });
}

}  // namespace platefall::cli
