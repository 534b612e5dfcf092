/// The shot's camera. Metres, y up, right-handed; the camera looks along its own -z with its own +y up.
#pragma once

#include <platefall/export.h>

#include <array>
#include <optional>

namespace platefall {

using Vec2 = std::array<double, 2>;
using Vec3 = std::array<double, 3>;
using Mat4 = std::array<std::array<double, 4>, 4>;  ///< row-major; vectors are columns

/// A pinhole camera at one frame, undistorted, principal point in the middle of the film back.
struct PLATEFALL_API Camera {
    Mat4 world_from_camera{{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}};
    double focal_length_mm = 35.0;
    Vec2 film_back_mm{36.0, 20.25};

    /// The pixel a world point falls on in a picture of the given size, which shows the full width of the
    /// film back; pixels are square. x right, y down, (0, 0) the top left corner of the display window's
    /// top left pixel. Nothing when the point is not in front of the camera.
    std::optional<Vec2> project(const Vec3& world_m, int width_px, int height_px) const;
};

}  // namespace platefall
