/// Which way one frame's parallax points. Private to the sources that find parallax: it names Eigen's types.
#pragma once

#include <Eigen/Core>

#include <vector>

namespace platefall::cleanplate {

/// Something in one frame: where the plane's homography puts it, and where it is.
struct Shift {
    Eigen::Vector2d plane, at;
};

struct Epipole {
    Eigen::Vector3d direction = Eigen::Vector3d::Zero();  ///< unit length, of either sign
    int followers = 0;                                    ///< shifts along it
};

/// What stands still beside the plane moves along lines through the epipole. Those that do not stand still are outvoted;
/// `noise` is how far off its line a shift may be.
Epipole find_epipole(const std::vector<Shift>& shifts, double noise);

}  // namespace platefall::cleanplate
