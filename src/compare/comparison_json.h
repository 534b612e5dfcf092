/// A comparison for programs.
#pragma once

#include "compare/comparison.h"

#include <string>

namespace platefall::compare {

/// Everything, as docs/compare.md describes it. What is no finite number is the text "nan", "inf" or "-inf".
std::string comparison_json(const Comparison& comparison);

}  // namespace platefall::compare
