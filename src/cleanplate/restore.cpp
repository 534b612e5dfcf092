#include "cleanplate/restore.h"

#include "base/parallel.h"
#include "cleanplate/log_encoding.h"
#include "cleanplate/solve/membrane.h"
#include "image/sample.h"
#include "image/filter.h"
#include "image/windows.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr int kRingPx = 24;           // around the hole: where plate and canvas are compared
constexpr int kCell = 8;              // pixels; the correction is smooth
constexpr float kMostStops = 0.35f;   // a larger difference is another object, not another exposure

/// Around the hole.
int reach_px(double feather_px)
{
    return kRingPx + static_cast<int>(std::ceil(4 * feather_px));
}

/// Cells of `kCell` pixels of the window that come within `reach_px` of the hole: what its ring lies in.
Mask near_hole(const Mask& hole, int reach_px, const Window& window)
{
    const Window cells{0, 0, (window.width() + kCell - 1) / kCell, (window.height() + kCell - 1) / kCell};
    const Window bounds = intersect(hole.window(), window);
    Mask touched(cells), near(cells);
    for (int y = bounds.y0; y < bounds.y1; ++y)
        for (int x = bounds.x0; x < bounds.x1; ++x)
            if (hole.at(x, y))
                touched.set((x - window.x0) / kCell, (y - window.y0) / kCell);
    const int reach = (reach_px + kCell - 1) / kCell;
    for (int y = 0; y < cells.y1; ++y)
        for (int x = 0; x < cells.x1; ++x)
            if (touched.at(x, y)) {
                const Window reached = intersect(grown({x, y, x + 1, y + 1}, reach), cells);
                for (int v = reached.y0; v < reached.y1; ++v)
                    for (int u = reached.x0; u < reached.x1; ++u)
                        near.set(u, v);
            }
    return near;
}

/// The canvas moved into the frame: R G B, "generated", "noise"; generated is 0 where there is nothing, and in cells that are
/// not `near`.
Image moved_canvas(const Window& window, const Image& plate, const Canvas& canvas, const ViewMap& frame_from_canvas,
                   const Mask& near)
{
    const CanvasFinder find(canvas, frame_from_canvas);
    Image moved(window, plate.display_window(), {{"R"}, {"G"}, {"B"}, {"generated"}, {"noise"}});
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = window.x0; x < window.x1; ++x) {
                if (!near.at((x - window.x0) / kCell, (y - window.y0) / kCell))
                    continue;
                const auto at = find({x + 0.5, y + 0.5});
                if (!at)
                    continue;
                float* pixel = moved.pixel(x, y);
                const float left = sample(canvas.picture, *at, 3, pixel);
                const float* facts
                    = canvas.facts.pixel(static_cast<int>(std::floor((*at)[0])), static_cast<int>(std::floor((*at)[1])));
                pixel[3] = facts[kGenerated];
                pixel[4] = facts[kNoise] * left;
            }
    });
    return moved;
}

/// Mean log-encoded colour of a cell's pixels that `counts`, and how many of them there are.
template <class Counts>
float mean_of_cell(const Image& image, int left, int top, const Window& window, const Counts& counts, float* mean)
{
    float known = 0;
    std::fill_n(mean, 3, 0.0f);
    for (int y = std::max(top, window.y0); y < std::min(top + kCell, window.y1); ++y)
        for (int x = std::max(left, window.x0); x < std::min(left + kCell, window.x1); ++x)
            if (counts(x, y)) {
                const float* rgb = image.pixel(x, y);
                for (std::size_t c = 0; c < 3; ++c)
                    mean[c] += rgb[c];
                ++known;
            }
    for (std::size_t c = 0; c < 3; ++c)
        mean[c] = log_encode(mean[c] / std::max(known, 1.0f));
    return known;
}

/// Stops by which the plate is brighter than what was put together, per cell of `kCell` pixels: measured on the ring,
/// spread over the hole.
Image brightness_steps(const Image& plate, const Image& moved, const FrameMasks& masks)
{
    const Window& window = moved.data_window();
    const Window cells{0, 0, (window.width() + kCell - 1) / kCell, (window.height() + kCell - 1) / kCell};
    Image steps(cells, cells, {{"R"}, {"G"}, {"B"}}), weight(cells, cells, {{"A"}});
    for (int y = 0; y < cells.y1; ++y)
        for (int x = 0; x < cells.x1; ++x) {
            const auto counts = [&](int u, int v) { return !masks.blocked.at(u, v) && moved.pixel(u, v)[3] > 0; };
            const int left = window.x0 + x * kCell, top = window.y0 + y * kCell;
            std::array<float, 3> seen{}, made{};
            const float known = mean_of_cell(plate, left, top, window, counts, seen.data());
            mean_of_cell(moved, left, top, window, counts, made.data());
            float most = 0;
            for (std::size_t c = 0; c < 3; ++c)
                most = std::max(most, std::abs(seen[c] - made[c]));
            if (known < kCell * kCell / 4 || most > kMostStops)
                continue;
            for (std::size_t c = 0; c < 3; ++c)
                steps.pixel(x, y)[c] = seen[c] - made[c];
            // What nearly fits is trusted most; a soft pull, so that one cell's noise does not bend the hole.
            *weight.pixel(x, y) = 0.2f / (1 + 25 * most * most);
        }
    return spread_membrane(steps, weight);
}

void even_out(Image& moved, const Image& steps, const Image& edge)
{
    const Window& window = moved.data_window();
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = window.x0; x < window.x1; ++x) {
                if (*edge.pixel(x, y) == 0)
                    continue;   // only its brightness was asked for
                std::array<float, 3> stops{};
                sample_linear(steps, {(x - window.x0 + 0.5) / kCell, (y - window.y0 + 0.5) / kCell}, 3, stops.data());
                float* rgb = moved.pixel(x, y);
                for (std::size_t c = 0; c < 3; ++c)
                    if (stops[c] != 0)   // black may not become less than black
                        rgb[c] = std::max((rgb[c] + kLogEpsilon) * std::exp2(stops[c]) - kLogEpsilon, std::min(rgb[c], 0.0f));
            }
    });
}

/// Inside the hole, where the canvas has nothing: spread from what is there and from the plate around.
std::size_t fill_gaps(Image& moved, const Image& plate, const FrameMasks& masks)
{
    const Window& window = moved.data_window();
    std::size_t missed = 0;
    Image values(window, window, {{"R"}, {"G"}, {"B"}}), weight(window, window, {{"A"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            const float* from = masks.hole.at(x, y) ? moved.pixel(x, y) : plate.pixel(x, y);
            if (masks.hole.at(x, y) ? moved.pixel(x, y)[3] > 0 : !masks.blocked.at(x, y)) {
                *weight.pixel(x, y) = 1;
                std::copy_n(from, 3, values.pixel(x, y));
            } else if (masks.hole.at(x, y)) {
                ++missed;
            }
        }
    if (missed == 0)
        return 0;
    const Image spread = spread_membrane(values, weight);
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            if (float* pixel = moved.pixel(x, y); masks.hole.at(x, y) && pixel[3] == 0) {
                std::copy_n(spread.pixel(x, y), 3, pixel);
                pixel[3] = kSynthesised;
            }
    return missed;
}

/// 1 in the hole, falling to 0 over the feather outside it.
Image soft_edge(const Mask& hole, double feather_px, const Window& window)
{
    const Image hard = picture_of(hole, window);
    if (feather_px <= 0)
        return with_data_window(hard, window);
    Image soft = with_data_window(soften(grow(hard, feather_px, window), feather_px, window), window);
    for (int y = hole.window().y0; y < hole.window().y1; ++y)
        for (int x = hole.window().x0; x < hole.window().x1; ++x)
            if (hole.at(x, y))
                *soft.pixel(x, y) = 1;
    return soft;
}

Image missing_noise(const Image& moved, const Image& edge, float grain)
{
    const Window& window = moved.data_window();
    Image amount(window, window, {{"A"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            if (*edge.pixel(x, y) > 0 && moved.pixel(x, y)[3] > 0)
                *amount.pixel(x, y) = grain * std::clamp(1 - moved.pixel(x, y)[4], 0.0f, 1.0f);
    return amount;
}

}  // namespace

Window reach_of(const Mask& hole, double feather_px)
{
    return hole.empty() ? Window{} : grown(hole.window(), reach_px(feather_px));
}

Restored restore(const Image& plate, int frame, const FrameMasks& masks, const Canvas& canvas,
                 const ViewMap& frame_from_canvas, const NoiseModel& noise, const RestoreSettings& settings)
{
    const Window window = intersect(reach_of(masks.hole, settings.feather_px), plate.data_window());
    Restored restored{.clean = with_data_window(plate, window),
                      .generated = Image(window, plate.display_window(), {{"generated"}})};
    if (window.empty())
        return restored;

    const Image edge = soft_edge(masks.hole, settings.feather_px, window);
    Image moved = moved_canvas(window, plate, canvas, frame_from_canvas, near_hole(masks.hole, reach_px(settings.feather_px), window));
    even_out(moved, brightness_steps(plate, moved, masks), edge);
    restored.missed = fill_gaps(moved, plate, masks);
    const Image grain = make_grain(noise, moved, missing_noise(moved, edge, settings.grain), settings.seed, frame);

    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = window.x0; x < window.x1; ++x) {
                const float weight = *edge.pixel(x, y);
                const float* made = moved.pixel(x, y);
                if (weight == 0 || made[3] == 0 || (weight < 1 && masks.blocked.at(x, y) && !masks.hole.at(x, y)))
                    continue;
                float* clean = restored.clean.pixel(x, y);
                for (std::size_t c = 0; c < 3; ++c)
                    clean[c] = clean[c] * (1 - weight) + (made[c] + grain.pixel(x, y)[c]) * weight;
                *restored.generated.pixel(x, y) = made[3] * weight;
            }
    });
    return restored;
}

}  // namespace platefall::cleanplate
