/// `platefall schema`: the manifest's grammar for editors.
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/print.h"
#include "stage/manifest_schema.h"

#include <CLI/CLI.hpp>

namespace platefall::cli {

void add_schema_command(CLI::App& app, CommandLine& line)
{
    CLI::App* command =
        app.add_subcommand("schema", "Prints a JSON schema, for editors that complete and check.");
    command->footer("Put the result beside the manifest and name it in the manifest's first line:\n"
                    "  #:schema platefall.schema.json\n"
                    "\n"
                    "Examples:\n"
                    "  platefall schema > platefall.schema.json");
    command->callback([&line] {
        line.action = [&line] {
            print(manifest_schema(line.stages) + "\n");
            return kGood;
        };
    });
}

}  // namespace platefall::cli
