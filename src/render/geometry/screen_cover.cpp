#include "render/geometry/screen_cover.h"

#include <algorithm>
#include <cmath>

namespace platefall::render {
namespace {

constexpr float kBeside_px = 3;       // the filter's reach, and what a camera's way bends while the shutter is open

V3 corner_of(const Box3& box, int number)
{
    return {number & 1 ? box.high.x : box.low.x, number & 2 ? box.high.y : box.low.y, number & 4 ? box.high.z : box.low.z};
}

}  // namespace

ScreenCover::ScreenCover(const View& view, const Window& window, std::span<const Box3> boxes)
    : window_(window), across_((window.width() + kTile_px - 1) / kTile_px), down_((window.height() + kTile_px - 1) / kTile_px),
      tiles_(static_cast<std::size_t>(across_) * static_cast<std::size_t>(down_), 0)
{
    for (const Box3& box : boxes)
        add(view, box);
}

void ScreenCover::add(const View& view, const Box3& box)
{
    V2 low(1e9f), high(-1e9f);
    bool behind = false, before = false;
    for (const float time : {0.0f, 1.0f})
        for (int number = 0; number < 8; ++number) {
            const auto at = view.pixel(corner_of(box, number), time);
            behind = behind || !at;
            before = before || at;
            if (at) {
                low = {std::min(low.x, at->x), std::min(low.y, at->y)};
                high = {std::max(high.x, at->x), std::max(high.y, at->y)};
            }
        }
    if (!before)
        return;
    if (behind)                       // the camera is in it
        low = V2(-1e9f), high = V2(1e9f);
    const auto tile = [](float at, int from, int count) {
        return static_cast<int>(std::clamp(std::floor((at - static_cast<float>(from)) / kTile_px), -1.0f, static_cast<float>(count)));
    };
    const int x0 = std::max(0, tile(low.x - kBeside_px, window_.x0, across_)),
              x1 = std::min(across_ - 1, tile(high.x + kBeside_px, window_.x0, across_)),
              y0 = std::max(0, tile(low.y - kBeside_px, window_.y0, down_)),
              y1 = std::min(down_ - 1, tile(high.y + kBeside_px, window_.y0, down_));
    for (int y = y0; y <= y1 && x0 <= x1; ++y)
        std::fill_n(tiles_.begin() + y * across_ + x0, x1 - x0 + 1, 1);
}

}  // namespace platefall::render
