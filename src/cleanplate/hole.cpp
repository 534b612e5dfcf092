#include "cleanplate/hole.h"

#include "base/parallel.h"
#include "image/filter.h"
#include "image/windows.h"

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

/// The part of a matte where it is anything at all: what follows costs as much as that, not as the frame.
Mask grown_matte(const Image& matte, double radius_px, const Window& plate)
{
    const Window bounds = intersect(bounds_above(matte, kMatteThreshold), plate);
    if (bounds.empty())
        return {};
    return mask_above(grow(with_data_window(matte, bounds), radius_px, plate), kMatteThreshold);
}

Mask grown_mask(const Mask& mask, double radius_px, const Window& plate)
{
    return mask.empty() ? mask : mask_above(grow(picture_of(mask, plate), radius_px, plate), 0.5f);
}

/// What `from` says where `within` does, moved.
void add_moved(Mask& to, const Mask& within, const Mask& from, const ViewMap& from_to)
{
    const Window& window = to.window();
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            const Vec2 centre{x + 0.5, y + 0.5};
            if (to.at(x, y) || !within.at(x, y))
                continue;
            const ViewMap::Hit hit = from_to(centre, 0.0);
            if (hit.in_front
                && from.at(static_cast<int>(std::floor(hit.at[0])), static_cast<int>(std::floor(hit.at[1]))))
                to.set(x, y);
        }
}

}  // namespace

FrameMasks masks_of(const Frame& frame, const HoleSettings& settings)
{
    const Window& plate = frame.layer("plate").data_window();
    FrameMasks masks;
    masks.hole = grown_matte(frame.layer(settings.matte), settings.grow_px, plate);
    masks.blocked = masks.hole;
    for (const std::string& layer : settings.foreground)
        masks.blocked = unite(masks.blocked, grown_matte(frame.layer(layer), settings.grow_px, plate));
    return masks;
}

void unite_over_time(std::vector<FrameMasks>& masks, const Take& take, const HoleSettings& settings,
                     const Window& plate)
{
    const int count = static_cast<int>(masks.size());
    std::vector<Mask> united(masks.size());
    parallel_each(count, [&](int i) {
        const auto own = static_cast<std::size_t>(i);
        const Mask reach = grown_mask(masks[own].hole, settings.grow_px, plate);
        united[own] = Mask(reach.window());
        for (int j = std::max(i - settings.unite_frames, 0); j <= std::min(i + settings.unite_frames, count - 1); ++j) {
            const auto other = static_cast<std::size_t>(j);
            add_moved(united[own], reach, masks[other].hole, view_map(take, other, own));
        }
    });
    for (std::size_t i = 0; i < masks.size(); ++i) {
        masks[i].blocked = unite(masks[i].blocked, united[i]);
        masks[i].hole = std::move(united[i]);
    }
}

}  // namespace platefall::cleanplate
