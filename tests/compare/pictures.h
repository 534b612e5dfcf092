/// Small pictures on disk to compare.
#pragma once

#include "image/write.h"
#include "support/temp_folder.h"

#include <filesystem>
#include <string>
#include <vector>

namespace platefall::test {

inline const Window kWindow{0, 0, 40, 30};

/// Smooth, of light from 0 to 4.
inline Image smooth_picture(const std::vector<Channel>& channels = {{"R"}, {"G"}, {"B"}, {"A"}}, const Window& window = kWindow)
{
    Image image(window, window, channels);
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            for (int c = 0; c < image.channel_count(); ++c)
                image.pixel(x, y)[c] = static_cast<float>((x + 1) * (y + 2) * (c + 1) % 997) / 250.0f;
    return image;
}

/// A folder with `a` and `b`.
struct TwoFolders {
    TempFolder folder;
    std::filesystem::path a = folder / "a", b = folder / "b";
};

}  // namespace platefall::test
