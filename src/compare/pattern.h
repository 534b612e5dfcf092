/// Names as a shell matches them: '*', '?' and '[a-z]'.
#pragma once

#include <fnmatch.h>

#include <algorithm>
#include <string>
#include <vector>

namespace platefall::compare {

/// Case does not count, and '*' matches dots and slashes too.
inline bool matches(const std::string& pattern, const std::string& name)
{
    return ::fnmatch(pattern.c_str(), name.c_str(), FNM_CASEFOLD) == 0;
}

inline bool matches_any(const std::vector<std::string>& patterns, const std::string& name)
{
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) { return matches(pattern, name); });
}

}  // namespace platefall::compare
