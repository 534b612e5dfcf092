/// A comparison for people: what is different, where, by how much.
#pragma once

#include "compare/comparison.h"

#include <string>

namespace platefall::compare {

/// One line without the picture's name: "'R' at 412,96 was 0.498, is 0.513; 1203 of 518400 pixels of 'R' differ (0.23 %); ...".
std::string in_a_line(const PictureComparison& comparison);

/// "0.0153", "nan".
std::string in_words(double number);

/// "same", "different", "missing_in_a", "missing_in_b", "unusable"
std::string name_of(Outcome outcome);

}  // namespace platefall::compare
