/// What people read about stages: `platefall stages` and the tables of docs/manifest.md.
#pragma once

#include "shot/shot.h"

#include <platefall/stage.h>

#include <string>
#include <vector>

namespace platefall {

/// Every stage with its sentence, one a line.
std::string stage_listing(const StageRegistry& stages);

/// One stage with all its parameters: name, type, unit, default, range and sentence; the fields of tables
/// stand indented below their parameter. Throws Error (with "did you mean") when there is no such stage.
std::string stage_details(const StageRegistry& stages, const std::string& name);

/// The same as Markdown: a heading and a table for each stage.
std::string stage_reference_markdown(const StageRegistry& stages);

/// A heading and a table for each section, of a manifest or of another file with such a grammar.
std::string section_reference_markdown(const std::vector<ManifestSection>& sections = manifest_sections());

}  // namespace platefall
