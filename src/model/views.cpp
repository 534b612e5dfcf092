#include "model/views.h"

#include "image/windows.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platefall::model {
namespace {

/// A stretch of pixels on one axis.
struct Span {
    int from, to;
    int length() const { return to - from; }
};

/// Made `length` long around its middle, and moved into the limit if it fits in.
Span widened(const Span& span, int length, const Span& limit)
{
    int from = span.from - (length - span.length()) / 2;
    if (length <= limit.length())
        from = std::clamp(from, limit.from, limit.to - length);
    return {from, from + length};
}

int rounded_up(double length, int divisor)
{
    return static_cast<int>(std::ceil(length / divisor - 1e-9)) * divisor;
}

/// Stretches of one length that cover the span evenly, overlapping by no less than asked for.
std::vector<Span> tiles_along(const Span& span, int length, int overlap, const Span& limit)
{
    if (span.length() <= length)
        return {widened(span, length, limit)};
    const int step = length - overlap, room = span.length() - length;
    const int steps = (room + step - 1) / step;
    std::vector<Span> tiles;
    for (int i = 0; i <= steps; ++i) {
        const int from = span.from + static_cast<int>(std::lround(static_cast<double>(room) * i / steps));
        tiles.push_back({from, from + length});
    }
    return tiles;
}

/// One axis: what the model takes, what it is to be shown, and where the picture ends.
struct Side {
    std::optional<int> fixed;
    Span shown, limit;

    int size(double scale, int divisor) const { return fixed ? *fixed : rounded_up(shown.length() / scale, divisor); }
};

ViewPlan small_view(const Side& x, const Side& y, const ViewSettings& settings)
{
    const auto scale_of = [&](const Side& side) {
        return static_cast<double>(side.shown.length()) / side.fixed.value_or(settings.size);
    };
    const double scale = std::max({1.0, scale_of(x), scale_of(y)});
    const int width = x.size(scale, settings.divisor), height = y.size(scale, settings.divisor);
    const Span across = widened(x.shown, static_cast<int>(std::lround(width * scale)), x.limit);
    const Span down = widened(y.shown, static_cast<int>(std::lround(height * scale)), y.limit);
    const Window region{across.from, down.from, across.to, down.to};
    return {region, 0, {{region, width, height}}};
}

ViewPlan tiled_views(const Side& x, const Side& y, const ViewSettings& settings)
{
    const int most = rounded_up(settings.size, settings.divisor);
    const int width = std::min(x.size(1, settings.divisor), x.fixed.value_or(most));
    const int height = std::min(y.size(1, settings.divisor), y.fixed.value_or(most));
    const int overlap = std::min({settings.overlap, width / 2, height / 2});
    const auto columns = tiles_along(x.shown, width, overlap, x.limit);
    const auto rows = tiles_along(y.shown, height, overlap, y.limit);
    ViewPlan plan{{columns.front().from, rows.front().from, columns.back().to, rows.back().to}, overlap, {}};
    for (const Span& row : rows)
        for (const Span& column : columns)
            plan.views.push_back({{column.from, row.from, column.to, row.to}, width, height});
    return plan;
}

/// 0 < rise <= 1 over `length` pixels, for the pixel that is `distance` pixels in.
float rise(int distance, int length)
{
    if (distance >= length)
        return 1.0f;
    return static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * (distance + 0.5) / length));
}

}  // namespace

ViewPlan plan_views(const Window& wanted, const Window& picture, const Model& model, const ViewSettings& settings)
{
    const Window shown = intersect(wanted, picture);
    const Side x{model.width(), {shown.x0, shown.x1}, {picture.x0, picture.x1}};
    const Side y{model.height(), {shown.y0, shown.y1}, {picture.y0, picture.y1}};
    return settings.in_tiles ? tiled_views(x, y, settings) : small_view(x, y, settings);
}

float weight_of(const View& view, const ViewPlan& plan, int x, int y)
{
    const Window& here = view.region;
    float weight = 1;
    if (here.x0 > plan.whole.x0)
        weight *= rise(x - here.x0, plan.overlap);
    if (here.x1 < plan.whole.x1)
        weight *= rise(here.x1 - 1 - x, plan.overlap);
    if (here.y0 > plan.whole.y0)
        weight *= rise(y - here.y0, plan.overlap);
    if (here.y1 < plan.whole.y1)
        weight *= rise(here.y1 - 1 - y, plan.overlap);
    return weight;
}

}  // namespace platefall::model
