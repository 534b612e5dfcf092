/// Fills a hole with large pieces of the picture, moved by the distances at which it repeats (He and Sun
/// 2012).
#pragma once

#include "cleanplate/fill/patch_match.h"

#include <vector>

namespace platefall::cleanplate {

/// Takes what the field says so far as a guess, and puts it together anew from a few offsets: those that are
/// most common between similar known patches (`repetitions`), and those that the field uses most, also along planes in
/// perspective. Graph cuts
/// choose among them, so that neither the seams between pieces nor those to the known part show. Sets the
/// features of the hole, and the field where pieces have whole patches; that a building stands straight is
/// decided here.
void piece_together(const std::vector<Shift>& repetitions, Level& level, Field& field);

}  // namespace platefall::cleanplate
