#include "cleanplate/grain/take_grain.h"

#include "cleanplate/motion/view_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace platefall::cleanplate {
namespace {

constexpr int kFramesAway = 3;
constexpr double kClearlyNearer = 0.05;   // pixels

/// How far from a whole number of pixels.
double off_grid(const Vec2& move)
{
    return std::hypot(move[0] - std::round(move[0]), move[1] - std::round(move[1]));
}

}  // namespace

std::optional<std::size_t> frame_to_compare(const Take& take, std::size_t index, const Window& plate)
{
    if (take.is_lost(index))
        return std::nullopt;
    const Vec2 middle{(plate.x0 + plate.x1) / 2.0, (plate.y0 + plate.y1) / 2.0};
    const double depth = nearest_depth(take, index)(middle);
    const int count = static_cast<int>(take.frames.size()), own = static_cast<int>(index);
    std::optional<std::size_t> best;
    double least = 1;
    for (int away = 1; away <= kFramesAway; ++away)
        for (const int other : {own + away, own - away}) {
            if (other < 0 || other >= count || take.is_lost(static_cast<std::size_t>(other)))
                continue;
            const auto [at, in_front] = view_map(take, static_cast<std::size_t>(other), index)(middle, depth);
            const double off = off_grid({at[0] - middle[0], at[1] - middle[1]});
            if (in_front && off < least - (best ? kClearlyNearer : 0.0)) {
                least = off;
                best = static_cast<std::size_t>(other);
            }
        }
    return best;
}

std::function<double(const Vec2&)> nearest_depth(const Take& take, std::size_t index)
{
    struct Place {
        Vec2 at;
        double depth;
    };
    std::vector<Place> places;
    const bool is_flat = std::ranges::all_of(take.parallax, [](const Vec3& parallax) { return parallax == Vec3{0, 0, 0}; });
    const ViewMap map = view_map(take, index, take.base);
    for (const Take::Support& support : take.supports)
        if (const auto [at, in_front] = map(support.base_point, support.depth); in_front && !is_flat)
            places.push_back({at, depth_in(take, index, support.base_point, support.depth)});
    return [places = std::move(places)](const Vec2& pixel) {
        double nearest = std::numeric_limits<double>::max(), depth = 0;
        for (const Place& place : places)
            if (const double apart = std::hypot(place.at[0] - pixel[0], place.at[1] - pixel[1]); apart < nearest) {
                nearest = apart;
                depth = place.depth;
            }
        return depth;
    };
}

}  // namespace platefall::cleanplate
