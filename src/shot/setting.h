/// What the name of a setting leads to in a manifest: the left side of apply_setting().
#pragma once

#include "shot/manifest.h"

#include <string>

namespace platefall {

/// "table.key", "stage#2.key" or "matte.NAME.key" in form.
bool is_setting_name(const std::string& name);

struct SettingPlace {
    ParamTable* table = nullptr;   ///< nullptr: there is none, and a fault says so
    std::string key;
    ParamEntry* entry = nullptr;   ///< nullptr: the table has no such key
};

/// `name` has the form of one. A section that the manifest leaves out is added, with line 0 as its origin.
SettingPlace find_setting(ParamTable& root, const std::string& name, const Origin& origin, Faults& faults);

/// As TOML; as a string where that fails, and where a string is wanted.
ParamValue parse_setting_value(const std::string& text, bool wants_string, const Origin& origin);

}  // namespace platefall
