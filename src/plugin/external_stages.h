/// Stages that the manifest names by where their code is: `use = "lib:…"`, `"exec:…"`.
#pragma once

#include "plugin/trust.h"

#include <platefall/stage.h>

#include <filesystem>
#include <memory>
#include <string>

namespace platefall::plugin {

/// Finds, is allowed to, and starts what `use` names, and asks it what it is. `table` is the stage as the manifest has it:
/// its `arguments` and `time_limit` are needed before the rest can be checked. The stage lives as long as the type. Throws
/// Error without a place in the manifest: not found, not allowed, cannot be started, says something else than it should.
std::unique_ptr<StageType> external_stage(const std::string& use, const ParamTable& table,
                                          const std::filesystem::path& manifest_folder, const Trust& trust);

/// Throws Error when a text somewhere in the table names code or a model that is not trusted: a stage may have a model as
/// part of its work.
void check_trust(const ParamTable& table, const std::filesystem::path& manifest_folder, const Trust& trust);

}  // namespace platefall::plugin
