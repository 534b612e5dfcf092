/// `platefall completion` and `platefall manual`: what the packages install beside the program.
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/help.h"
#include "cli/print.h"

#include <CLI/CLI.hpp>

namespace platefall::cli {

void add_completion_command(CLI::App& app, CommandLine& line)
{
    auto shell = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("completion", "Prints the completion script of a shell.");
    command->group("");
    command->add_option("shell", *shell, "bash or zsh.")
        ->required()
        ->type_name("SHELL")
        ->check(CLI::IsMember({"bash", "zsh"}));
    command->callback([shell, &app, &line] {
        line.action = [shell, &app] {
            print(*shell == "bash" ? bash_completion(app) : zsh_completion(app));
            return kGood;
        };
    });
}

void add_manual_command(CLI::App& app, CommandLine& line)
{
    CLI::App* command = app.add_subcommand("manual", "Prints the man page.");
    command->group("");
    command->callback([&app, &line] {
        line.action = [&app] {
            print(manual_page(app));
            return kGood;
        };
    });
}

}  // namespace platefall::cli
