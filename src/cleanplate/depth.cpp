#include "cleanplate/depth.h"

#include "base/parallel.h"
#include "cleanplate/occlusion.h"
#include "cleanplate/solve/membrane.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <map>
#include <span>
#include <utility>

namespace platefall::cleanplate {
namespace {

constexpr float kStepCells = 0.25f;      // between two depths, no frame moves by more than this
constexpr int kLeastDepths = 8, kMostDepths = 96;
constexpr std::size_t kWitnesses = 8;    // frames that are asked about a cell, nearest in time first
constexpr float kMostApart = 0.5f;       // stops; frames that differ more just disagree
constexpr float kSuitsAll = 0.08f;       // stops; less is noise
constexpr float kUnseen = 0.12f;         // cost where fewer than two frames see a depth: neither good nor bad
constexpr float kFeature = 0.3f;         // cost of contradicting a feature
constexpr float kFeatureSteps = 4;       // depths by which one has to be off for all of that
constexpr float kSlope = 0.04f;          // cost of neighbours one depth apart
constexpr float kEdge = 0.4f;            // and of any jump

struct KnownDepth {
    int cell;
    float depth;
};

/// The take's features that lie on active parts of the grid, with their depth there.
std::vector<KnownDepth> known_depths(const CellGrid& grid, const Take& take, const CanvasPlan& plan)
{
    const ViewMap to_canvas = view_map(take, plan.base, take.base);
    std::vector<KnownDepth> known;
    for (const Take::Support& support : take.supports) {
        const ViewMap::Hit hit = to_canvas(support.base_point, support.depth);
        const int x = static_cast<int>(std::floor(hit.at[0] / grid.size));
        const int y = static_cast<int>(std::floor(hit.at[1] / grid.size));
        if (hit.in_front && grid.cells.contains(x, y))
            known.push_back({(y - grid.cells.y0) * grid.cells.width() + x - grid.cells.x0,
                             static_cast<float>(depth_in(take, plan.base, support.base_point, support.depth))});
    }
    return known;
}

/// Evenly spaced depths, dense enough that nothing is stepped over.
class Sweep {
public:
    Sweep(const CellGrid& grid, const std::vector<KnownDepth>& known, const std::vector<SourceView>& views)
    {
        if (known.empty())
            return;
        std::vector<float> depths;
        for (const KnownDepth& one : known)
            depths.push_back(one.depth);
        std::ranges::sort(depths);
        const float low = depths[depths.size() / 50], high = depths[depths.size() - 1 - depths.size() / 50];
        const float margin = 0.15f * (high - low);
        first_ = low - margin;
        const float range = high - low + 2 * margin;
        double most = 0;
        for (const SourceView& view : views)
            for (const int cell : {0, static_cast<int>(grid.count()) / 2, static_cast<int>(grid.count()) - 1}) {
                const auto near = view.view_from_canvas()(grid.middle(cell), static_cast<double>(first_));
                const auto far = view.view_from_canvas()(grid.middle(cell), static_cast<double>(first_ + range));
                if (near.in_front && far.in_front)
                    most = std::max(most, std::hypot(near.at[0] - far.at[0], near.at[1] - far.at[1]));
            }
        const auto steps = static_cast<int>(std::ceil(most / grid.size / static_cast<double>(kStepCells)));
        if (steps == 0)
            return;
        count_ = std::clamp(steps + 1, kLeastDepths, kMostDepths);
        step_ = range / static_cast<float>(count_ - 1);
    }

    int count() const { return count_; }
    float depth(float label) const { return first_ + label * step_; }
    float label(float depth) const { return (depth - first_) / step_; }

private:
    float first_ = 0, step_ = 0;
    int count_ = 1;
};

/// Views in the order in which they are asked about a cell.
std::vector<const SourceView*> by_time(const std::vector<SourceView>& views, float when)
{
    std::vector<const SourceView*> sorted;
    for (const SourceView& view : views)
        sorted.push_back(&view);
    std::ranges::stable_sort(sorted, {}, [when](const SourceView* view) {
        return std::abs(static_cast<float>(view->index()) - when);
    });
    return sorted;
}

/// Mean distance of what the witnesses see from their median. `views` are those that may see it, nearest in time first.
template <class MaySee>
float disagreement(const std::vector<const SourceView*>& views, const Vec2& pixel, float depth,
                   std::vector<Colour>& colours, const MaySee& may_see)
{
    colours.clear();
    for (const SourceView* view : views) {
        if (const auto colour = view->at(pixel, static_cast<double>(depth)); colour && may_see(*view))
            colours.push_back(*colour);
        if (colours.size() == kWitnesses)
            break;
    }
    if (colours.size() < 2)
        return kUnseen;
    const Colour median = median_colour(colours);
    float sum = 0;
    for (const Colour& colour : colours)
        sum += std::min(distance(colour, median), kMostApart);
    return sum / static_cast<float>(colours.size());
}

/// Costs of every depth at every cell; cells side by side, depths of a cell together.
class CostVolume {
public:
    CostVolume(const CellGrid& grid, int labels)
        : width_(grid.cells.width()), height_(grid.cells.height()), labels_(static_cast<std::size_t>(labels)),
          costs_(grid.count() * labels_)
    {
    }

    int width() const { return width_; }
    int height() const { return height_; }
    std::size_t labels() const { return labels_; }
    std::span<float> at(int cell) { return {costs_.data() + static_cast<std::size_t>(cell) * labels_, labels_}; }
    std::span<const float> at(int cell) const
    {
        return {costs_.data() + static_cast<std::size_t>(cell) * labels_, labels_};
    }

private:
    int width_, height_;
    std::size_t labels_;
    std::vector<float> costs_;
};

CostVolume sweep_costs(const CellGrid& grid, const std::vector<SourceView>& views, const Sweep& sweep)
{
    CostVolume costs(grid, sweep.count());
    parallel_rows(0, static_cast<int>(grid.active.size()), [&](int first, int last) {
        std::vector<Colour> colours;
        for (int i = first; i < last; ++i) {
            const int cell = grid.active[static_cast<std::size_t>(i)];
            const auto views_of_cell = by_time(views, grid.hidden_when[static_cast<std::size_t>(cell)]);
            std::span<float> of_cell = costs.at(cell);
            for (std::size_t label = 0; label < of_cell.size(); ++label)
                of_cell[label] = disagreement(views_of_cell, grid.middle(cell), sweep.depth(static_cast<float>(label)),
                                              colours, [](const SourceView&) { return true; });
        }
    });
    return costs;
}

/// Beside something nearer, that hides a cell from some frames, and no depth suits all of them. Such a cell is asked again,
/// without the frames that a first surface hides it from. Returns whether there are any.
bool ask_again(CostVolume& costs, const CellGrid& grid, const std::vector<SourceView>& views, const Sweep& sweep,
               const std::vector<SurfaceInView>& surfaces)
{
    constexpr std::size_t kEnough = 3;   // frames; any two agree on something
    std::vector<int> cells;
    std::ranges::copy_if(grid.active, std::back_inserter(cells),
                         [&](int cell) { return *std::ranges::min_element(costs.at(cell)) > kSuitsAll; });
    parallel_rows(0, static_cast<int>(cells.size()), [&](int first, int last) {
        std::vector<Colour> colours;
        for (int i = first; i < last; ++i) {
            const int cell = cells[static_cast<std::size_t>(i)];
            const auto views_of_cell = by_time(views, grid.hidden_when[static_cast<std::size_t>(cell)]);
            std::span<float> of_cell = costs.at(cell);
            for (std::size_t label = 0; label < of_cell.size(); ++label) {
                const float depth = sweep.depth(static_cast<float>(label));
                const float cost = disagreement(views_of_cell, grid.middle(cell), depth, colours, [&](const SourceView& view) {
                    return !surfaces[static_cast<std::size_t>(&view - views.data())].hides(grid.middle(cell), depth);
                });
                if (colours.size() >= kEnough)
                    of_cell[label] = cost;
            }
        }
    });
    return !cells.empty();
}

/// Mean over 3x3 active cells.
CostVolume averaged(const CellGrid& grid, const CostVolume& costs)
{
    std::vector<char> active(grid.count());
    for (const int cell : grid.active)
        active[static_cast<std::size_t>(cell)] = 1;
    CostVolume means(grid, static_cast<int>(costs.labels()));
    parallel_rows(0, static_cast<int>(grid.active.size()), [&](int first, int last) {
        for (int i = first; i < last; ++i) {
            const int cell = grid.active[static_cast<std::size_t>(i)];
            const int x = cell % costs.width(), y = cell / costs.width();
            std::span<float> mean = means.at(cell);
            float count = 0;
            for (int v = std::max(y - 1, 0); v <= std::min(y + 1, costs.height() - 1); ++v)
                for (int u = std::max(x - 1, 0); u <= std::min(x + 1, costs.width() - 1); ++u) {
                    const int other = v * costs.width() + u;
                    if (!active[static_cast<std::size_t>(other)])
                        continue;
                    ++count;
                    const std::span<const float> from = costs.at(other);
                    for (std::size_t label = 0; label < from.size(); ++label)
                        mean[label] += from[label];
                }
            for (float& value : mean)
                value /= count;
        }
    });
    return means;
}

void add_features(CostVolume& costs, const std::vector<KnownDepth>& known, const Sweep& sweep)
{
    for (const KnownDepth& one : known) {
        const float wanted = sweep.label(one.depth);
        std::span<float> of_cell = costs.at(one.cell);
        for (std::size_t label = 0; label < of_cell.size(); ++label)
            of_cell[label] += kFeature * std::min(std::abs(static_cast<float>(label) - wanted) / kFeatureSteps, 1.0f);
    }
}

/// One step of a path of semi-global matching: the cost of each depth here, continued from the cell before.
void continue_path(std::span<const float> here, std::vector<float>& path, std::vector<float>& next)
{
    const float least = *std::ranges::min_element(path);
    for (std::size_t label = 0; label < here.size(); ++label) {
        float best = std::min(path[label], least + kEdge);
        if (label > 0)
            best = std::min(best, path[label - 1] + kSlope);
        if (label + 1 < here.size())
            best = std::min(best, path[label + 1] + kSlope);
        next[label] = here[label] + best - least;
    }
    path.swap(next);
}

/// Sum over the paths that run along the rows and columns, both ways.
CostVolume matched(const CellGrid& grid, const CostVolume& costs)
{
    CostVolume sums(grid, static_cast<int>(costs.labels()));
    const auto run = [&](int start, int step, int length) {
        std::vector<float> path(costs.labels()), next(costs.labels());
        for (int i = 0, cell = start; i < length; ++i, cell += step) {
            continue_path(costs.at(cell), path, next);
            std::span<float> sum = sums.at(cell);
            for (std::size_t label = 0; label < sum.size(); ++label)
                sum[label] += path[label];
        }
    };
    const int width = costs.width(), height = costs.height();
    parallel_each(height, [&](int y) {
        run(y * width, 1, width);
        run(y * width + width - 1, -1, width);
    });
    parallel_each(width, [&](int x) {
        run(x, width, height);
        run((height - 1) * width + x, -width, height);
    });
    return sums;
}

/// The cheapest depth, between labels by the parabola through it and its neighbours.
float best_label(std::span<const float> costs)
{
    const auto best = static_cast<std::size_t>(std::ranges::min_element(costs) - costs.begin());
    if (best == 0 || best + 1 == costs.size())
        return static_cast<float>(best);
    const float before = costs[best - 1] - costs[best], after = costs[best + 1] - costs[best];
    return static_cast<float>(best) + (before + after > 0 ? 0.5f * (before - after) / (before + after) : 0.0f);
}

std::vector<float> median_filtered(const CellGrid& grid, const std::vector<float>& values)
{
    const int width = grid.cells.width(), height = grid.cells.height();
    std::vector<float> filtered(values.size());
    parallel_rows(0, height, [&](int first, int last) {
        std::vector<float> near;
        for (int y = first; y < last; ++y)
            for (int x = 0; x < width; ++x) {
                near.clear();
                for (int v = std::max(y - 1, 0); v <= std::min(y + 1, height - 1); ++v)
                    for (int u = std::max(x - 1, 0); u <= std::min(x + 1, width - 1); ++u)
                        near.push_back(values[static_cast<std::size_t>(v * width + u)]);
                const auto middle = near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2);
                std::nth_element(near.begin(), middle, near.end());
                filtered[static_cast<std::size_t>(y * width + x)] = *middle;
            }
    });
    return filtered;
}

/// Where hardly a frame sees a cell, its depth is a guess, and a guess that leaps tears what is made up there when it is
/// seen from elsewhere: it is stretched smoothly between what is known.
std::vector<float> smooth_where_unseen(const CellGrid& grid, const std::vector<SourceView>& views, std::vector<float> depths)
{
    constexpr std::ptrdiff_t kEnough = 3;   // frames that make a depth more than a guess
    const std::ptrdiff_t fewest = std::min(kEnough, std::ssize(views) - 1);
    const std::vector<Channel> channel{{"Z"}};
    Image values(grid.cells, grid.cells, channel), weight(grid.cells, grid.cells, {{"A"}}, 1.0f);
    std::ranges::copy(depths, values.data());
    bool any = false;
    for (const int cell : grid.active) {
        const auto at = static_cast<std::size_t>(cell);
        const auto seeing = std::ranges::count_if(views, [&](const SourceView& view) {
            return view.at(grid.middle(cell), static_cast<double>(depths[at])).has_value();
        });
        if (grid.hidden[at] && seeing < fewest) {
            weight.data()[at] = 0;
            any = true;
        }
    }
    if (!any)
        return depths;
    const Image smooth = spread_membrane(values, weight);
    std::copy_n(smooth.data(), depths.size(), depths.begin());
    return depths;
}

std::vector<float> cheapest_depths(const CellGrid& grid, const CostVolume& costs, const std::vector<KnownDepth>& known,
                                   const Sweep& sweep)
{
    CostVolume means = averaged(grid, costs);
    add_features(means, known, sweep);
    const CostVolume sums = matched(grid, means);
    std::vector<float> depths(grid.count());
    for (std::size_t cell = 0; cell < depths.size(); ++cell)
        depths[cell] = sweep.depth(best_label(sums.at(static_cast<int>(cell))));
    return depths;
}

}  // namespace

std::vector<float> find_depths(const CellGrid& grid, const Take& take, const CanvasPlan& plan,
                               const std::vector<SourceView>& views)
{
    std::vector<float> depths(grid.count());
    const bool any = std::ranges::any_of(views, [](const SourceView& view) { return view.view_from_canvas().has_parallax(); });
    if (!any)
        return depths;
    const std::vector<KnownDepth> known = known_depths(grid, take, plan);
    const Sweep sweep(grid, known, views);
    if (sweep.count() == 1)
        return depths;

    CostVolume costs = sweep_costs(grid, views, sweep);
    depths = cheapest_depths(grid, costs, known, sweep);
    const auto surfaces = surface_in_views(grid, views, depths, nearness(grid, take, views, depths));
    if (ask_again(costs, grid, views, sweep, surfaces))
        depths = cheapest_depths(grid, costs, known, sweep);
    return smooth_where_unseen(grid, views, median_filtered(grid, depths));
}

int nearness(const CellGrid& grid, const Take& take, const std::vector<SourceView>& views, const std::vector<float>& depths)
{
    if (take.by_camera)
        return 1;
    constexpr float kOtherSurface = 0.25f;   // of the range of depths
    constexpr float kOtherColour = 0.4f;     // stops
    const auto [low, high] = std::ranges::minmax_element(depths);
    const float other_surface = kOtherSurface * (*high - *low);
    const auto base = std::ranges::find_if(views, [](const SourceView& view) { return !view.view_from_canvas().has_parallax(); });
    if (base == views.end() || other_surface == 0)
        return 1;
    int votes = 0;
    for (const SourceView& view : views) {
        std::map<std::pair<int, int>, int> landed;   // cells of the view, and which of the canvas' cells fell there first
        for (const int cell : grid.active) {
            const auto depth = static_cast<double>(depths[static_cast<std::size_t>(cell)]);
            const ViewMap::Hit hit = view.view_from_canvas()(grid.middle(cell), depth);
            const std::pair place{static_cast<int>(std::floor(hit.at[0] / grid.size)),
                                  static_cast<int>(std::floor(hit.at[1] / grid.size))};
            const auto [first, is_first] = landed.try_emplace(place, cell);
            const float apart
                = depths[static_cast<std::size_t>(cell)] - depths[static_cast<std::size_t>(first->second)];
            if (is_first || std::abs(apart) < other_surface)
                continue;
            const auto seen = view.at(grid.middle(cell), depth);
            const auto own = base->at(grid.middle(cell), depth);
            const auto other = base->at(grid.middle(first->second), 0.0);
            if (!seen || !own || !other || distance(*own, *other) < kOtherColour)
                continue;
            const bool own_in_front = distance(*seen, *own) < distance(*seen, *other);
            votes += own_in_front == (apart > 0) ? 1 : -1;
        }
    }
    return votes < 0 ? -1 : 1;
}

}  // namespace platefall::cleanplate
