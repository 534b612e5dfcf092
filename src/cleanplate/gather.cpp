#include "cleanplate/gather.h"

#include "base/parallel.h"
#include "cleanplate/choices.h"
#include "cleanplate/depth.h"
#include "cleanplate/log_encoding.h"
#include "cleanplate/occlusion.h"
#include "image/sample.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr int kRingPx = 32;
constexpr int kLeastContextPx = 192;   // to make something up from
constexpr float kAveragedFrames = 4;   // before and after; more brings little, and drifts

const std::vector<Channel> kColours{{"R", ChannelType::full_float},
                                    {"G", ChannelType::full_float},
                                    {"B", ChannelType::full_float}};

double depth_at(const std::vector<float>& depths, const CellGrid::Corners& corners)
{
    float depth = 0;
    for (std::size_t i = 0; i < 4; ++i)
        depth += corners.weight[i] * depths[corners.cell[i]];
    return static_cast<double>(depth);
}

/// Those corners alone that belong to the surface of the nearest one that some frame saw: nothing is mixed across a step in
/// depth.
CellGrid::Corners on_one_surface(CellGrid::Corners corners, const Choices& choices, const std::vector<float>& depths, float step)
{
    const auto rank = [&](std::size_t i) {
        return corners.weight[i] + (corners.weight[i] > 0 && choices.source[corners.cell[i]] >= 0 ? 1.0f : 0.0f);
    };
    std::size_t nearest = 0;
    for (std::size_t i = 1; i < 4; ++i)
        if (rank(i) > rank(nearest))
            nearest = i;
    const float own = depths[corners.cell[nearest]];
    float left = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        if (std::abs(depths[corners.cell[i]] - own) > step)
            corners.weight[i] = 0;
        left += corners.weight[i];
    }
    if (left < 0.999f)
        for (float& weight : corners.weight)
            weight /= left;
    return corners;
}

/// How much of a pixel is copied from a view; 0..1.
float share_of(const Choices& choices, const CellGrid::Corners& corners, int view)
{
    float share = 0;
    for (std::size_t i = 0; i < 4; ++i)
        if (choices.source[corners.cell[i]] == view)
            share += corners.weight[i];
    return share;
}

/// One view moved onto the canvas at full resolution: R G B and the part of the noise that is left; 0 where it does
/// not see.
class Warped {
public:
    Warped(const Choices& choices, const std::vector<float>& depths, const ViewMap& view_from_canvas,
           const FrameMasks& masks, const Image& plate, int view)
        : choices_(choices), depths_(depths), map_(view_from_canvas), masks_(masks), plate_(plate), view_(view)
    {
    }

    /// Whether this view sees the pixel; if so its exposed colour, and what is left of its noise's variance.
    bool look(int x, int y, const CellGrid::Corners& corners, float* rgb, float& noise) const
    {
        const ViewMap::Hit hit = map_({x + 0.5, y + 0.5}, depth_at(depths_, corners));
        const int u = static_cast<int>(std::floor(hit.at[0])), v = static_cast<int>(std::floor(hit.at[1]));
        if (!hit.in_front || !plate_.data_window().contains(u, v) || masks_.blocked.at(u, v))
            return false;
        noise = sample(plate_, hit.at, 3, rgb);
        expose(corners, rgb);
        return true;
    }

private:
    void expose(const CellGrid::Corners& corners, float* rgb) const
    {
        const auto& everywhere = choices_.exposure[static_cast<std::size_t>(view_)];
        for (std::size_t c = 0; c < 3; ++c) {
            float stops = everywhere[c];
            for (std::size_t i = 0; i < 4; ++i)
                stops += corners.weight[i] * choices_.correction[corners.cell[i]][c];
            if (stops != 0)   // black may not become less than black
                rgb[c] = std::max((rgb[c] + kLogEpsilon) * std::exp2(stops) - kLogEpsilon, std::min(rgb[c], 0.0f));
        }
    }

    const Choices& choices_;
    const std::vector<float>& depths_;
    const ViewMap& map_;
    const FrameMasks& masks_;
    const Image& plate_;
    int view_;
};

/// Sums over views, pixel by pixel: R G B, weight, and squared weight times noise.
class Sums {
public:
    Sums() = default;
    explicit Sums(const Window& window)
        : sums_(window, window, {{"R"}, {"G"}, {"B"}, {"weight"}, {"noise"}})
    {
    }

    void add(int x, int y, const float* rgb, float weight, float noise)
    {
        float* sum = sums_.pixel(x, y);
        for (std::size_t c = 0; c < 3; ++c)
            sum[c] += weight * rgb[c];
        sum[3] += weight;
        sum[4] += weight * weight * noise;
    }

    const float* at(int x, int y) const { return sums_.pixel(x, y); }

private:
    Image sums_;
};

class Gatherer {
public:
    Gatherer(const Take& take, const std::vector<FrameMasks>& masks, const CanvasPlan& plan, const NoiseModel& noise,
             const PlateReader& plate_of, std::vector<std::size_t> sources)
        : take_(take), masks_(masks), plan_(plan), noise_(noise), plate_of_(plate_of), sources_(std::move(sources))
    {
        look(kRingPx);
        if (is_unseen_somewhere())
            look(std::max({kLeastContextPx, plan.window.width() / 2, plan.window.height() / 2}));
        copied_ = averaged_ = Sums(grid_.pixels());
    }

    Canvas run()
    {
        for_each_view([&](int view, const Warped& warped) { copy(view, warped); });
        if (noise_.is_silent() || views_.size() == 1)
            return canvas(copied_);
        averaged_ = copied_;
        for_each_view([&](int view, const Warped& warped) { average(view, warped); });
        return canvas(averaged_);
    }

private:
    /// Everything that is decided on cells, with `ring_px` around the holes.
    void look(int ring_px)
    {
        grid_ = make_grid(take_, masks_, plan_, ring_px);
        const auto sources = sources_.empty() ? choose_sources(grid_, take_, masks_, plan_) : sources_;
        views_ = view_sources(grid_, take_, masks_, plan_, sources, plate_of_);
        depths_ = find_depths(grid_, take_, plan_, views_);
        nearness_ = nearness(grid_, take_, views_, depths_);
        choices_ = choose(grid_, plan_, views_, depths_, nearness_);
    }

    bool is_unseen_somewhere() const
    {
        return std::ranges::any_of(grid_.active, [&](int cell) {
            return grid_.hidden[static_cast<std::size_t>(cell)] && choices_.source[static_cast<std::size_t>(cell)] < 0;
        });
    }

    void for_each_view(const std::function<void(int, const Warped&)>& work) const
    {
        for (int view = 0; view < static_cast<int>(views_.size()); ++view) {
            const SourceView& from = views_[static_cast<std::size_t>(view)];
            const auto plate = plate_of_(from.index());
            work(view, Warped(choices_, depths_, from.view_from_canvas(), masks_[from.index()], *plate, view));
        }
    }

    /// Calls `work(x, y, corners)` for every pixel of the active cells, rows in parallel.
    void for_each_pixel(const std::function<void(int, int, const CellGrid::Corners&)>& work) const
    {
        const int width = grid_.cells.width();
        const float step = step_between_surfaces(depths_);
        parallel_rows(0, grid_.cells.height(), [&](int first, int last) {
            auto cell = std::ranges::lower_bound(grid_.active, first * width);
            for (; cell != grid_.active.end() && *cell < last * width; ++cell) {
                const int left = (grid_.cells.x0 + *cell % width) * grid_.size;
                const int top = (grid_.cells.y0 + *cell / width) * grid_.size;
                for (int y = top; y < top + grid_.size; ++y)
                    for (int x = left; x < left + grid_.size; ++x)
                        work(x, y, on_one_surface(grid_.around(x, y), choices_, depths_, step));
            }
        });
    }

    void copy(int view, const Warped& warped)
    {
        for_each_pixel([&](int x, int y, const CellGrid::Corners& corners) {
            const float share = share_of(choices_, corners, view);
            std::array<float, 3> rgb{};
            float noise = 0;
            if (share > 0 && warped.look(x, y, corners, rgb.data(), noise))
                copied_.add(x, y, rgb.data(), share, noise);
        });
    }

    /// Adds what agrees with the copy to within the noise. The colour is compared over its neighbours too, but only the
    /// pixel itself is averaged, so that nothing blurs.
    void average(int view, const Warped& warped)
    {
        const auto when = static_cast<float>(views_[static_cast<std::size_t>(view)].index());
        for_each_pixel([&](int x, int y, const CellGrid::Corners& corners) {
            const float* sum = copied_.at(x, y);
            const float share = share_of(choices_, corners, view);
            if (share == 1 || std::abs(when - grid_.hidden_when[corners.cell[0]]) > kAveragedFrames)
                return;
            std::array<float, 3> rgb{};
            float noise = 0;
            if (sum[3] == 0 || !warped.look(x, y, corners, rgb.data(), noise))
                return;
            float apart = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                const float value = sum[c] / sum[3], difference = rgb[c] - value;
                const float variance = noise_.variance_floor[c] + noise_.variance_slope[c] * std::max(value, 0.0f);
                apart += difference * difference / (2 * variance + 1e-12f) / 3;
            }
            // Twice the noise's own variance is nothing special, four times is.
            const float weight = (1 - share) * std::clamp(2 - apart / 2, 0.0f, 1.0f);
            if (weight > 0)
                averaged_.add(x, y, rgb.data(), weight, noise);
        });
    }

    Canvas canvas(const Sums& sums) const
    {
        const Window window = grid_.pixels();
        const auto [low, high] = std::ranges::minmax_element(depths_);
        Canvas canvas{.plan = plan_,
                      .picture = Image(window, window, kColours),
                      .facts = Image(window, window, {{"generated"}, {"noise"}, {"depth"}}),
                      .nearest = std::max(*low * static_cast<float>(nearness_), *high * static_cast<float>(nearness_)),
                      .farthest = std::min(*low * static_cast<float>(nearness_), *high * static_cast<float>(nearness_)),
                      .nearness = nearness_,
                      .hidden = hidden_pixels()};
        for_each_pixel([&](int x, int y, const CellGrid::Corners& corners) {
            const float* sum = sums.at(x, y);
            float* facts = canvas.facts.pixel(x, y);
            facts[kDepth] = static_cast<float>(nearness_ * depth_at(depths_, corners));
            if (sum[3] < 1e-3f)
                return;
            float* rgb = canvas.picture.pixel(x, y);
            for (std::size_t c = 0; c < 3; ++c)
                rgb[c] = sum[c] / sum[3];
            facts[kGenerated] = kPhotographed;
            facts[kNoise] = std::min(sum[4] / (sum[3] * sum[3]), 1.0f);
        });
        return canvas;
    }

    Mask hidden_pixels() const
    {
        Mask hidden(grid_.pixels());
        for (const int cell : grid_.active) {
            if (!grid_.hidden[static_cast<std::size_t>(cell)])
                continue;
            const int left = (grid_.cells.x0 + cell % grid_.cells.width()) * grid_.size;
            const int top = (grid_.cells.y0 + cell / grid_.cells.width()) * grid_.size;
            for (int y = top; y < top + grid_.size; ++y)
                for (int x = left; x < left + grid_.size; ++x)
                    hidden.set(x, y);
        }
        return hidden;
    }

    const Take& take_;
    const std::vector<FrameMasks>& masks_;
    const CanvasPlan& plan_;
    const NoiseModel& noise_;
    const PlateReader& plate_of_;
    const std::vector<std::size_t> sources_;   ///< empty: whichever are best
    CellGrid grid_;
    std::vector<SourceView> views_;
    std::vector<float> depths_;
    int nearness_ = 1;
    Choices choices_;
    Sums copied_, averaged_;
};

}  // namespace

Canvas gather(const Take& take, const std::vector<FrameMasks>& masks, const CanvasPlan& plan,
              const NoiseModel& noise, const PlateReader& plate_of)
{
    return Gatherer(take, masks, plan, noise, plate_of, {}).run();
}

Canvas gather_from_base(const Take& take, const std::vector<FrameMasks>& masks, const CanvasPlan& plan,
                        const PlateReader& plate_of)
{
    return Gatherer(take, masks, plan, NoiseModel{}, plate_of, {plan.base}).run();
}

}  // namespace platefall::cleanplate
