/// The commands: each adds itself to the command line, and says what is to be done once it was chosen.
#pragma once

#include <platefall/stage.h>

#include <functional>
#include <memory>

namespace CLI {
class App;
}

namespace platefall::cli {

/// What commands share. A command's callback sets `action`; it runs once the whole line was understood, and
/// returns the exit status.
struct CommandLine {
    StageRegistry stages;
    std::function<int()> action;
};

void add_render_command(CLI::App& app, CommandLine& line);
void add_wedge_command(CLI::App& app, CommandLine& line);
void add_report_command(CLI::App& app, CommandLine& line);
void add_check_command(CLI::App& app, CommandLine& line);
void add_stages_command(CLI::App& app, CommandLine& line);
void add_schema_command(CLI::App& app, CommandLine& line);
void add_compare_command(CLI::App& app, CommandLine& line);
void add_init_command(CLI::App& app, CommandLine& line);
void add_completion_command(CLI::App& app, CommandLine& line);
void add_manual_command(CLI::App& app, CommandLine& line);
void add_stage_host_command(CLI::App& app, CommandLine& line);   ///< for our own use; not in the help

/// The whole command line.
std::unique_ptr<CLI::App> make_command_line(CommandLine& line);

}  // namespace platefall::cli
