/// What is new becomes the reference.
#pragma once

#include "compare/comparison.h"

namespace platefall::compare {

struct Rebaselined {
    int replaced = 0, added = 0;
    int left = 0;   ///< references that nothing new stands for; they stay
};

/// Copies the new file over its reference wherever the two are not the same, or the reference is missing or cannot be read.
/// Throws Error, before anything is changed, when a new file cannot be read or is of another format.
Rebaselined rebaseline(const Comparison& comparison);

}  // namespace platefall::compare
