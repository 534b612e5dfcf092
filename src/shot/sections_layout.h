/// The top level of a manifest, taken apart: its sections, and its stages in order.
#pragma once

#include "shot/shot.h"

#include <map>
#include <string>
#include <vector>

namespace platefall {

struct ManifestLayout {
    std::map<std::string, const ParamTable*> sections;  ///< those of manifest_sections() that are there
    std::vector<StageEntry> stages;  ///< [layer.*] and [matte.*] as written, then [[stage]]
};

/// Unknown tables, missing sections, names that no file or layer could have, and stages without `use` are
/// added to `faults`; what can be made of the rest is returned.
ManifestLayout lay_out(const ParamTable& root, Faults& faults);

/// Letters, digits, and the characters of `others`; at least one of them.
bool is_plain_name(const std::string& name, std::string_view others);

}  // namespace platefall
