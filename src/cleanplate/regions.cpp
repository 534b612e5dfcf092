#include "cleanplate/regions.h"

#include "base/parallel.h"
#include "cleanplate/motion/view_map.h"
#include "image/filter.h"
#include "image/windows.h"

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr double kEdge_px = 1;             // beside a region's edge: what may still show its neighbour
constexpr std::size_t kFewestSupports = 8;

}  // namespace

Image share_of_region(const Frame& frame, const std::vector<std::string>& regions, std::size_t number)
{
    const Window& plate = frame.layer("plate").data_window();
    Image share(plate, frame.layer("plate").display_window(), {{"A"}}, 1.0f);
    for (std::size_t i = 0; i <= std::min(number, regions.size() - 1); ++i) {
        const Image& matte = frame.layer(regions[i]);
        for (int y = plate.y0; y < plate.y1; ++y)
            for (int x = plate.x0; x < plate.x1; ++x) {
                const float covered
                    = matte.data_window().contains(x, y) ? std::clamp(*matte.pixel(x, y), 0.0f, 1.0f) : 0.0f;
                *share.pixel(x, y) *= i == number ? covered : 1 - covered;
            }
    }
    return share;
}

Mask hole_within(const Mask& hole, const Image& share)
{
    Mask own(hole.window());
    bool any = false;
    for (int y = hole.window().y0; y < hole.window().y1; ++y)
        for (int x = hole.window().x0; x < hole.window().x1; ++x)
            if (hole.at(x, y) && share.data_window().contains(x, y) && *share.pixel(x, y) > kMatteThreshold) {
                own.set(x, y);
                any = true;
            }
    return any ? own : Mask{};
}

FrameMasks within(const FrameMasks& masks, const Image& share)
{
    const Window& plate = share.data_window();
    Image others(plate, share.display_window(), {{"A"}});
    for (std::size_t i = 0; i < share.sample_count(); ++i)
        others.data()[i] = 1 - share.data()[i];
    return {.hole = hole_within(masks.hole, share),
            .blocked = unite(masks.blocked, mask_above(grow(others, kEdge_px, plate), kMatteThreshold))};
}

Take seen_within(const Take& take, const std::vector<FrameMasks>& masks)
{
    Take own = take;
    std::erase_if(own.supports, [&](const Take::Support& support) {
        const ViewMap::Hit hit = view_map(take, support.seen_in, take.base)(support.base_point, support.depth);
        return masks[support.seen_in].blocked.at(static_cast<int>(std::floor(hit.at[0])),
                                                 static_cast<int>(std::floor(hit.at[1])));
    });
    if (own.supports.size() < kFewestSupports)
        own.supports = take.supports;
    return own;
}

Restored join(const Image& plate, std::span<const RestoredRegion> regions)
{
    Restored joined{.clean = plate,
                    .generated = Image(plate.data_window(), plate.display_window(), {{"generated"}})};
    const Window& window = plate.data_window();
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = window.x0; x < window.x1; ++x) {
                std::array<float, 3> colour{};
                float generated = 0, shares = 0;
                for (const auto& [restored, share] : regions) {
                    const float part = *share.pixel(x, y);
                    const float* shown = (restored ? restored->clean : plate).pixel(x, y);
                    for (std::size_t c = 0; c < 3 && part > 0; ++c)
                        colour[c] += part * shown[c];
                    generated += restored ? part * *restored->generated.pixel(x, y) : 0.0f;
                    shares += part;
                }
                if (!(generated > 0))
                    continue;
                for (std::size_t c = 0; c < 3; ++c)
                    joined.clean.pixel(x, y)[c] = colour[c] / shares;
                *joined.generated.pixel(x, y) = generated / shares;
            }
    });
    for (const RestoredRegion& region : regions)
        joined.missed += region.restored ? region.restored->missed : 0;
    return joined;
}

}  // namespace platefall::cleanplate
