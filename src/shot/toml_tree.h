/// TOML text as a tree of parameters, every key and value with its place.
#pragma once

#include <platefall/params.h>

#include <string>

namespace platefall {

/// Tables keep the order in which their keys are written. A byte order mark and CR LF are fine. Throws Error
/// for what is not TOML, and for dates and times, all of them at once. `file` is for messages.
ParamTable parse_toml(const std::string& text, const std::string& file);

}  // namespace platefall
