/// TOML text as a tree of parameters, every key and value with its place.
#pragma once

#include <platefall/params.h>

#include <cstddef>
#include <string>

namespace platefall {

/// Tables keep the order in which their keys are written. A byte order mark and CR LF are fine. Throws Error
/// for what is not TOML, and for dates and times, all of them at once. `file` is for messages.
ParamTable parse_toml(const std::string& text, const std::string& file);

/// TOML's basic string: in double quotes.
std::string toml_string(const std::string& text);

/// Bytes of a text, the last one exclusive.
struct TextSpan {
    std::size_t begin = 0, end = 0;
};

/// Where the value of that origin, which parse_toml() gave it, stands in the same text.
TextSpan value_span(const std::string& text, const Origin& value);

/// The byte at an origin's line and column.
std::size_t offset_of(const std::string& text, const Origin& origin);

}  // namespace platefall
