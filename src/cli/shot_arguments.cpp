#include "cli/shot_arguments.h"

#include "base/machine.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace platefall::cli {

void ShotArguments::add_to(CLI::App& command)
{
    command.add_option("manifest", manifest, "The shot's manifest, a TOML file; `platefall init` writes one.")
        ->required()
        ->type_name("SHOT.toml");
    command.add_option("-f,--frames", frames,
                       "Only these frames: ranges (1001-1100), steps (1001-1100x10), commas, and the words "
                       "`missing` (no whole output yet) and `failed` (the last attempt failed). Default: every "
                       "frame of the shot.")
        ->type_name("RANGE");
    command.add_option("-s,--set", settings,
                       "Overrides a value of the manifest: `stage.key=value` for a stage (`comp#2.key` for the "
                       "second one), `plate.path=...` for a table, `matte.NAME.grow=3` for a matte. May be "
                       "given several times.")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command.add_option("--proxy", proxy,
                       "Renders at 1/N of the width and height, into a folder `proxyN` beside the finals. "
                       "Pixel units of the manifest scale along.")
        ->type_name("N")
        ->check(CLI::Range(1, 64));
    command.add_option("--threads", threads,
                       "Threads to use. Default: CUE_THREADS, else SLURM_CPUS_PER_TASK, else all processors.")
        ->type_name("N")
        ->check(CLI::Range(1, 4096));
    add_allow_external(command, allow_external);
}

void add_allow_external(CLI::App& command, bool& allow)
{
    command.add_flag("--allow-external", allow,
                     "Lets the manifest run code that is not part of platefall: stages with use = \"lib:…\", \"exec:…\" and "
                     "\"onnx:…\". Only for manifests whose author you trust; allow_external in the file config.toml "
                     "names what may always run.");
}

int ShotArguments::thread_count() const
{
    return threads > 0 ? threads : default_threads();
}

std::string ShotArguments::as_typed() const
{
    std::string words = quoted(manifest);
    for (const std::string& setting : settings)
        words += " --set " + quoted(setting);
    if (proxy != 1)
        words += fmt::format(" --proxy {}", proxy);
    return words + (allow_external ? " --allow-external" : "");
}

std::string quoted(const std::string& word)
{
    const bool plain = word.find_first_of(" \t\n'\"\\$`&|;<>()[]{}*?!#~") == std::string::npos;
    if (plain && !word.empty())
        return word;
    std::string text = "'";
    for (const char c : word)
        text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

Manifest read_manifest(const ShotArguments& arguments, Faults& faults)
{
    Manifest manifest = platefall::read_manifest(arguments.manifest);
    for (const std::string& setting : arguments.settings)
        apply_setting(manifest, setting, faults);
    return manifest;
}

std::unique_ptr<Plan> make_plan(const ShotArguments& arguments, const StageRegistry& stages, Faults& faults)
{
    return platefall::make_plan(read_manifest(arguments, faults), arguments.proxy, stages, faults,
                                plugin::Trust::from_user(arguments.allow_external));
}

std::string count_faults(const Faults& faults, const std::string& manifest)
{
    const std::size_t count = faults.all().size();
    return fmt::format("{} {} in '{}'", count, count == 1 ? "fault" : "faults", manifest);
}

}  // namespace platefall::cli
