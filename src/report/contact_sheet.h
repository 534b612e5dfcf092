/// Small pictures beside each other, each with words under it.
#pragma once

#include "image/display_picture.h"

#include <string>
#include <vector>

namespace platefall {

struct SheetCell {
    DisplayPicture picture;
    std::vector<std::string> lines;   ///< under the picture; ASCII, what does not fit is cut with "..."
};

struct SheetLayout {
    std::string title{};     ///< above everything; "" for none
    int columns = 0;         ///< 0: as many as make the sheet about as wide as a screen
    int cell_width_px = 480; ///< pictures are made this wide, never wider than they are
    std::vector<std::string> row_titles{};   ///< words above each row, as long as the sheet is wide; none: no room for them
};

/// Cells from left to right, then down. Throws Error without cells.
DisplayPicture contact_sheet(const std::vector<SheetCell>& cells, const SheetLayout& layout);

/// White words on a dark strip in a corner of the picture: the burn-in of a movie. `line` counts strips from that corner.
enum class Corner { top_left, top_right, bottom_left, bottom_right };
void burn_in(DisplayPicture& picture, const std::string& words, Corner corner, int line = 0);

}  // namespace platefall
