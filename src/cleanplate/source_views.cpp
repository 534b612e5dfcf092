#include "cleanplate/source_views.h"

#include "base/parallel.h"
#include "cleanplate/log_encoding.h"
#include "image/sample.h"
#include "image/windows.h"

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr std::size_t kMostSources = 32;
constexpr float kNotSeen = 1000.0f;   // frames; dearer than any distance in a shot that is worth copying over

int floor_of(double value)
{
    return static_cast<int>(std::floor(value));
}

/// Whether a place may be copied: well inside the plate and away from what hides it.
bool is_seen(const ViewMap::Hit& hit, const Mask& blocked_cells, const Window& inside, int size)
{
    return hit.in_front && inside.contains(floor_of(hit.at[0]), floor_of(hit.at[1]))
           && !blocked_cells.at(floor_of(hit.at[0] / size), floor_of(hit.at[1] / size));
}

/// How far in time a frame is from when the cell was hidden, for every frame of the take and every active cell.
std::vector<std::vector<float>> distances_in_time(const CellGrid& grid, const Take& take,
                                                  const std::vector<FrameMasks>& masks, const CanvasPlan& plan)
{
    std::vector<std::vector<float>> all(take.frames.size());
    parallel_each(static_cast<int>(all.size()), [&](int i) {
        const auto source = static_cast<std::size_t>(i);
        const Mask blocked = in_cells(masks[source].blocked, grid.size);
        const Window inside = grown(plan.plate, -grid.size / 2);
        const ViewMap map = view_map(take, source, plan.base);
        all[source].reserve(grid.active.size());
        for (const int cell : grid.active) {
            const float apart = std::abs(static_cast<float>(source) - grid.hidden_when[static_cast<std::size_t>(cell)]);
            const bool seen = is_seen(map(grid.middle(cell), 0.0), blocked, inside, grid.size);
            all[source].push_back(seen ? std::min(apart, kNotSeen) : kNotSeen);
        }
    });
    return all;
}

Image log_cells(const Image& plate, int size)
{
    Image cells = shrink(plate, size);
    for (std::size_t i = 0; i < cells.sample_count(); ++i)
        cells.data()[i] = log_encode(cells.data()[i]);
    return cells;
}

}  // namespace

std::vector<std::size_t> choose_sources(const CellGrid& grid, const Take& take, const std::vector<FrameMasks>& masks,
                                        const CanvasPlan& plan)
{
    // What is too blurred to be matched is too blurred to be copied.
    const auto may_be = [&](std::size_t i) { return i == plan.base || !take.is_lost(i); };
    std::vector<std::size_t> chosen;
    if (take.frames.size() <= kMostSources) {
        for (std::size_t i = 0; i < take.frames.size(); ++i)
            if (may_be(i))
                chosen.push_back(i);
        return chosen;
    }
    const auto apart = distances_in_time(grid, take, masks, plan);
    std::vector<float> best(grid.active.size(), kNotSeen);
    std::size_t next = plan.base;
    while (chosen.size() < kMostSources) {
        chosen.push_back(next);
        for (std::size_t i = 0; i < best.size(); ++i)
            best[i] = std::min(best[i], apart[next][i]);
        double most = 0;
        for (std::size_t source = 0; source < apart.size(); ++source) {
            double gain = 0;
            for (std::size_t i = 0; i < best.size(); ++i)
                gain += static_cast<double>(std::max(best[i] - apart[source][i], 0.0f));
            if (gain > most && may_be(source)) {
                most = gain;
                next = source;
            }
        }
        if (most == 0)
            break;
    }
    std::ranges::sort(chosen);
    return chosen;
}

SourceView::SourceView(std::size_t index, const CellGrid& grid, const FrameMasks& masks, const Image& plate,
                       const ViewMap& view_from_canvas)
    : index_(index), map_(view_from_canvas), size_(grid.size), inside_(grown(plate.data_window(), -grid.size / 2)),
      blocked_(in_cells(masks.blocked, grid.size)), colour_(log_cells(plate, grid.size))
{
}

std::optional<Colour> SourceView::at(const Vec2& canvas_pixel, double depth) const
{
    const ViewMap::Hit hit = map_(canvas_pixel, depth);
    if (!is_seen(hit, blocked_, inside_, size_))
        return std::nullopt;
    Colour colour{};
    sample_linear(colour_, {hit.at[0] / size_, hit.at[1] / size_}, 3, colour.data());
    return colour;
}

std::vector<SourceView> view_sources(const CellGrid& grid, const Take& take, const std::vector<FrameMasks>& masks,
                                     const CanvasPlan& plan, const std::vector<std::size_t>& sources,
                                     const PlateReader& plate_of)
{
    std::vector<std::optional<SourceView>> made(sources.size());
    parallel_each(static_cast<int>(sources.size()), [&](int i) {
        const std::size_t index = sources[static_cast<std::size_t>(i)];
        made[static_cast<std::size_t>(i)].emplace(index, grid, masks[index], *plate_of(index),
                                                  view_map(take, index, plan.base));
    });
    std::vector<SourceView> views;
    for (auto& view : made)
        views.push_back(std::move(*view));
    return views;
}

float distance(const Colour& a, const Colour& b)
{
    return (std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2])) / 3;
}

Colour median_colour(std::vector<Colour>& colours)
{
    Colour median{};
    const auto middle = colours.begin() + static_cast<std::ptrdiff_t>(colours.size() / 2);
    for (std::size_t c = 0; c < 3; ++c) {
        std::nth_element(colours.begin(), middle, colours.end(),
                         [c](const Colour& a, const Colour& b) { return a[c] < b[c]; });
        median[c] = (*middle)[c];
    }
    return median;
}

}  // namespace platefall::cleanplate
