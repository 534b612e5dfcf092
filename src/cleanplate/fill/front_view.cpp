#include "cleanplate/fill/front_view.h"

#include "base/parallel.h"
#include "cleanplate/fill/patch_difference.h"
#include "cleanplate/fill/patch_match.h"

#include <utility>

namespace platefall::cleanplate {
namespace {

constexpr float kMostEnlarged = 2.0f;
constexpr float kLeastShare = 0.3f;

}  // namespace

Level seen_from_the_front(const Level& level, std::size_t index)
{
    if (index == 0)
        return level;
    const Plane& plane = level.perspective[index];
    Raster<Feature> features(level.width, level.height, kPatchRadius, Feature{});
    Raster<Kind> kinds(level.width, level.height, kPatchRadius, Kind::ignored);
    parallel_rows(0, level.height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < level.width; ++x) {
                const Place flat = place_of({x - level.width / 2, y - level.height / 2});
                const Place at = plane.moved({plane.x0, plane.y0}, flat);
                const float near = plane.nearness(at);
                const auto [u, v] = nearest_pixel(at);
                if (!(near > 1 / kMostEnlarged && near < kMostEnlarged) || !level.kinds.contains(u, v)
                    || level.perspective.share(index, u, v) < kLeastShare)
                    continue;
                if (level.kinds(u, v) == Kind::hole)
                    kinds(x, y) = Kind::hole;
                else if (level.room(u, v) >= 2) {
                    kinds(x, y) = Kind::source;
                    features(x, y) = feature_between(level.features, FixedPlace(at));
                }
            }
    });
    return make_level(std::move(features), std::move(kinds));
}

}  // namespace platefall::cleanplate
