/// Pictures of a made-up texture, seen by a camera that is known.
#pragma once

#include "cleanplate/motion/view_map.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <vector>

namespace platefall::cleanplate::test {

/// Uniform in [0, 1), the same for the same arguments.
inline double chance(std::int64_t x, std::int64_t y, std::uint64_t seed)
{
    std::uint64_t h = static_cast<std::uint64_t>(x) * 0x9E3779B97F4A7C15u
                      ^ static_cast<std::uint64_t>(y) * 0xC2B2AE3D27D4EB4Fu ^ seed * 0x165667B19E3779F9u;
    for (int round = 0; round < 3; ++round)
        h = (h ^ (h >> 29)) * 0xBF58476D1CE4E5B9u;
    return static_cast<double>(h >> 11) * 0x1p-53;
}

/// Smooth between random values on a lattice.
inline double lattice_noise(double x, double y, std::uint64_t seed)
{
    const double left = std::floor(x), top = std::floor(y);
    const auto ease = [](double t) { return t * t * (3 - 2 * t); };
    const double u = ease(x - left), v = ease(y - top);
    const auto corner = [&](int dx, int dy) {
        return chance(static_cast<std::int64_t>(left) + dx, static_cast<std::int64_t>(top) + dy, seed);
    };
    return (corner(0, 0) * (1 - u) + corner(1, 0) * u) * (1 - v)
           + (corner(0, 1) * (1 - u) + corner(1, 1) * u) * v;
}

/// A wall with detail of 5 to 60 px, scene-linear, from 0.02 to 1.2.
inline double wall(const Vec2& at, std::uint64_t seed = 1)
{
    double stops = 0;
    for (const double size_px : {5.0, 9.0, 17.0, 33.0, 60.0})
        stops +=
            2.4
            * (lattice_noise(at[0] / size_px, at[1] / size_px, seed + static_cast<std::uint64_t>(size_px))
               - 0.5);
    return 0.18 * std::exp2(stops);
}

/// A plate whose pixel centres show `light`; with photon noise, different in every frame.
inline Image picture(const Window& window, int frame, const std::function<double(const Vec2&)>& light,
                     double noise = 0.01)
{
    Image plate(window, window, {{"R"}, {"G"}, {"B"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            const double value = light({x + 0.5, y + 0.5});
            const double grain = chance(x, y, 1000u + static_cast<std::uint64_t>(frame))
                                 + chance(y, x, 2000u + static_cast<std::uint64_t>(frame)) - 1;
            std::fill_n(plate.pixel(x, y), 3,
                        static_cast<float>(std::max(0.0, value + noise * grain * std::sqrt(6 * value))));
        }
    return plate;
}

/// Frames 1001, 1002 ... of the wall, where frame i sees it through wall_from_frame[i].
inline std::vector<FrameFeatures>
features_of_wall(const Window& window, const std::vector<Homography>& wall_from_frame, double noise = 0.01)
{
    std::vector<FrameFeatures> frames;
    for (int i = 0; i < static_cast<int>(wall_from_frame.size()); ++i)
        frames.push_back(find_features(
            1001 + i,
            picture(
                window, i,
                [&](const Vec2& at) { return wall(wall_from_frame[static_cast<std::size_t>(i)](at)); },
                noise),
            nullptr));
    return frames;
}

/// The largest distance in pixels, over the corners of the window, between where two maps put them.
inline double corner_error(const Homography& a, const Homography& b, const Window& window)
{
    double worst = 0;
    for (const double x : {window.x0, window.x1})
        for (const double y : {window.y0, window.y1}) {
            const Vec2 p = a({x, y}), q = b({x, y});
            worst = std::max(worst, std::hypot(p[0] - q[0], p[1] - q[1]));
        }
    return worst;
}

/// The worst corner error between frames `from` and `to` of a take, against the truth.
inline double error_between(const Take& take, const std::vector<Homography>& wall_from_frame,
                            const Window& window, std::size_t to, std::size_t from)
{
    return corner_error(Homography{view_map(take, to, from).homography},
                        compose(inverse(wall_from_frame[to]), wall_from_frame[from]), window);
}

}  // namespace platefall::cleanplate::test
