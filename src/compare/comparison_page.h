/// A comparison to look at: reference and new picture, their difference, what a person would see of it.
#pragma once

#include "compare/comparison.h"
#include "image/colour.h"

#include <string>

namespace platefall::compare {

/// A self-contained page; the worst `most_pictures` are shown, the others only told. Reads their files once more.
std::string comparison_page(const Comparison& comparison, const ColourSpaces& colours, int most_pictures);

}  // namespace platefall::compare
