#include <platefall/camera.h>

#include <cstddef>

namespace platefall {

std::optional<Vec2> Camera::project(const Vec3& world_m, int width_px, int height_px) const
{
    // camera_from_world: the pose is a rotation and a translation, so its transpose turns back.
    Vec3 in_camera{};
    for (std::size_t axis = 0; axis < 3; ++axis)
        for (std::size_t i = 0; i < 3; ++i)
            in_camera[axis] += world_from_camera[i][axis] * (world_m[i] - world_from_camera[i][3]);

    const double depth_m = -in_camera[2];
    if (!(depth_m > 0))
        return std::nullopt;
    const double focal_length_px = focal_length_mm / film_back_mm[0] * width_px;
    return Vec2{width_px / 2.0 + focal_length_px * in_camera[0] / depth_m,
                height_px / 2.0 - focal_length_px * in_camera[1] / depth_m};
}

}  // namespace platefall
