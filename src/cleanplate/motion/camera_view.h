/// A known camera in pixels. Private to the sources that use cameras: it names Eigen's types.
#pragma once

#include "cleanplate/motion/homography.h"

#include <platefall/image.h>

#include <Eigen/Core>
#include <Eigen/LU>

namespace platefall::cleanplate {

/// Square pixels; the display window shows the full width of the film back, as Camera::project has it.
class CameraView {
public:
    CameraView(const Camera& camera, const Window& display)
    {
        const Mat4& pose = camera.world_from_camera;
        const double focal_px = camera.focal_length_mm / camera.film_back_mm[0] * display.width();
        const Eigen::Matrix3d pixels_from_camera{{focal_px, 0, -(display.x0 + display.x1) / 2.0},
                                                 {0, -focal_px, -(display.y0 + display.y1) / 2.0},
                                                 {0, 0, -1}};
        Eigen::Matrix3d world_from_camera;
        for (Eigen::Index row = 0; row < 3; ++row) {
            for (Eigen::Index column = 0; column < 3; ++column)
                world_from_camera(row, column) = pose[row][column];
            centre_[row] = pose[row][3];
        }
        pixels_from_world_ = pixels_from_camera * world_from_camera.transpose();
    }

    /// Of something infinitely far away: its pixel here by its pixel there; the identity for the same orientation. The
    /// last row gives the ratio of its distances along the two view axes.
    Homography far_away_from(const CameraView& other) const
    {
        Homography map;
        if (pixels_from_world_ != other.pixels_from_world_)
            Eigen::Map<Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(map.m.data()) =
                pixels_from_world_ * other.pixels_from_world_.inverse();
        return map;
    }

    /// What is added to that, times one over metres along the other's view axis, for something that is nearer.
    Vec3 parallax_from(const CameraView& other) const
    {
        const Eigen::Vector3d moved = pixels_from_world_ * (other.centre_ - centre_);
        return {moved[0], moved[1], moved[2]};
    }

private:
    Eigen::Matrix3d pixels_from_world_;   ///< of directions; the third component is metres along the view axis
    Eigen::Vector3d centre_;
};

}  // namespace platefall::cleanplate
