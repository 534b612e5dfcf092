/// Dust as a quick look shows it: extinction along a ray, one sun that the dust itself dims, and a sky.
#pragma once

#include "scene/dust_frame.h"

#include <array>
#include <vector>

namespace platefall::collapse {

/// What a ray brings back.
struct Seen {
    std::array<float, 3> light{};
    float transmittance = 1;
};

class LitDust {
public:
    /// Precomputes extinction and how much sun reaches every 2 x 2 x 2 block, slice by slice from the sun down.
    LitDust(const DustFrame& frame, const Vec3f& to_sun);

    /// From `origin` along `direction`, up to `distance` times its length.
    Seen march(const Vec3f& origin, const Vec3f& direction, float distance) const;

private:
    Vec3f low_;
    float cell_m_ = 1;
    std::array<int, 3> cells_{}, blocks_{};
    std::vector<float> extinction_;   ///< 1/m, a cell; empty: clear air
    std::vector<float> sun_;          ///< 0..1, a block
};

}  // namespace platefall::collapse
