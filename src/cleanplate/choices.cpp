#include "cleanplate/choices.h"

#include "base/parallel.h"
#include "cleanplate/fill/labelling.h"
#include "cleanplate/occlusion.h"
#include "cleanplate/solve/membrane.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace platefall::cleanplate {
namespace {

// Costs are in units of "a clearly visible fault"; differences of colour in stops.
constexpr float kDisagreement = 0.15f;      // what two frames differ by when one of them shows something else
constexpr float kFramesApart = 12.0f;       // a frame that far away in time costs as much as a visible fault
constexpr float kSourceSeam = 0.05f;

/// Every view's colour of every active cell, so that nothing is looked up twice. A view that something nearer hides a cell
/// from does not see it, unless no view does.
class Seen {
public:
    Seen(const CellGrid& grid, const std::vector<SourceView>& views, const std::vector<float>& depths, int nearness)
        : cells_(grid.count()), visible_(views.size() * cells_), colours_(visible_.size()), exposure_(views.size())
    {
        std::vector<char> hidden(visible_.size());
        parallel_each(static_cast<int>(views.size()), [&](int view) {
            const auto& source = views[static_cast<std::size_t>(view)];
            const SurfaceInView surface(grid, source, depths, nearness);
            for (const int cell : grid.active) {
                const float depth = depths[static_cast<std::size_t>(cell)];
                if (const auto colour = source.at(grid.middle(cell), static_cast<double>(depth))) {
                    visible_[index(view, cell)] = 1;
                    colours_[index(view, cell)] = *colour;
                    hidden[index(view, cell)] = surface.hides(grid.middle(cell), depth);
                }
            }
        });
        for (const int cell : grid.active)
            leave_out(hidden, cell, static_cast<int>(views.size()));
    }

    bool visible(int view, int cell) const { return visible_[index(view, cell)]; }

    Colour colour(int view, int cell) const
    {
        Colour colour = colours_[index(view, cell)];
        for (std::size_t c = 0; c < 3; ++c)
            colour[c] += exposure_[static_cast<std::size_t>(view)][c];
        return colour;
    }

    void expose(std::vector<Colour> exposure) { exposure_ = std::move(exposure); }

private:
    void leave_out(const std::vector<char>& hidden, int cell, int views)
    {
        bool any = false;
        for (int view = 0; view < views; ++view)
            any = any || (visible(view, cell) && !hidden[index(view, cell)]);
        for (int view = 0; any && view < views; ++view)
            if (hidden[index(view, cell)])
                visible_[index(view, cell)] = 0;
    }

    std::size_t index(int view, int cell) const
    {
        return static_cast<std::size_t>(view) * cells_ + static_cast<std::size_t>(cell);
    }

    std::size_t cells_;
    std::vector<char> visible_;
    std::vector<Colour> colours_;
    std::vector<Colour> exposure_;
};

// ------------------------------------------------------------------------------------------- exposure

/// Median difference of two frames over the cells that both see, per channel; nothing when they share too few.
std::optional<Colour> difference(const CellGrid& grid, const Seen& seen, int a, int b)
{
    constexpr std::size_t kEnough = 30;
    std::vector<Colour> differences;
    for (const int cell : grid.active)
        if (seen.visible(a, cell) && seen.visible(b, cell)) {
            const Colour from = seen.colour(a, cell), to = seen.colour(b, cell);
            differences.push_back({to[0] - from[0], to[1] - from[1], to[2] - from[2]});
        }
    if (differences.size() < kEnough)
        return std::nullopt;
    return median_colour(differences);
}

/// Gains that make the frames agree, the base's staying 0; least squares over all pairs that overlap.
std::vector<Colour> balance(const CellGrid& grid, const std::vector<SourceView>& views, const Seen& seen,
                            std::size_t base)
{
    const int count = static_cast<int>(views.size());
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(count, count) * 1e-3;   // frames that meet none stay
    Eigen::MatrixXd right = Eigen::MatrixXd::Zero(count, 3);
    for (int a = 0; a < count; ++a) {
        if (views[static_cast<std::size_t>(a)].index() == base)
            matrix(a, a) += 1e6;
        for (int b = a + 1; b < count; ++b) {
            const auto apart = difference(grid, seen, a, b);
            if (!apart)
                continue;
            matrix(a, a) += 1;
            matrix(b, b) += 1;
            matrix(a, b) -= 1;
            matrix(b, a) -= 1;
            for (std::size_t c = 0; c < 3; ++c) {
                right(a, static_cast<Eigen::Index>(c)) += static_cast<double>((*apart)[c]);
                right(b, static_cast<Eigen::Index>(c)) -= static_cast<double>((*apart)[c]);
            }
        }
    }
    const Eigen::MatrixXd gains = matrix.ldlt().solve(right);
    std::vector<Colour> exposure(views.size());
    for (int a = 0; a < count; ++a)
        for (std::size_t c = 0; c < 3; ++c)
            exposure[static_cast<std::size_t>(a)][c] = static_cast<float>(gains(a, static_cast<Eigen::Index>(c)));
    return exposure;
}

// -------------------------------------------------------------------------------------------- sources

/// What the frames nearest in time see.
std::vector<Colour> witnesses(const CellGrid& grid, const std::vector<SourceView>& views, const Seen& seen, int cell)
{
    constexpr std::size_t kWitnesses = 15;
    const float when = grid.hidden_when[static_cast<std::size_t>(cell)];
    std::vector<std::pair<float, int>> seeing;
    for (int view = 0; view < static_cast<int>(views.size()); ++view)
        if (seen.visible(view, cell))
            seeing.emplace_back(std::abs(static_cast<float>(views[static_cast<std::size_t>(view)].index()) - when), view);
    std::ranges::sort(seeing);
    seeing.resize(std::min(seeing.size(), kWitnesses));
    std::vector<Colour> colours;
    for (const auto& [apart, view] : seeing)
        colours.push_back(seen.colour(view, cell));
    return colours;
}

std::vector<int> choose_sources_of_cells(const CellGrid& grid, const std::vector<SourceView>& views, const Seen& seen)
{
    std::vector<Colour> consensus(grid.count());
    LabelCosts costs{.width = grid.cells.width(),
                     .height = grid.cells.height(),
                     .cells = {},
                     .labels = static_cast<int>(views.size()),
                     .data = {},
                     .seam = {}};
    for (const int cell : grid.active) {
        auto colours = witnesses(grid, views, seen, cell);
        if (colours.empty())
            continue;
        consensus[static_cast<std::size_t>(cell)] = median_colour(colours);
        costs.cells.push_back(cell);
    }
    costs.data = [&](int cell, int label) {
        if (!seen.visible(label, cell))
            return kForbidden;
        const auto at = static_cast<std::size_t>(cell);
        const float apart
            = std::abs(static_cast<float>(views[static_cast<std::size_t>(label)].index()) - grid.hidden_when[at]);
        return std::min(apart / kFramesApart, 10.0f)
               + 2 * std::min(distance(seen.colour(label, cell), consensus[at]) / (2 * kDisagreement), 1.0f);
    };
    costs.seam = [&](int cell, int neighbour, int a, int b) {
        float apart = 0;
        for (const int at : {cell, neighbour})
            apart += seen.visible(a, at) && seen.visible(b, at)
                         ? std::min(distance(seen.colour(a, at), seen.colour(b, at)) / kDisagreement, 2.0f)
                         : 0.5f;
        return kSourceSeam + apart;
    };
    return choose_labels(costs);
}

/// Steps between neighbours of different sources become gradients to undo; the solver spreads them.
std::vector<Colour> level_seams(const CellGrid& grid, const std::vector<SourceView>& views, const Seen& seen,
                                const std::vector<int>& sources, std::size_t base)
{
    const Window& window = grid.cells;
    const std::vector<Channel> colours{{"R"}, {"G"}, {"B"}};
    Image across(window, window, colours), down(window, window, colours), values(window, window, colours);
    Image weight(window, window, {{"A"}}, 1e-4f);
    bool any = false;
    for (const int cell : grid.active) {
        const int own = sources[static_cast<std::size_t>(cell)];
        if (own < 0)
            continue;
        const int x = window.x0 + cell % window.width(), y = window.y0 + cell / window.width();
        if (views[static_cast<std::size_t>(own)].index() == base && !grid.hidden[static_cast<std::size_t>(cell)])
            *weight.pixel(x, y) = 1;
        for (const bool is_across : {true, false}) {
            if (is_across ? x + 1 >= window.x1 : y + 1 >= window.y1)
                continue;
            const int next = cell + (is_across ? 1 : window.width()), other = sources[static_cast<std::size_t>(next)];
            if (other < 0 || other == own)
                continue;
            // Where both frames see both cells, the step between them is known without the picture in it.
            Colour step{};
            float known = 0;
            for (const int at : {cell, next})
                if (seen.visible(own, at) && seen.visible(other, at)) {
                    const Colour a = seen.colour(own, at), b = seen.colour(other, at);
                    for (std::size_t c = 0; c < 3; ++c)
                        step[c] += a[c] - b[c];
                    ++known;
                }
            if (known == 0)
                continue;
            for (std::size_t c = 0; c < 3; ++c)
                (is_across ? across : down).pixel(x, y)[c] = std::clamp(step[c] / known, -0.5f, 0.5f);
            any = true;
        }
    }
    std::vector<Colour> correction(grid.count());
    if (!any)
        return correction;
    const Image solved = integrate_gradients(across, down, values, weight);
    for (std::size_t cell = 0; cell < correction.size(); ++cell)
        std::copy_n(solved.data() + 3 * cell, 3, correction[cell].data());
    return correction;
}

}  // namespace

Choices choose(const CellGrid& grid, const CanvasPlan& plan, const std::vector<SourceView>& views,
               const std::vector<float>& depths, int nearness)
{
    Choices choices;
    Seen seen(grid, views, depths, nearness);
    choices.exposure = balance(grid, views, seen, plan.base);
    seen.expose(choices.exposure);
    choices.source = choose_sources_of_cells(grid, views, seen);
    choices.correction = level_seams(grid, views, seen, choices.source, plan.base);
    return choices;
}

}  // namespace platefall::cleanplate
