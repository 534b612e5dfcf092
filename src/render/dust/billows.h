/// Structure of dust that is finer than its cells.
#pragma once

#include "render/dust/grid.h"

#include <array>
#include <cstdint>
#include <vector>

namespace platefall::render::dust {

/// A tile of round bumps with creases between them that repeats itself in all directions; without unit, of mean 0 and
/// variance 1. Octaves of cellular noise (Worley, "A Cellular Texture Basis Function", 1996).
class BillowTile {
public:
    static constexpr int kSide = 64;          ///< samples

    explicit BillowTile(std::uint64_t seed);

    /// At a place in samples.
    float at(const Four& place) const
    {
        std::array<int, 3> low{}, high{};
        std::array<float, 3> t{};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const float value = place[static_cast<Eigen::Index>(axis)];
            const int cut = static_cast<int>(value), whole = cut - (value < static_cast<float>(cut));
            t[axis] = value - static_cast<float>(whole);
            low[axis] = whole & (kSide - 1);
            high[axis] = (whole + 1) & (kSide - 1);
        }
        const auto row = [&](int y, int z) { return values_.data() + (z * kSide + y) * kSide; };
        const float *a = row(low[1], low[2]), *b = row(high[1], low[2]), *c = row(low[1], high[2]),
                    *d = row(high[1], high[2]);
        const Four left(a[low[0]], b[low[0]], c[low[0]], d[low[0]]), right(a[high[0]], b[high[0]], c[high[0]], d[high[0]]);
        const Four on = left + (right - left) * t[0];
        const float near = on[0] + (on[1] - on[0]) * t[1], far = on[2] + (on[3] - on[2]) * t[1];
        return near + (far - near) * t[2];
    }

private:
    std::vector<float> values_;
};

/// Billows that travel with the air. Two layers take turns: each is carried along by this moment's velocity from half a
/// period before its height to half a period after, and fades in and out meanwhile (Max and Becker, "Flow Visualization
/// Using Moving Textures", 1995). No other frame is needed, and nothing pops where a layer starts anew, since it does not
/// show then.
///
/// A billow moves the dust's surface: the density read `height` nearer to the core, to first order in its logarithm. So
/// edges, where density changes fast, are torn, and the core hardly is.
class Billows {
public:
    /// `time_s` of the shot; `height_m` by which a billow of one standard deviation moves the surface at full strength.
    Billows(std::uint64_t seed, float time_s, float cell_m, float height_m);

    /// Of mean 0 and variance 1, where the air moves with `velocity` (m/s; the fourth number is anything).
    float at(const V3& place, const Four& velocity) const;

    /// By what to multiply a density that changes by `slope` of itself a metre, where the billow is `billow` high. Its mean
    /// over all billows is 1.
    float factor(float billow, float slope, float strength) const
    {
        const float steep = std::min(slope * strength * height_m_, kSteepest), place = steep * (kSteps / kSteepest);
        const int step = std::min(static_cast<int>(place), kSteps - 1);
        const float rest = place - static_cast<float>(step);
        const std::size_t i = static_cast<std::size_t>(step);
        return std::exp(billow * steep - (mean_[i] + (mean_[i + 1] - mean_[i]) * rest));
    }

private:
    static constexpr int kSteps = 16;
    static constexpr float kSteepest = 1.2f;

    struct Layer {
        std::array<Four, 3> axes;     ///< samples a metre along x, y, z
        Four origin;                  ///< samples
        float age_s, weight;
    };

    BillowTile tile_;
    std::array<Layer, 2> layers_;
    std::array<float, kSteps + 1> mean_;      ///< logarithm of the mean of exp(billow * steep)
    float height_m_;
};

}  // namespace platefall::render::dust
