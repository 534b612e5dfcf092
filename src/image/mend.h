/// Repairs a picture that arrived with NaN or infinity in it.
#pragma once

#include <platefall/image.h>

#include <string>

namespace platefall {

/// Each sample that is not finite becomes the mean of the finite samples of its channel on the smallest
/// square ring around it that has any; 0 when none has, up to 8 pixels away. Mended samples never mend
/// others, so the order does not matter. Returns what to tell the user; "" when all was well.
std::string mend_samples_that_are_not_finite(Image& image);

}  // namespace platefall
