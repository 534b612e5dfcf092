/// What two headers say.
#pragma once

#include "compare/rules.h"

#include <platefall/attributes.h>

#include <string>
#include <vector>

namespace platefall::compare {

/// A sentence for each attribute that is not the same and not ignored: "metadata 'owner' was \"jo\", is \"al\"".
std::vector<std::string> metadata_differences(const Attributes& a, const Attributes& b, const Rules& rules);

}  // namespace platefall::compare
