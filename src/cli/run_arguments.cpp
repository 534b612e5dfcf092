#include "cli/run_arguments.h"

#include "base/machine.h"
#include "base/stop.h"
#include "cli/exit_status.h"

#include <CLI/CLI.hpp>

#include <csignal>

namespace platefall::cli {

void RunArguments::add_to(CLI::App& command)
{
    shot.add_to(command);
    command.add_option("--memory", memory,
                       "Memory that may be used, like 4G or 800M; it decides how many frames are in flight. "
                       "Default: CUE_MEMORY, else SLURM_MEM_PER_NODE, else 70 % of what is free.")
        ->type_name("BYTES");
    command.add_option("--progress", progress,
                       "How progress is told on standard output: auto (bar on a terminal, plain otherwise), "
                       "bar, plain, json, openjd, tractor, afanasy or none.")
        ->type_name("DIALECT")
        ->check(CLI::IsMember({"auto", "bar", "plain", "json", "openjd", "tractor", "afanasy", "none"}));
    command.add_flag("--overwrite", overwrite,
                     "Renders frames again that are done, and replaces files that platefall did not write.");
}

RenderOptions RunArguments::options() const
{
    return {.frames = {},
            .threads = shot.thread_count(),
            .memory_bytes = memory.empty() ? default_memory_bytes() : parse_bytes(memory),
            .overwrite = overwrite};
}

int interrupted_status()
{
    return stop_signal() == SIGINT ? kKeyboard : kRequeue;
}

}  // namespace platefall::cli
