/// The channels and layers of a file, wherever in its parts they lie.
#pragma once

#include "compare/rules.h"
#include "image/colour.h"
#include "image/read.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace platefall::compare {

using Parts = std::vector<ImagePart>;

struct FullChannel {
    std::string name;      ///< "depth.Z", whether it lies in a part "depth" or among others
    std::size_t part = 0;
    int index = 0;         ///< within the part's image
    bool is_id = false;    ///< unsigned integers, the ids of a Cryptomatte, and channels that are called id
};

/// In file order.
std::vector<FullChannel> full_channels(const Parts& parts);

/// nullptr when there is none.
const FullChannel* find_channel(const std::vector<FullChannel>& channels, const std::string& name);

/// The names of a layer's R G B, or three times that of its Y; nullopt when it has no picture.
std::optional<std::array<std::string, 3>> picture_channels(const std::vector<FullChannel>& channels, const std::string& layer);

/// Three channels as R G B within a window, black outside the data. What is not finite becomes 0.
Image rgb_picture(const Parts& parts, const std::array<std::string, 3>& names, const Window& window);

/// FLIP of such a picture, over the display window of `a`: hdr_flip, or flip where both files are for a display.
Plane flip_map(const Parts& a, const Parts& b, const std::array<std::string, 3>& names, const Rules& rules,
               const ColourSpaces& colours);

}  // namespace platefall::compare
