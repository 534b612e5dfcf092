#include "cleanplate/canvas.h"

#include "image/sample.h"

#include <algorithm>
#include <cmath>

namespace platefall::cleanplate {
namespace {

constexpr double kMostScale = 2.0;       // of areas: a factor of 1.4 in length

// Of the width, between nearest and farthest: more uncovers too much, of the scene and of what shows around the hole.
constexpr double kMostParallax = 0.05, kMostParallaxAround = 0.02;
constexpr std::size_t kFewestAround = 20;   // features whose depths say what is to be expected in the hole

/// Lowest and highest but for a few, and 0.
std::vector<double> range_of(std::vector<double> depths)
{
    if (depths.empty())
        return {0.0};
    std::ranges::sort(depths);
    return {depths[depths.size() / 50], 0.0, depths[depths.size() - 1 - depths.size() / 50]};
}

/// Of what shows around the hole of a frame; of the whole scene where that is next to nothing.
std::vector<double> depth_range_around(const Take& take, const Window& hole, std::size_t index)
{
    const int dx = hole.width() / 2, dy = hole.height() / 2;
    const Window around{hole.x0 - dx, hole.y0 - dy, hole.x1 + dx, hole.y1 + dy};
    const ViewMap map = view_map(take, index, take.base);
    std::vector<double> depths;
    for (const Take::Support& support : take.supports)
        if (const auto [at, in_front] = map(support.base_point, support.depth);
            in_front && around.contains(static_cast<int>(std::floor(at[0])), static_cast<int>(std::floor(at[1]))))
            depths.push_back(support.depth);
    return depths.size() < kFewestAround ? depth_range(take) : range_of(std::move(depths));
}

/// Whether the hole of a frame keeps about its size on the canvas of `base`, and sees what that sees.
bool fits(const Take& take, const CanvasPlan& plan, const Mask& hole, std::size_t index)
{
    if (hole.empty() || index == plan.base)
        return true;
    const ViewMap map = view_map(take, plan.base, index);
    const Homography plane{map.homography};
    const Window& w = hole.window();
    const std::vector<double> scene = depth_range(take), around = depth_range_around(take, w, index);
    const auto parallax = [&](const Vec2& at, const std::vector<double>& depths) {
        const Vec2 low = map(at, depths.front()).at, high = map(at, depths.back()).at;
        return std::hypot(low[0] - high[0], low[1] - high[1]) / plan.plate.width();
    };
    for (const double x : {w.x0 + 0.5, w.x1 - 0.5})
        for (const double y : {w.y0 + 0.5, w.y1 - 0.5}) {
            const double scale = plane.faces({x, y}) ? area_scale(plane, {x, y}) : 0.0;
            if (!(scale > 1 / kMostScale && scale < kMostScale) || parallax({x, y}, scene) > kMostParallax
                || parallax({x, y}, around) > kMostParallaxAround)
                return false;
        }
    return true;
}

Window moved(const Window& window, const ViewMap& map, const std::vector<double>& depths)
{
    Window all;
    for (const double depth : depths)
        for (const int x : {window.x0, window.x1})
            for (const int y : {window.y0, window.y1}) {
                const ViewMap::Hit hit = map({static_cast<double>(x), static_cast<double>(y)}, depth);
                const int u = static_cast<int>(std::floor(hit.at[0])), v = static_cast<int>(std::floor(hit.at[1]));
                if (hit.in_front)
                    all = unite(all, {u, v, u + 1, v + 1});
            }
    return all;
}

Window window_of(const Take& take, const std::vector<FrameMasks>& masks, const CanvasPlan& plan)
{
    const std::vector<double> depths = depth_range(take);
    Window window;
    for (const std::size_t index : plan.targets)
        if (!masks[index].hole.empty())
            window = unite(window, moved(masks[index].hole.window(), view_map(take, plan.base, index), depths));
    return window;
}

/// The middle of a range, or what is nearest to it and shows anything at all, and not as a blur.
std::size_t base_of(const Take& take, const std::vector<FrameMasks>& masks, std::size_t first, std::size_t last,
                    const Window& plate)
{
    const std::size_t middle = first + (last - first) / 2;
    for (std::size_t away = 0; away <= last - middle; ++away)
        for (const std::size_t index : {middle + away, middle - std::min(away, middle - first)})
            if (!covers(masks[index].blocked, plate) && !take.is_lost(index))
                return index;
    return middle;
}

/// Halves the range until the frame in its middle serves all of it.
void plan_range(const Take& take, const std::vector<FrameMasks>& masks, std::size_t first, std::size_t last,
                const Window& plate, std::vector<CanvasPlan>& plans)
{
    const std::size_t middle = first + (last - first) / 2;
    CanvasPlan plan{.base = base_of(take, masks, first, last, plate), .targets = {}, .plate = plate, .window = {}};
    bool all_fit = true;
    for (std::size_t index = first; index <= last; ++index) {
        plan.targets.push_back(index);
        all_fit = all_fit && fits(take, plan, masks[index].hole, index);
    }
    if (!all_fit && first < last) {
        plan_range(take, masks, first, middle, plate, plans);
        plan_range(take, masks, middle + 1, last, plate, plans);
        return;
    }
    plan.window = window_of(take, masks, plan);
    plans.push_back(std::move(plan));
}

}  // namespace

std::vector<CanvasPlan> plan_canvases(const Take& take, const std::vector<FrameMasks>& masks, const Window& plate)
{
    std::vector<CanvasPlan> plans;
    plan_range(take, masks, 0, take.frames.size() - 1, plate, plans);
    return plans;
}

CanvasFinder::CanvasFinder(const Canvas& canvas, const ViewMap& frame_from_canvas)
    : canvas_(canvas), back_(inverse(Homography{frame_from_canvas.homography}).m)
{
    // Only the ratio of parallax to homography matters, and inverse() has changed the latter's scale.
    const auto& a = frame_from_canvas.homography;
    const double scale = a[6] * back_[2] + a[7] * back_[5] + a[8] * back_[8];
    for (std::size_t row = 0; row < 3; ++row) {
        shift_[row] = 0;
        for (std::size_t i = 0; i < 3; ++i)
            shift_[row] += back_[3 * row + i] * frame_from_canvas.parallax[i] / scale;
    }
    if (frame_from_canvas.has_parallax()) {
        nearest_ = static_cast<double>(canvas.nearest);
        farthest_ = static_cast<double>(canvas.farthest);
    }
}

/// s (x, y, 1) = A q + d e  gives  q = s A^-1 (x, y, 1) - d A^-1 e, with s such that the last component is 1.
Vec2 CanvasFinder::at_depth(const Vec3& direction, double depth) const
{
    const double s = (1 + depth * shift_[2]) / direction[2];
    return {s * direction[0] - depth * shift_[0], s * direction[1] - depth * shift_[1]};
}

double CanvasFinder::surface(const Vec2& at) const
{
    std::array<float, 3> facts{};
    sample_linear(canvas_.facts, at, 3, facts.data());
    return static_cast<double>(facts[kDepth]);
}

Vec2 CanvasFinder::meet(const Vec3& direction) const
{
    constexpr double kStep_px = 1.0;
    constexpr double kEdge = 0.12;   // of the range of depths: a step that no slope makes within a pixel
    const double range = nearest_ - farthest_;
    Vec2 at = at_depth(direction, nearest_);
    if (range == 0)
        return at;
    const Vec2 end = at_depth(direction, farthest_);
    const int steps = std::clamp(static_cast<int>(std::hypot(end[0] - at[0], end[1] - at[1]) / kStep_px) + 1, 1, 512);
    double depth = nearest_, ground = surface(at);
    for (int step = 1; step <= steps; ++step) {
        const double next_depth = nearest_ - range * step / steps;
        const Vec2 next = at_depth(direction, next_depth);
        const double next_ground = surface(next);
        if (next_ground >= next_depth) {
            if (next_ground - ground > kEdge * range)
                return at;
            // Between the two steps, where ray and ground cross.
            const double above = depth - ground, below = next_ground - next_depth;
            const double share = above > 0 ? above / (above + below) : 0.0;
            return at_depth(direction, depth + share * (next_depth - depth));
        }
        at = next;
        depth = next_depth;
        ground = next_ground;
    }
    return at;
}

std::optional<Vec2> CanvasFinder::operator()(const Vec2& frame_pixel) const
{
    const auto& m = back_;
    const auto [x, y] = frame_pixel;
    const Vec3 direction{m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5], m[6] * x + m[7] * y + m[8]};
    if (!(direction[2] > 0))
        return std::nullopt;
    const Vec2 at = meet(direction);
    const int u = static_cast<int>(std::floor(at[0])), v = static_cast<int>(std::floor(at[1]));
    if (!canvas_.facts.data_window().contains(u, v) || canvas_.facts.pixel(u, v)[kGenerated] == 0)
        return std::nullopt;
    return at;
}

std::vector<double> depth_range(const Take& take)
{
    const bool flat = std::ranges::all_of(take.parallax, [](const Vec3& parallax) { return parallax == Vec3{0, 0, 0}; });
    std::vector<double> depths;
    for (const Take::Support& support : take.supports)
        depths.push_back(support.depth);
    return range_of(flat ? std::vector<double>{} : std::move(depths));
}

}  // namespace platefall::cleanplate
