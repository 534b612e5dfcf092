/// The arguments of every command that renders frames.
#pragma once

#include "cli/shot_arguments.h"
#include "pipeline/render_shot.h"

#include <string>

namespace platefall::cli {

struct RunArguments {
    ShotArguments shot;
    std::string memory;
    std::string progress = "auto";
    bool overwrite = false;

    void add_to(CLI::App& command);
    RenderOptions options() const;   ///< of no frames yet
};

/// After a stop signal.
int interrupted_status();

}  // namespace platefall::cli
