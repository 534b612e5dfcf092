/// `platefall init`: a first manifest from a plate on disk.
#include "base/files.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/print.h"
#include "shot/slate.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>

namespace platefall::cli {
namespace {

struct InitArguments {
    std::string plate;
    std::string manifest = "shot.toml";
    bool overwrite = false;
};

int init(const InitArguments& arguments)
{
    const ColourSpaces colours;
    const SequencePath plate = find_plate(arguments.plate);
    if (arguments.manifest == "-") {
        print(slate_for_plate(plate, std::filesystem::current_path(), colours));
        return kGood;
    }
    const std::filesystem::path manifest = std::filesystem::absolute(arguments.manifest);
    std::error_code none;
    if (std::filesystem::exists(manifest, none) && !arguments.overwrite)
        throw Error(fmt::format("'{}' is there already; name another file with --output, or replace it with "
                                "--overwrite",
                                arguments.manifest));
    write_file_atomically(manifest, slate_for_plate(plate, manifest.parent_path(), colours));
    log_last_line(fmt::format("wrote '{}'; next: platefall check {}", arguments.manifest, arguments.manifest));
    return kGood;
}

}  // namespace

void add_init_command(CLI::App& app, CommandLine& line)
{
    auto arguments = std::make_shared<InitArguments>();
    CLI::App* command = app.add_subcommand("init", "Writes a commented manifest for a plate found on disk.");
    command->add_option("plate", arguments->plate,
                        "Any frame of the plate, its pattern (plate.####.exr), or the folder that holds it.")
        ->required()
        ->type_name("PLATE");
    command->add_option("-o,--output", arguments->manifest,
                        "The manifest to write; - for standard output. Default: shot.toml.")
        ->type_name("FILE");
    command->add_flag("--overwrite", arguments->overwrite, "Replaces a manifest that is there already.");
    command->footer("Examples:\n"
                    "  platefall init plate/street.1001.exr\n"
                    "  platefall init plate --output street_0010.toml");
    command->callback([arguments, &line] { line.action = [arguments] { return init(*arguments); }; });
}

}  // namespace platefall::cli
