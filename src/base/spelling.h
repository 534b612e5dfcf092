/// "did you mean".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace platefall {

/// The candidate that is nearest in edit distance (a swap of neighbours counts one), when it is near enough
/// to be a slip of the hand; "" otherwise. Case does not count.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean 'comp'?", or "" when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// "a, b and c".
std::string join_with_and(const std::vector<std::string>& words);

}  // namespace platefall
