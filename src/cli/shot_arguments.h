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

    /// Everything but frames and threads, for a command that a person may type.
    std::string as_typed() const;
};

/// A word as a shell reads it back.
std::string quoted(const std::string& word);

/// `--allow-external`.
void add_allow_external(CLI::App& command, bool& allow);

/// The manifest with the settings applied. Faults are collected; throws Error for a manifest that cannot be read at all.
Manifest read_manifest(const ShotArguments& arguments, Faults& faults);

/// Reads the manifest, applies the settings and makes the plan. Faults are collected; throws Error only for a
/// manifest that cannot be read at all.
std::unique_ptr<Plan> make_plan(const ShotArguments& arguments, const StageRegistry& stages, Faults& faults);

/// "3 faults in 'shot.toml'", for the last line.
std::string count_faults(const Faults& faults, const std::string& manifest);

}  // namespace platefall::cli
