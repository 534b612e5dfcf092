/// Frames as people see them.
#pragma once

#include "image/display_picture.h"
#include "shot/shot.h"

#include <string>

namespace platefall {

/// The display window of an image through the display view, at most `width_px` wide.
DisplayPicture shown_picture(Image image, const ColourSpaces& colours, const std::string& colorspace, int width_px);

/// The same of a finished frame on disk. Throws Error when it cannot be read.
DisplayPicture finished_picture(const Shot& shot, int frame, int width_px);

}  // namespace platefall
