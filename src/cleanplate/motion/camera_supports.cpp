#include "cleanplate/motion/camera_supports.h"

#include "cleanplate/motion/view_map.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace platefall::cleanplate {
namespace {

constexpr float kInfinitelyFar_m = 1e9f;
constexpr int kLeastStep = 8;          // pixels between samples
constexpr int kSamplesAcross = 128;
constexpr double kFarthestOff = 8;     // widths of the picture; nearly at a right angle to the base's view
constexpr double kSame = 0.03;         // of a depth

struct Samples {
    const Take& take;
    int step;
    std::vector<Take::Support> all{};

    /// With s x = A X + d e for the frame's pixel x and the base's X, and 1 / metres here being d / s.
    void add(std::size_t frame, const Window& window, const Vec2& pixel, double depth_here)
    {
        const ViewMap to_base = view_map(take, take.base, frame);
        const ViewMap::Hit hit = to_base(pixel, depth_here);
        const auto& m = to_base.homography;
        const double scale = m[6] * pixel[0] + m[7] * pixel[1] + m[8] + depth_here * to_base.parallax[2];
        const double reach = kFarthestOff * window.width();
        if (hit.in_front && std::abs(hit.at[0]) < reach && std::abs(hit.at[1]) < reach)
            all.push_back({hit.at, depth_here / scale, frame});
    }

    std::tuple<double, double> cell_of(const Take::Support& one) const
    {
        return {std::floor(one.base_point[1] / step), std::floor(one.base_point[0] / step)};
    }
};

void add_picture(Samples& samples, std::size_t frame, const Image& z)
{
    const Window& window = z.data_window();
    for (int y = window.y0 + samples.step / 2; y < window.y1; y += samples.step)
        for (int x = window.x0 + samples.step / 2; x < window.x1; x += samples.step) {
            const float metres = *z.pixel(x, y);
            const bool far = !std::isfinite(metres) || metres >= kInfinitelyFar_m;
            if (far || metres > 0)
                samples.add(frame, window, {x + 0.5, y + 0.5}, far ? 0.0 : 1 / static_cast<double>(metres));
        }
}

}  // namespace

std::vector<Take::Support> supports_of_depths(const std::vector<KnownGeometry::Depth>& depths, const Take& take)
{
    if (depths.empty())
        return {};
    Samples samples{take, std::max(kLeastStep, depths.front().z.data_window().width() / kSamplesAcross)};
    for (const KnownGeometry::Depth& depth : depths)
        if (const auto at = std::ranges::lower_bound(take.frames, depth.frame);
            at != take.frames.end() && *at == depth.frame)
            add_picture(samples, static_cast<std::size_t>(at - take.frames.begin()), depth.z);

    std::ranges::stable_sort(samples.all, {}, [&](const Take::Support& one) {
        return std::tuple_cat(samples.cell_of(one), std::tuple(one.depth));
    });
    const auto same = [&](const Take::Support& a, const Take::Support& b) {
        return samples.cell_of(a) == samples.cell_of(b) && b.depth - a.depth <= kSame * b.depth;
    };
    samples.all.erase(std::unique(samples.all.begin(), samples.all.end(), same), samples.all.end());
    return std::move(samples.all);
}

}  // namespace platefall::cleanplate
