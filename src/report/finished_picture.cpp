#include "report/finished_picture.h"

#include "image/read.h"
#include "image/windows.h"

#include <algorithm>
#include <utility>

namespace platefall {

DisplayPicture shown_picture(Image image, const ColourSpaces& colours, const std::string& colorspace, int width_px)
{
    // Made smaller before it is made ready for the display, which takes most of the time.
    image = shrink(std::move(image), std::max(1, image.display_window().width() / width_px));
    const Image display = colours.for_display(image, colorspace);
    return shrunk(display_picture(display, display.display_window()), width_px);
}

DisplayPicture finished_picture(const Shot& shot, int frame, int width_px)
{
    return shown_picture(read_image(shot.output.path.at(frame)).image, *shot.colours, shot.output.colorspace, width_px);
}

}  // namespace platefall
