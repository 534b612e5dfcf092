/// From a pixel and its depth in one picture to the same place in another.
#pragma once

#include <platefall/camera.h>

#include <array>

namespace platefall {

/// Plane and parallax (Irani and Anandan 1996; Hartley and Zisserman 2004, section 13.3):
///
///     x' ~ homography (x, y, 1) + depth parallax
///
/// exact for whatever stands still. `depth` is inverse depth relative to the plane of the homography, in a unit of its
/// own: 0 on the plane; where the camera is known, one over metres along the view axis.
struct ViewMap {
    std::array<double, 9> homography{1, 0, 0, 0, 1, 0, 0, 0, 1};
    Vec3 parallax{0, 0, 0};

    bool has_parallax() const { return parallax != Vec3{0, 0, 0}; }

    struct Hit {
        Vec2 at;
        bool in_front;     ///< false: behind the camera; `at` means nothing
    };
    Hit operator()(const Vec2& pixel, double depth) const
    {
        const auto& m = homography;
        const auto [x, y] = pixel;
        const double w = m[6] * x + m[7] * y + m[8] + depth * parallax[2];
        return {{(m[0] * x + m[1] * y + m[2] + depth * parallax[0]) / w,
                 (m[3] * x + m[4] * y + m[5] + depth * parallax[1]) / w},
                w > 0};
    }
};

}  // namespace platefall
