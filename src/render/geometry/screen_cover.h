/// Where in the picture something may be seen at all.
#pragma once

#include "render/geometry/trace_scene.h"
#include "render/geometry/view.h"

#include <platefall/image.h>

#include <span>
#include <vector>

namespace platefall::render {

/// Tiles of the picture that boxes reach into while the shutter is open. Often too many, never too few: a ray through a pixel
/// that is not covered, or beside it within the filter's two pixels, meets nothing that is in the boxes.
class ScreenCover {
public:
    ScreenCover(const View& view, const Window& window, std::span<const Box3> boxes);

    bool at(int x, int y) const
    {
        return tiles_[static_cast<std::size_t>((y - window_.y0) / kTile_px * across_ + (x - window_.x0) / kTile_px)];
    }

private:
    static constexpr int kTile_px = 8;
    void add(const View& view, const Box3& box);

    Window window_;
    int across_, down_;
    std::vector<char> tiles_;
};

}  // namespace platefall::render
