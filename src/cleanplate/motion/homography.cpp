#include "cleanplate/motion/homography.h"

#include <cmath>
#include <stdexcept>

namespace platefall::cleanplate {
namespace {

double determinant(const std::array<double, 9>& m)
{
    return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6])
           + m[2] * (m[3] * m[7] - m[4] * m[6]);
}

Homography scaled(std::array<double, 9> m)
{
    const double last = m[8];
    if (std::abs(last) > 1e-12)
        for (double& value : m)
            value /= last;
    return {m};
}

}  // namespace

Homography compose(const Homography& after, const Homography& before)
{
    std::array<double, 9> product{};
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t column = 0; column < 3; ++column)
            for (std::size_t i = 0; i < 3; ++i)
                product[3 * row + column] += after.m[3 * row + i] * before.m[3 * i + column];
    return scaled(product);
}

Homography inverse(const Homography& map)
{
    const auto& m = map.m;
    if (!(std::abs(determinant(m)) > 1e-18))
        throw std::logic_error("a homography that is singular has no inverse");
    return scaled({m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                   m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                   m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]});
}

double area_scale(const Homography& map, const Vec2& point)
{
    // The Jacobian of a homography has determinant det(m) / w^3.
    const double w = map.m[6] * point[0] + map.m[7] * point[1] + map.m[8];
    return std::abs(determinant(map.m) / (w * w * w));
}

}  // namespace platefall::cleanplate
