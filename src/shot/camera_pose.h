/// From the ways in which people and files write down a camera's place to a matrix.
#pragma once

#include <platefall/camera.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>
#include <string_view>

namespace platefall {

inline constexpr double kRadiansPerDegree = std::numbers::pi / 180;

inline Mat4 multiply(const Mat4& a, const Mat4& b)
{
    Mat4 product{};
    for (std::size_t row = 0; row < 4; ++row)
        for (std::size_t column = 0; column < 4; ++column)
            for (std::size_t i = 0; i < 4; ++i)
                product[row][column] += a[row][i] * b[i][column];
    return product;
}

/// A right-handed turn about axis 0 (x), 1 (y) or 2 (z).
inline Mat4 rotation_about(std::size_t axis, double angle_deg)
{
    const double c = std::cos(angle_deg * kRadiansPerDegree), s = std::sin(angle_deg * kRadiansPerDegree);
    const std::size_t next = (axis + 1) % 3, last = (axis + 2) % 3;
    Mat4 rotation{};
    rotation[axis][axis] = rotation[3][3] = 1;
    rotation[next][next] = rotation[last][last] = c;
    rotation[next][last] = -s;
    rotation[last][next] = s;
    return rotation;
}

/// `order` names the axes in the order in which the turns are made about the fixed axes of the parent: "xyz" is
/// x first, R = Rz Ry Rx. Blender's Euler orders and Nuke's rotation orders mean the same.
inline Mat4 pose_from_angles(const Vec3& position, const Vec3& rotation_deg, std::string_view order)
{
    Mat4 pose{{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}};
    for (const char name : order) {
        const auto axis = static_cast<std::size_t>(name - 'x');
        pose = multiply(rotation_about(axis, rotation_deg[axis]), pose);
    }
    for (std::size_t i = 0; i < 3; ++i)
        pose[i][3] = position[i];
    return pose;
}

/// Up is +y. Nothing when the target is the position, or straight above or below it, which leaves the roll open.
inline std::optional<Mat4> pose_looking_at(const Vec3& position, const Vec3& target)
{
    // The camera looks along -z, so z points from the target to the camera; x = y_world cross z.
    Vec3 z{position[0] - target[0], position[1] - target[1], position[2] - target[2]};
    const double distance = std::hypot(z[0], z[1], z[2]), level = std::hypot(z[0], z[2]);
    if (!(level > 1e-9 * distance))
        return std::nullopt;
    for (double& component : z)
        component /= distance;
    const Vec3 x{z[2] * distance / level, 0, -z[0] * distance / level};
    const Vec3 y{z[1] * x[2], z[2] * x[0] - z[0] * x[2], -z[1] * x[0]};
    return Mat4{{{x[0], y[0], z[0], position[0]},
                 {x[1], y[1], z[1], position[1]},
                 {x[2], y[2], z[2], position[2]},
                 {0, 0, 0, 1}}};
}

/// The same camera in a world whose y is up: (x, y, z) becomes (x, z, -y).
inline Mat4 y_up_from_z_up(const Mat4& pose)
{
    return multiply({{{1, 0, 0, 0}, {0, 0, 1, 0}, {0, -1, 0, 0}, {0, 0, 0, 1}}}, pose);
}

/// Whether a matrix only turns and moves: no scale, shear, mirror or perspective.
inline bool is_rigid(const Mat4& pose)
{
    constexpr double kTolerance = 1e-4;   // single precision, and files with few digits
    double worst = 0;
    for (std::size_t a = 0; a < 3; ++a)
        for (std::size_t b = 0; b < 3; ++b) {
            double dot = 0;
            for (std::size_t i = 0; i < 3; ++i)
                dot += pose[i][a] * pose[i][b];
            worst = std::max(worst, std::abs(dot - (a == b ? 1 : 0)));
        }
    const double determinant = pose[0][0] * (pose[1][1] * pose[2][2] - pose[1][2] * pose[2][1])
                               - pose[0][1] * (pose[1][0] * pose[2][2] - pose[1][2] * pose[2][0])
                               + pose[0][2] * (pose[1][0] * pose[2][1] - pose[1][1] * pose[2][0]);
    return worst < kTolerance && determinant > 0 && pose[3] == std::array<double, 4>{0, 0, 0, 1};
}

inline bool is_field_of_view(double degrees)
{
    return degrees > 0 && degrees < 180;
}

inline double focal_length_of_fov(double vertical_fov_deg, double film_back_height_mm)
{
    return film_back_height_mm / 2 / std::tan(vertical_fov_deg / 2 * kRadiansPerDegree);
}

}  // namespace platefall
