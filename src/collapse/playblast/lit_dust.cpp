#include "collapse/playblast/lit_dust.h"

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

// m2/kg, 3 / (2 density diameter): grains of 40 and of 200 micrometres.
constexpr std::array kExtinction{15.0f, 3.0f};
constexpr std::array kInSun{0.80f, 0.72f, 0.61f}, kInShade{0.15f, 0.16f, 0.18f};   // thick dust, linear

/// Trilinear between the middles of cells; nothing outside.
float sample(const std::vector<float>& field, const std::array<int, 3>& cells, float x, float y, float z)
{
    const float fx = std::floor(x), fy = std::floor(y), fz = std::floor(z);
    const int ix = static_cast<int>(fx), iy = static_cast<int>(fy), iz = static_cast<int>(fz);
    float sum = 0;
    for (int corner = 0; corner < 8; ++corner) {
        const int cx = ix + (corner & 1), cy = iy + (corner >> 1 & 1), cz = iz + (corner >> 2);
        if (cx < 0 || cy < 0 || cz < 0 || cx >= cells[0] || cy >= cells[1] || cz >= cells[2])
            continue;
        const float weight = (corner & 1 ? x - fx : 1 - x + fx) * (corner & 2 ? y - fy : 1 - y + fy)
                             * (corner & 4 ? z - fz : 1 - z + fz);
        sum += weight * field[static_cast<std::size_t>((cz * cells[1] + cy) * cells[0] + cx)];
    }
    return sum;
}

}  // namespace

LitDust::LitDust(const DustFrame& frame, const Vec3f& to_sun)
    : low_(frame.low), cell_m_(frame.cell_m), cells_(frame.cells), blocks_(frame.blocks())
{
    if (frame.is_clear())
        return;
    const auto [nx, ny, nz] = blocks_;
    extinction_.resize(frame.density[0].size());
    std::vector<float> thick(frame.velocity.size());   // mean extinction, a block
    std::size_t cell = 0;
    for (int z = 0; z < frame.cells[2]; ++z)
        for (int y = 0; y < frame.cells[1]; ++y)
            for (int x = 0; x < frame.cells[0]; ++x, ++cell) {
                extinction_[cell] = kExtinction[0] * frame.density[0][cell] + kExtinction[1] * frame.density[1][cell];
                thick[static_cast<std::size_t>((z / 2 * ny + y / 2) * nx + x / 2)] += extinction_[cell] / 8;
            }
    sun_.assign(thick.size(), 1.0f);
    // Towards the sun a ray goes one slice up and so far aside.
    const float up = std::max(0.05f, to_sun.y), dx = to_sun.x / up, dz = to_sun.z / up;
    const float path_m = 2 * cell_m_ / up;
    std::vector<float> above(thick.size(), 0.0f);   // optical depth
    for (int y = ny - 2; y >= 0; --y)
        for (int z = 0; z < nz; ++z)
            for (int x = 0; x < nx; ++x) {
                const float fx = static_cast<float>(x) + dx, fz = static_cast<float>(z) + dz,
                            fy = static_cast<float>(y + 1);
                const auto at = static_cast<std::size_t>((z * ny + y) * nx + x);
                above[at] = sample(above, blocks_, fx, fy, fz) + path_m * sample(thick, blocks_, fx, fy, fz);
                sun_[at] = std::exp(-0.5f * above[at]);   // half: thick dust scatters forward
            }
}

Seen LitDust::march(const Vec3f& origin, const Vec3f& direction, float distance) const
{
    Seen seen;
    if (extinction_.empty())
        return seen;
    float from = 0, to = distance;
    const std::array<float, 3> o{origin.x - low_.x, origin.y - low_.y, origin.z - low_.z},
        d{direction.x, direction.y, direction.z};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const float size = cell_m_ * static_cast<float>(cells_[axis]);
        const float safe = std::abs(d[axis]) < 1e-9f ? 1e-9f : d[axis];
        const float a = -o[axis] / safe, b = (size - o[axis]) / safe;
        from = std::max(from, std::min(a, b));
        to = std::min(to, std::max(a, b));
    }
    const float length = std::sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]), step = cell_m_ / length;
    for (float t = from + 0.5f * step; t < to && seen.transmittance > 0.01f; t += step) {
        const float x = (o[0] + t * d[0]) / cell_m_, y = (o[1] + t * d[1]) / cell_m_, z = (o[2] + t * d[2]) / cell_m_;
        const float thick = sample(extinction_, cells_, x - 0.5f, y - 0.5f, z - 0.5f);
        if (thick < 1e-5f)
            continue;
        const float through = std::exp(-thick * step * length);
        const float sun = sample(sun_, blocks_, 0.5f * x - 0.5f, 0.5f * y - 0.5f, 0.5f * z - 0.5f);
        for (std::size_t c = 0; c < 3; ++c)
            seen.light[c] += seen.transmittance * (1 - through) * (kInShade[c] + sun * (kInSun[c] - kInShade[c]));
        seen.transmittance *= through;
    }
    return seen;
}

}  // namespace platefall::collapse
