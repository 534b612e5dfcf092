#include "cleanplate/motion/view_map.h"

namespace platefall::cleanplate {
namespace {

using Mat3 = std::array<double, 9>;

Vec3 times(const Mat3& m, const Vec3& v)
{
    return {m[0] * v[0] + m[1] * v[1] + m[2] * v[2], m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
            m[6] * v[0] + m[7] * v[1] + m[8] * v[2]};
}

Mat3 times(const Mat3& a, const Mat3& b)
{
    Mat3 product{};
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t column = 0; column < 3; ++column)
            for (std::size_t i = 0; i < 3; ++i)
                product[3 * row + column] += a[3 * row + i] * b[3 * i + column];
    return product;
}

/// Exact, where inverse() of a Homography leaves the scale open.
Mat3 inverted(const Mat3& m)
{
    Mat3 inverse{m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                 m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                 m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
    const double determinant = m[0] * inverse[0] + m[1] * inverse[3] + m[2] * inverse[6];
    for (double& value : inverse)
        value /= determinant;
    return inverse;
}

}  // namespace

// With x_t ~ A_t X + d e_t for base pixels X, and s x_b = A_b X + d e_b at a frame b, inserting X gives
//     x_t ~ A_t A_b^-1 x_b + (d / s) (e_t - A_t A_b^-1 e_b).
// Homographies are only known up to scale, parallax belongs to one choice of it, so nothing is rescaled on the way.

ViewMap view_map(const Take& take, std::size_t to, std::size_t from)
{
    if (to == from)
        return {};
    ViewMap map{.homography = times(take.frame_from_base[to].m, inverted(take.frame_from_base[from].m)),
                .parallax = {0, 0, 0}};
    const Vec3 start = times(map.homography, take.parallax[from]);
    for (std::size_t i = 0; i < 3; ++i)
        map.parallax[i] = take.parallax[to][i] - start[i];
    return map;
}

double depth_in(const Take& take, std::size_t to, const Vec2& base_pixel, double depth)
{
    const Mat3& a = take.frame_from_base[to].m;
    const double scale = a[6] * base_pixel[0] + a[7] * base_pixel[1] + a[8] + depth * take.parallax[to][2];
    return depth / scale;
}

}  // namespace platefall::cleanplate
