/// Points that stand still in space, seen by a camera that is known: what pictures would show, without the pictures.
#pragma once

#include "cleanplate/moving_picture.h"
#include "cleanplate/motion/tracks.h"

#include <functional>
#include <optional>
#include <vector>

namespace platefall::cleanplate::test {

/// Where point `point` is seen in frame `frame`; nothing where it is not.
using Projection = std::function<std::optional<Vec2>(int point, int frame)>;

/// As it is found in the window: off by noise of this standard deviation each way.
inline std::optional<Vec2> found(const Window& window, const Projection& place, int point, int frame, double noise_px)
{
    const std::optional<Vec2> at = place(point, frame);
    if (!at)
        return std::nullopt;
    const auto offset = [&](std::uint64_t axis) { return noise_px * 3.46 * (chance(point, frame, 500 + axis) - 0.5); };
    const double x = (*at)[0] + offset(0), y = (*at)[1] + offset(1);
    if (x < window.x0 || x >= window.x1 || y < window.y0 || y >= window.y1)
        return std::nullopt;
    return Vec2{x, y};
}

/// Features of frames 1001, 1002 ...: every point has a descriptor of its own.
inline std::vector<FrameFeatures> features_of_points(const Window& window, int frames, int points,
                                                     const Projection& place, double noise_px = 0.1)
{
    std::vector<FrameFeatures> all;
    for (int frame = 0; frame < frames; ++frame) {
        FrameFeatures features{.frame = 1001 + frame, .window = window, .points = {}, .descriptors = {}};
        for (int point = 0; point < points; ++point) {
            const auto at = found(window, place, point, frame, noise_px);
            if (!at)
                continue;
            features.points.push_back(*at);
            for (int i = 0; i < 128; ++i)
                features.descriptors.push_back(static_cast<std::uint8_t>(90 * chance(point, i, 7)));
        }
        all.push_back(std::move(features));
    }
    return all;
}

/// Runs of frames in which a point is seen, as tracks of two sightings and more.
inline std::vector<Track> tracks_of_points(const Window& window, int frames, int points, const Projection& place,
                                           double noise_px = 0.1)
{
    std::vector<Track> all;
    for (int point = 0; point < points; ++point) {
        Track track;
        for (int frame = 0; frame < frames; ++frame)
            if (const auto at = found(window, place, point, frame, noise_px))
                track.push_back({frame, *at});
        if (track.size() > 1)
            all.push_back(std::move(track));
    }
    return all;
}

/// Points of the wall that lies in the picture plane of frame 0, spread over `area`.
inline Projection points_of_wall(const Window& area, const std::vector<Homography>& wall_from_frame)
{
    return [area, wall_from_frame](int point, int frame) -> std::optional<Vec2> {
        const Vec2 on_wall{area.x0 + area.width() * chance(point, 0, 3), area.y0 + area.height() * chance(point, 1, 3)};
        const Homography frame_from_wall = inverse(wall_from_frame[static_cast<std::size_t>(frame)]);
        if (!frame_from_wall.faces(on_wall))
            return std::nullopt;
        return frame_from_wall(on_wall);
    };
}

}  // namespace platefall::cleanplate::test
