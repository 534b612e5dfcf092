#include "cleanplate/fill/patch_level.h"

#include "base/parallel.h"
#include "cleanplate/fill/chessboard_distance.h"

#include <algorithm>
#include <utility>

namespace platefall::cleanplate {
namespace {

/// Counts of the cells around each cell, kPatchSide x kPatchSide, for which `counts` is true.
template <class Test>
Raster<std::uint8_t> count_in_patches(const Raster<Kind>& kinds, Test counts)
{
    const int w = kinds.width(), h = kinds.height(), r = kPatchRadius;
    Raster<std::uint8_t> across(w, h, r, 0), both(w, h, 0, 0);
    parallel_rows(-r, h + r, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            int sum = 0;
            for (int x = -r; x < r; ++x)
                sum += counts(kinds(x, y));
            for (int x = 0; x < w; ++x) {
                sum += counts(kinds(x + r, y));
                across(x, y) = static_cast<std::uint8_t>(sum);
                sum -= counts(kinds(x - r, y));
            }
        }
    });
    parallel_rows(0, h, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < w; ++x) {
                int sum = 0;
                for (int dy = -r; dy <= r; ++dy)
                    sum += across(x, y + dy);
                both(x, y) = static_cast<std::uint8_t>(sum);
            }
    });
    return both;
}

void find_sources(Level& level)
{
    const auto known = count_in_patches(level.kinds, [](Kind kind) { return kind == Kind::source; });
    level.is_source = Raster<std::uint8_t>(level.width, level.height, 0, 0);
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x)
            if (known(x, y) == kPatchArea) {
                level.is_source(x, y) = 1;
                level.sources.push_back({x, y});
            }
}

void find_targets(Level& level)
{
    const auto missing = count_in_patches(level.kinds, [](Kind kind) { return kind == Kind::hole; });
    const auto ignored = count_in_patches(level.kinds, [](Kind kind) { return kind == Kind::ignored; });
    level.target_at = Raster<std::int32_t>(level.width, level.height, 0, -1);
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x) {
            if (level.kinds(x, y) == Kind::hole)
                level.hole.push_back({x, y});
            if (missing(x, y) == 0 || level.kinds(x, y) == Kind::ignored)
                continue;
            level.target_at(x, y) = static_cast<std::int32_t>(level.targets.size());
            level.targets.push_back({x, y});
            level.is_whole.push_back(ignored(x, y) == 0);
        }
}

}  // namespace

Level make_level(Raster<Feature> features, Raster<Kind> kinds)
{
    Level level;
    level.width = kinds.width();
    level.height = kinds.height();
    level.features = std::move(features);
    level.kinds = std::move(kinds);
    level.depth = chessboard_distance(level.width, level.height, level.width + level.height,
                                      [&](int x, int y) { return level.kinds(x, y) == Kind::source; });
    find_sources(level);
    find_targets(level);
    return level;
}

void set_perspective(Level& level, Perspective perspective)
{
    level.perspective = std::move(perspective);
    if (level.perspective.count() == 1)
        return;
    const auto steps = chessboard_distance(level.width, level.height, kMostRoom,
                                           [&](int x, int y) { return level.kinds(x, y) != Kind::source; });
    level.room = Raster<std::uint8_t>(level.width, level.height, 0, 0);
    for (int y = 0; y < level.height; ++y)
        for (int x = 0; x < level.width; ++x) {
            const int to_edge = 1 + std::min({x, y, level.width - 1 - x, level.height - 1 - y});
            level.room(x, y) = static_cast<std::uint8_t>(std::min(steps(x, y), to_edge));
        }
}

}  // namespace platefall::cleanplate
