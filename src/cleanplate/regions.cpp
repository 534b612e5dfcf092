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

std::vector<Image> shares_of_regions(const Frame& frame, const std::vector<std::string>& regions)
{
    const Window& plate = frame.layer("plate").data_window();
    std::vector<Image> shares(regions.size() + 1, Image(plate, frame.layer("plate").display_window(), {{"A"}}, 1.0f));
    parallel_rows(plate.y0, plate.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* left = shares.back().row(y);   // of the pixel, behind the regions so far
            for (std::size_t i = 0; i < regions.size(); ++i) {
                const Image& matte = frame.layer(regions[i]);
                const Window& known = matte.data_window();
                float* share = shares[i].row(y);
                for (int x = plate.x0; x < plate.x1; ++x) {
                    const float covered = known.contains(x, y) ? std::clamp(*matte.pixel(x, y), 0.0f, 1.0f) : 0.0f;
                    share[x - plate.x0] = left[x - plate.x0] * covered;
                    left[x - plate.x0] *= 1 - covered;
                }
            }
        }
    });
    return shares;
}

Mask hole_within(const Mask& hole, const Image& share)
{
    const Window window = intersect(hole.window(), share.data_window());
    Image own(window, window, {{"A"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            *own.pixel(x, y) = hole.at(x, y) ? *share.pixel(x, y) : 0;
    return mask_above(own, kMatteThreshold);
}

FrameMasks within(const FrameMasks& masks, const Image& share, const Window& limit)
{
    const Window plate = share.data_window(), window = intersect(limit, plate);
    const Window around = intersect(grown(window, static_cast<int>(kEdge_px) + 1), plate);
    Image others(around, share.display_window(), {{"A"}});
    for (int y = around.y0; y < around.y1; ++y)
        for (int x = around.x0; x < around.x1; ++x)
            *others.pixel(x, y) = 1 - *share.pixel(x, y);
    others = grow(others, kEdge_px, plate);
    Mask blocked(window);
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            if (*others.pixel(x, y) > kMatteThreshold || masks.blocked.at(x, y))
                blocked.set(x, y);
    return {.hole = hole_within(masks.hole, share), .blocked = std::move(blocked)};
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
                    if (!(part > 0))
                        continue;
                    const bool made = restored && restored->clean.data_window().contains(x, y);
                    const float* shown = (made ? restored->clean : plate).pixel(x, y);
                    for (std::size_t c = 0; c < 3; ++c)
                        colour[c] += part * shown[c];
                    generated += made ? part * *restored->generated.pixel(x, y) : 0.0f;
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
