/// Stages that the manifest names by where their code is: `use = "lib:…"`, `"exec:…"`, `"onnx:…"`.
#pragma once

#include "plugin/trust.h"

#include <platefall/stage.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace platefall::plugin {

/// Finds, is allowed to, and starts what `use` names, and asks it what it is. `table` is the stage as the manifest has it:
/// its `arguments` and `time_limit` are needed before the rest can be checked. The stage lives as long as the type. Throws
/// Error without a place in the manifest: not found, not allowed, cannot be started, says something else than it should.
std::unique_ptr<StageType> external_stage(const std::string& use, const ParamTable& table,
                                          const std::filesystem::path& manifest_folder, const Trust& trust);

/// Code or a model that a parameter names, in whatever stage.
struct ExternalPart {
    std::string name;          ///< as it is written, "onnx:fill.onnx"
    std::string fingerprint;   ///< of its content
};

/// Every one in the table: a stage may have a model as a part of its work. Throws Error when one is not there or not trusted.
std::vector<ExternalPart> external_parts(const ParamTable& table, const std::filesystem::path& manifest_folder,
                                         const Trust& trust);

}  // namespace platefall::plugin
