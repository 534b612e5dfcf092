/// A parameter's declaration in words, the same in `platefall stages` and in the documentation.
#pragma once

#include <platefall/params.h>

#include <string>

namespace platefall {

/// "number", "2 numbers", "list of strings", "half or float".
std::string type_in_words(const ParamSpec& spec);

/// "0 to 1", "at least 0", "at most 10"; "" when any value will do.
std::string range_in_words(const ParamSpec& spec);

/// As the manifest would have it: "24", "\"zip\"", "[36, 20.25]"; "" when there is none.
std::string default_in_words(const ParamSpec& spec);

}  // namespace platefall
