#include "cleanplate/fill/seams.h"

#include "base/parallel.h"
#include "cleanplate/fill/grid_solver.h"
#include "cleanplate/log_encoding.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace platefall::cleanplate {
namespace {

constexpr float kLargestStep = 0.3f;  // in stops: more is a change of what is shown, not of its brightness
constexpr float kHold = 1e-5f;        // keeps a region that hangs by nothing where it is
constexpr int kBlurRadius = 2;
constexpr float kSame_px = 0.75f;     // two copies nearer to each other than that are of one region

constexpr int kActivityRadius = 3;
constexpr float kHoldOfActivity = 0.5f;

using Colour = std::array<float, 3>;

float square(float x)
{
    return x * x;
}

/// Mean of the log-encoded known pixels around each known pixel.
Raster<Colour> blurred_logs(const Image& picture, const Window& part, const Level& level)
{
    Raster<Colour> logs(level.width, level.height, 0, Colour{}), blurred = logs;
    parallel_rows(0, level.height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < level.width; ++x)
                if (level.kinds(x, y) == Kind::source)
                    for (int c = 0; c < 3; ++c)
                        logs(x, y)[c] = log_encode(picture.pixel(part.x0 + x, part.y0 + y)[c]);
    });
    parallel_rows(0, level.height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < level.width; ++x) {
                Colour sum{};
                int count = 0;
                for (int dy = -kBlurRadius; dy <= kBlurRadius; ++dy)
                    for (int dx = -kBlurRadius; dx <= kBlurRadius; ++dx)
                        if (logs.contains(x + dx, y + dy) && level.kinds(x + dx, y + dy) == Kind::source) {
                            for (int c = 0; c < 3; ++c)
                                sum[c] += logs(x + dx, y + dy)[c];
                            ++count;
                        }
                for (int c = 0; c < 3 && count > 0; ++c)
                    blurred(x, y)[c] = sum[c] / static_cast<float>(count);
            }
    });
    return blurred;
}

/// The copied picture, seen as where each pixel came from.
class Composite {
public:
    Composite(const Image& picture, const Window& part, const Level& level, const std::vector<Shift>& shifts)
        : level_(level), logs_(blurred_logs(picture, part, level)),
          shifts_(level.width, level.height, 0, std::nullopt)
    {
        for (int y = 0; y < level.height; ++y)
            for (int x = 0; x < level.width; ++x)
                if (level.kinds(x, y) == Kind::source)
                    shifts_(x, y) = Shift{};
        for (std::size_t i = 0; i < shifts.size(); ++i)
            shifts_(level.hole[i].x, level.hole[i].y) = shifts[i];
    }

    /// Mean squared gradient around where a pixel came from: in busy places steps do not show, and look like
    /// structure.
    float activity(const Pixel& p) const
    {
        const Pixel from = nearest_pixel(moved(level_, place_of(p), *shifts_(p.x, p.y)));
        float sum = 0;
        int count = 0;
        for (int dy = -kActivityRadius; dy <= kActivityRadius; ++dy)
            for (int dx = -kActivityRadius; dx <= kActivityRadius; ++dx) {
                const Pixel a{from.x + dx, from.y + dy};
                for (const Pixel& b : {Pixel{a.x + 1, a.y}, Pixel{a.x, a.y + 1}})
                    if (is_known(a) && is_known(b)) {
                        for (int c = 0; c < 3; ++c)
                            sum += square(logs_(a.x, a.y)[c] - logs_(b.x, b.y)[c]);
                        ++count;
                    }
            }
        return count == 0 ? 0.0f : sum / static_cast<float>(3 * count);
    }

    bool has(const Pixel& p) const { return shifts_.contains(p.x, p.y) && shifts_(p.x, p.y); }

    /// How much more the value at `q` must grow than that at `p`, its neighbour, for no step to be seen
    /// between them. Nothing when neither region goes on to the other side.
    std::optional<Colour> step(const Pixel& p, const Pixel& q) const
    {
        const Shift &of_p = *shifts_(p.x, p.y), &of_q = *shifts_(q.x, q.y);
        const Place from_p = moved(level_, place_of(p), of_p), from_q = moved(level_, place_of(q), of_q);
        const Place p_by_q = moved(level_, place_of(p), of_q), q_by_p = moved(level_, place_of(q), of_p);
        if (are_within(kSame_px, from_p, p_by_q) && are_within(kSame_px, from_q, q_by_p))
            return Colour{};
        Colour sum{};
        int count = 0;
        for (const auto& [at_more, at_less] : {std::pair{q_by_p, from_q}, std::pair{from_p, p_by_q}})
            if (const Pixel more = nearest_pixel(at_more), less = nearest_pixel(at_less); is_known(more) && is_known(less)) {
                for (int c = 0; c < 3; ++c)
                    sum[c] += logs_(more.x, more.y)[c] - logs_(less.x, less.y)[c];
                ++count;
            }
        if (count == 0)
            return {};
        for (float& s : sum)
            s /= static_cast<float>(count);
        return sum;
    }

private:
    bool is_known(const Pixel& p) const
    {
        return level_.kinds.contains(p.x, p.y) && level_.kinds(p.x, p.y) == Kind::source;
    }

    const Level& level_;
    Raster<Colour> logs_;
    Raster<std::optional<Shift>> shifts_;
};

Window around(const std::vector<Pixel>& pixels)
{
    Window box{pixels.front().x, pixels.front().y, pixels.front().x + 1, pixels.front().y + 1};
    for (const Pixel& p : pixels)
        box = unite(box, {p.x, p.y, p.x + 1, p.y + 1});
    return box;
}

/// 1 for a step that may be one of brightness, falling to 0 for one that cannot.
float weight_of(const Colour& step)
{
    float largest = 0;
    for (const float s : step)
        largest = std::max(largest, std::abs(s));
    const float share = largest / kLargestStep;
    return 1.0f / (1.0f + share * share * share * share);
}

/// One equation system a channel: they differ in `pull` alone.
std::array<GridSystem, 3> equations(const Composite& composite, const Level& level, const Window& box)
{
    GridSystem empty{Raster<GridSystem::Cell>(box.width(), box.height(), 1, {})};
    std::array<GridSystem, 3> systems{empty, empty, empty};
    const auto is_hole = [&](const Pixel& p) { return level.kinds(p.x, p.y) == Kind::hole; };
    const auto connect = [&](const Pixel& p, const Pixel& q) {
        if (!composite.has(p) || !composite.has(q) || (!is_hole(p) && !is_hole(q)))
            return;
        const auto step = composite.step(p, q);
        if (!step)
            return;
        const float weight = weight_of(*step);
        for (int c = 0; c < 3; ++c) {
            auto& cells = systems[c].cells;
            if (is_hole(p)) {
                auto& cell = cells(p.x - box.x0, p.y - box.y0);
                cell.pull -= weight * (*step)[c];
                (!is_hole(q) ? cell.anchor : q.x > p.x ? cell.right : cell.down) += weight;
            }
            if (is_hole(q)) {
                auto& cell = cells(q.x - box.x0, q.y - box.y0);
                cell.pull += weight * (*step)[c];
                if (!is_hole(p))
                    cell.anchor += weight;
            }
        }
    };
    for (int y = box.y0 - 1; y < box.y1; ++y)
        for (int x = box.x0 - 1; x < box.x1; ++x) {
            connect({x, y}, {x + 1, y});
            connect({x, y}, {x, y + 1});
        }
    for (const Pixel& p : level.hole) {
        const float hold = kHold + kHoldOfActivity * composite.activity(p);
        for (auto& system : systems)
            system.cells(p.x - box.x0, p.y - box.y0).anchor += hold;
    }
    return systems;
}

}  // namespace

std::vector<Colour> level_seams(const Image& picture, const Window& part, const Level& level,
                                const std::vector<Shift>& shifts)
{
    const Composite composite(picture, part, level, shifts);
    const Window box = around(level.hole);
    const auto systems = equations(composite, level, box);
    std::vector<Colour> stops(level.hole.size());
    for (int c = 0; c < 3; ++c) {
        const Raster<float> values = solve(systems[c]);
        for (std::size_t i = 0; i < stops.size(); ++i)
            stops[i][c] = values(level.hole[i].x - box.x0, level.hole[i].y - box.y0);
    }
    return stops;
}

}  // namespace platefall::cleanplate
