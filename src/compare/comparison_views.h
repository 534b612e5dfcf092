/// The pictures of one comparison, for a page.
#pragma once

#include "compare/comparison.h"
#include "image/colour.h"
#include "image/display_picture.h"

#include <optional>
#include <string>

namespace platefall::compare {

/// All over the display window of the reference.
struct ComparisonViews {
    std::string shown;                       ///< "RGB", "layer 'debris'", "channel 'depth.Z'"
    DisplayPicture a, b, difference;         ///< difference: |b - a| x 16, in light, as displayed
    std::optional<DisplayPicture> flip;      ///< no map without a colour picture
    std::optional<int> x, y;                 ///< the pixel furthest apart, within the pictures
};

/// Of the layer that a person would see most of, else of the channel with most failing pixels; nullopt where only headers differ.
std::optional<ComparisonViews> comparison_views(const PictureComparison& comparison, const Rules& rules,
                                                const ColourSpaces& colours);

/// From black (0) over violet and orange to pale yellow (1), each lighter than the one before.
DisplayPicture heat_map(const Plane& plane);

}  // namespace platefall::compare
