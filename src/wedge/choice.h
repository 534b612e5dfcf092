/// What a wedge is chosen from: a contact sheet, and a page for a browser.
#pragma once

#include "wedge/wedge.h"

#include <string>
#include <vector>

namespace platefall::wedge {

/// A wedge as it is shown.
struct Choice {
    std::string title;           ///< "street_0010 v012 wedge, frames 1001-1061x12, proxy 4"
    std::string command;         ///< that picks a variant, less its number
    std::vector<int> frames;     ///< those of the stills
    std::vector<Shown> variants;
};

/// The most frames that are shown of a variant.
constexpr std::size_t kMostFrames = 12;

/// A row a variant and a column a frame; of one frame, variants beside each other.
DisplayPicture contact_sheet_of(const Choice& choice);

/// One self-contained file.
std::string page_of(const Choice& choice);

}  // namespace platefall::wedge
