/// What the matched patches say together of the pixels they cover (Wexler et al. 2007).
#pragma once

#include "cleanplate/fill/patch_match.h"

namespace platefall::cleanplate {

/// How the votes for a pixel become its next guess.
enum class Ballot {
    mean,   ///< weighted by how well the patches match: settles what goes where
    winner  ///< the one source with the most weight behind it: sharp
};

/// Sets the features of the hole.
void vote(const Field& field, Ballot ballot, Level& level);

/// How the winning source is found from each of Level::hole.
std::vector<Shift> winners(const Level& level, const Field& field);

}  // namespace platefall::cleanplate
