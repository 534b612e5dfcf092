/// Smooth random vectors: what the small swirls of dust are made of.
#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace platefall::collapse::dust {

/// A vector potential without units that repeats itself in all directions. Its curl is a velocity; each of
/// the octaves in it turns at about the same rate, so that an eddy of twice the size is twice as fast.
///
/// White noise on a lattice under cubic B-splines. Cook and DeRose (2005) take coarser noise away from it;
/// here the curl does, which weights a wave by its number.
class SwirlNoise {
public:
    static constexpr int kSide = 64;                     ///< samples
    static constexpr float kSamplesPerCell = 2;          ///< of dust

    explicit SwirlNoise(std::uint64_t seed);

    /// At a place in samples, in samples; the fourth number is 0.
    Eigen::Array4f at(const Eigen::Array4f& place) const
    {
        std::ptrdiff_t low[3], high[3];
        float t[3];
        for (int axis = 0; axis < 3; ++axis) {
            const int cut = static_cast<int>(place[axis]);
            const int whole = cut - (place[axis] < static_cast<float>(cut));
            t[axis] = place[axis] - static_cast<float>(whole);
            low[axis] = whole & (kSide - 1);
            high[axis] = (whole + 1) & (kSide - 1);
        }
        const auto row = [&](std::ptrdiff_t y, std::ptrdiff_t z) {
            const Eigen::Array4f* values = tile_.data() + (z * kSide + y) * kSide;
            return Eigen::Array4f(values[low[0]] + t[0] * (values[high[0]] - values[low[0]]));
        };
        const auto sheet = [&](std::ptrdiff_t z) {
            const Eigen::Array4f near = row(low[1], z), far = row(high[1], z);
            return Eigen::Array4f(near + t[1] * (far - near));
        };
        const Eigen::Array4f near = sheet(low[2]), far = sheet(high[2]);
        return near + t[2] * (far - near);
    }

private:
    std::vector<Eigen::Array4f> tile_;                   ///< x fastest, then y, then z
};

}  // namespace platefall::collapse::dust
