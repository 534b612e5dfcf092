/// `platefall stage-host`: the process that a plug-in runs in. Started by platefall, not by people.
#include "cli/commands.h"
#include "plugin/library_host.h"

#include <CLI/CLI.hpp>

namespace platefall::cli {

void add_stage_host_command(CLI::App& app, CommandLine& line)
{
    auto library = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand(plugin::kLibraryHostCommand, "Runs a plug-in for platefall.");
    command->group("");   // hides it
    command->add_option("library", *library)->required();
    command->callback([library, &line] {
        line.action = [library] { return plugin::run_library_host(*library); };
    });
}

}  // namespace platefall::cli
