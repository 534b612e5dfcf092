/// Where there is dust at all, so that rays need not look where there is none.
#pragma once

#include "render/dust/grid.h"

#include <cmath>

namespace platefall::render::dust {

/// The stretch of a ray that lies in a box; empty when to <= from.
struct Stretch {
    float from, to;
};

/// The largest extinction that a place in a brick of cells may read.
class Bricks {
public:
    static constexpr int kSide = 4;           ///< cells

    Bricks() = default;

    /// `reach_cells` is how far from where it is a place may read, besides its eight middles.
    Bricks(const Grid<float>& extinction, float reach_cells);

    /// Of a ray in grid coordinates (Box::in_grid).
    Stretch clip(const V3& origin, const V3& direction, float from, float to) const;

    /// Calls use(from, to, most) for every brick with dust along a ray in grid coordinates, front to back, until it says no.
    template <class Use> void along(const V3& origin, const V3& direction, float from, float to, const Use& use) const;

private:
    float most(const std::array<int, 3>& brick) const
    {
        return most_[static_cast<std::size_t>((brick[2] * count_[1] + brick[1]) * count_[0] + brick[0])];
    }

    std::array<int, 3> count_{0, 0, 0};
    V3 low_{0}, high_{0};                     ///< of the bricks with dust, in grid coordinates
    std::vector<float> most_;
};

template <class Use>
void Bricks::along(const V3& origin, const V3& direction, float from, float to, const Use& use) const
{
    const Stretch inside = clip(origin, direction, from, to);
    if (!(inside.from < inside.to))
        return;
    // Amanatides and Woo, "A Fast Voxel Traversal Algorithm for Ray Tracing" (1987).
    std::array<int, 3> brick{}, step{};
    std::array<float, 3> next{}, apart{};
    const V3 start = origin + direction * inside.from;
    for (int a = 0; a < 3; ++a) {
        const auto i = static_cast<std::size_t>(a);
        brick[i] = std::clamp(static_cast<int>(std::floor(start[a] / kSide)), 0, count_[i] - 1);
        step[i] = direction[a] > 0 ? 1 : -1;
        const bool level = std::abs(direction[a]) < 1e-12f;
        const float edge = static_cast<float>((brick[i] + (step[i] > 0 ? 1 : 0)) * kSide);
        next[i] = level ? 1e30f : (edge - origin[a]) / direction[a];
        apart[i] = level ? 1e30f : kSide / std::abs(direction[a]);
    }
    for (float at = inside.from; at < inside.to;) {
        const std::size_t axis = next[0] < next[1] ? (next[0] < next[2] ? 0 : 2) : (next[1] < next[2] ? 1 : 2);
        const float end = std::min(next[axis], inside.to);
        const float dense = most(brick);
        if (dense > 0 && end > at && !use(at, end, dense))
            return;
        at = std::max(at, end);
        brick[axis] += step[axis];
        next[axis] += apart[axis];
        if (brick[axis] < 0 || brick[axis] >= count_[axis])
            return;
    }
}

}  // namespace platefall::render::dust
