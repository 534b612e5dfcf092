/// Plane-to-plane projective maps between pixel coordinates. Pixel centres lie at +0.5, y down; the coordinates are
/// those of the image windows.
#pragma once

#include <platefall/camera.h>

#include <array>

namespace platefall::cleanplate {

/// x' = (m0 x + m1 y + m2) / w, y' = (m3 x + m4 y + m5) / w, w = m6 x + m7 y + m8. Scaled so that m8 is 1 where
/// that is possible; with that scale w > 0 for every point that the map does not turn inside out.
struct Homography {
    std::array<double, 9> m{1, 0, 0, 0, 1, 0, 0, 0, 1};

    bool operator==(const Homography&) const = default;

    Vec2 operator()(const Vec2& point) const
    {
        const auto [x, y] = point;
        const double w = m[6] * x + m[7] * y + m[8];
        return {(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w};
    }

    /// Whether the point is mapped without passing through infinity.
    bool faces(const Vec2& point) const { return m[6] * point[0] + m[7] * point[1] + m[8] > 0; }
};

/// First `before`, then `after`.
Homography compose(const Homography& after, const Homography& before);

/// Throws std::logic_error for a map that is singular.
Homography inverse(const Homography& map);

/// How many square pixels one square pixel at `point` becomes; 1 for a pure move.
double area_scale(const Homography& map, const Vec2& point);

}  // namespace platefall::cleanplate
