/// The manifest's grammar for editors.
#pragma once

#include <platefall/stage.h>

#include <string>

namespace platefall {

/// A JSON Schema (draft 7, which the TOML plug-ins of editors read) of manifests that use these stages, from
/// the same declarations as the manifest's check.
std::string manifest_schema(const StageRegistry& stages);

}  // namespace platefall
