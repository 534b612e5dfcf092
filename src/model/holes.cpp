#include "model/holes.h"

#include "image/windows.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace platefall::model {
namespace {

constexpr int kLeastReach_px = 32;

}  // namespace

Window with_surroundings(const Window& box, double reach)
{
    const int dx = std::max(kLeastReach_px, static_cast<int>(std::ceil(box.width() * reach)));
    const int dy = std::max(kLeastReach_px, static_cast<int>(std::ceil(box.height() * reach)));
    return {box.x0 - dx, box.y0 - dy, box.x1 + dx, box.y1 + dy};
}

std::vector<Window> boxes_around_holes(const Image& matte, double reach)
{
    std::vector<Window> boxes;   // no two of them meet
    const auto add = [&](Window box) {
        const auto meets = [&](const Window& other) {
            return !intersect(with_surroundings(other, reach), with_surroundings(box, reach)).empty();
        };
        for (auto other = std::ranges::find_if(boxes, meets); other != boxes.end(); other = std::ranges::find_if(boxes, meets)) {
            box = unite(box, *other);
            boxes.erase(other);
        }
        boxes.push_back(box);
    };
    const Window& window = matte.data_window();
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            const int start = x;
            while (x < window.x1 && *matte.pixel(x, y) > 0)
                ++x;
            if (x > start)
                add({start, y, x, y + 1});
        }
    std::ranges::sort(boxes, {}, [](const Window& box) { return std::tuple(box.y0, box.x0); });
    return boxes;
}

}  // namespace platefall::model
