/// The arguments of every command that is about a shot.
#pragma once

#include "pipeline/plan.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace platefall::cli {

struct ShotArguments {
    std::string manifest;
    std::string frames;
    std::vector<std::string> settings;
    int proxy = 1;
    int threads = 0;        ///< 0: default_threads()
    bool allow_external = false;

    void add_to(CLI::App& command);
    int thread_count() const;
};

/// `--allow-external`.
void add_allow_external(CLI::App& command, bool& allow);

/// Reads the manifest, applies the settings and makes the plan. Faults are collected; throws Error only for a
/// manifest that cannot be read at all.
std::unique_ptr<Plan> make_plan(const ShotArguments& arguments, const StageRegistry& stages, Faults& faults);

/// "3 faults in 'shot.toml'", for the last line.
std::string count_faults(const Faults& faults, const std::string& manifest);

}  // namespace platefall::cli
