#include "collapse/dust/courant.h"

#include <algorithm>
#include <array>

namespace platefall::collapse::dust {

/// A face of a velocity cell: its mean, and half the change across it along the two other axes, in the order x, y, z.
struct Courant::Face {
    float mean, first, second;

    float at(float i, float j) const { return mean + i * first + j * second; }
};

/// Reads them from the air.
struct Courant::Faces {
    const Air& air;
    const Level& open;
    float scale;

    Face get(const std::vector<float>& values, const std::vector<float>& coupling, std::ptrdiff_t at,
             std::ptrdiff_t first, std::ptrdiff_t second) const
    {
        if (!(coupling[at] > 0))
            return {0, 0, 0};
        const auto slope = [&](std::ptrdiff_t step) {       // none beside a wall
            return coupling[at - step] > 0 && coupling[at + step] > 0
                       ? 0.125f * scale * (values[at + step] - values[at - step]) : 0.0f;
        };
        return {scale * values[at], slope(first), slope(second)};
    }
    Face x(std::ptrdiff_t at) const { return get(air.u, open.cx, at, air.lattice.along_y(), air.lattice.along_z()); }
    Face y(std::ptrdiff_t at) const { return get(air.v, open.cy, at, 1, air.lattice.along_z()); }
    Face z(std::ptrdiff_t at) const { return get(air.w, open.cz, at, 1, air.lattice.along_y()); }
};

Courant::Courant(int cells_x, int cells_y, int cells_z)
    : nx_(cells_x), ny_(cells_y), nz_(cells_z), x_(static_cast<std::size_t>(nx_ + 1) * ny_ * nz_),
      y_(static_cast<std::size_t>(nx_) * (ny_ + 1) * nz_), z_(static_cast<std::size_t>(nx_) * ny_ * (nz_ + 1))
{
}

std::size_t Courant::bytes(int cells_x, int cells_y, int cells_z)
{
    const std::size_t x = cells_x, y = cells_y, z = cells_z;
    return sizeof(float) * ((x + 1) * y * z + x * (y + 1) * z + x * y * (z + 1));
}

void Courant::fill_slab(const Faces& faces, const Span& x, const Span& y, int z, bool last)
{
    const Lattice& box = faces.air.lattice;
    constexpr std::array<float, 2> kSide{-1.0f, 1.0f};
    for (int cy = y.low; cy < y.high; ++cy)
        for (int cx = x.low; cx < x.high; ++cx) {
            const std::ptrdiff_t at = box.index(cx, cy, z);
            const Face left = faces.x(at), right = faces.x(at + 1);
            const Face below = faces.y(at), above = faces.y(at + box.along_y());
            const Face near = faces.z(at), far = faces.z(at + box.along_z());
            const auto between = [](const Face& a, const Face& b, float bend) {
                return Face{0.5f * (a.mean + b.mean + bend), 0.5f * (a.first + b.first), 0.5f * (a.second + b.second)};
            };
            const Face middle_x = between(left, right, above.first - below.first + far.first - near.first);
            const Face middle_y = between(below, above, right.first - left.first + far.second - near.second);
            const Face middle_z = between(near, far, right.second - left.second + above.second - below.second);
            for (int b = 0; b < 2; ++b)
                for (int a = 0; a < 2; ++a) {
                    float* row_x = x_.data() + row_of_x(2 * cy + a, 2 * z + b) + 2 * cx;
                    row_x[0] = left.at(kSide[a], kSide[b]);
                    row_x[1] = middle_x.at(kSide[a], kSide[b]);
                    row_x[2] = right.at(kSide[a], kSide[b]);
                    float* row_y = y_.data() + row_of_y(2 * cy, 2 * z + b) + 2 * cx + a;
                    row_y[0] = below.at(kSide[a], kSide[b]);
                    row_y[nx_] = middle_y.at(kSide[a], kSide[b]);
                    row_y[2 * nx_] = above.at(kSide[a], kSide[b]);
                    float* row_z = z_.data() + row_of_z(2 * cy + b, 2 * z) + 2 * cx + a;
                    const std::ptrdiff_t plane = static_cast<std::ptrdiff_t>(nx_) * ny_;
                    row_z[0] = near.at(kSide[a], kSide[b]);
                    row_z[plane] = middle_z.at(kSide[a], kSide[b]);
                    if (last)                                      // otherwise the next slab writes it
                        row_z[2 * plane] = far.at(kSide[a], kSide[b]);
                }
        }
}

float Courant::slab_outflow(const Span& span_x, const Span& span_y, int at_z) const
{
    constexpr int kLanes = 8;
    std::array<float, kLanes> most{};
    const auto outward = [](float low, float high) { return (high > 0 ? high : 0) + (low < 0 ? -low : 0); };
    for (int at_y = span_y.low; at_y < span_y.high; ++at_y) {
        const float* cx = x(at_y, at_z);
        const float* below = y(at_y, at_z);
        const float* above = y(at_y + 1, at_z);
        const float* near = z(at_y, at_z);
        const float* far = z(at_y, at_z + 1);
        for (int begin = span_x.low; begin < span_x.high; begin += kLanes)
            for (int lane = 0; lane < std::min(kLanes, span_x.high - begin); ++lane) {
                const int i = begin + lane;
                const float out = outward(cx[i], cx[i + 1]) + outward(below[i], above[i]) + outward(near[i], far[i]);
                most[lane] = most[lane] > out ? most[lane] : out;
            }
    }
    return *std::max_element(most.begin(), most.end());
}

void Courant::update(const Air& air, const Level& open, const Block& block, float scale)
{
    const Faces faces{air, open, scale};
    parallel_rows(block.z.low, block.z.high, [&](int low, int high) {
        for (int at_z = low; at_z < high; ++at_z)
            fill_slab(faces, block.x, block.y, at_z, at_z + 1 == block.z.high);
    });
}

float Courant::largest_outflow(const Block& block) const
{
    const auto doubled = [](const Span& span) { return Span{2 * span.low, 2 * span.high}; };
    const Span cells_z = doubled(block.z);
    std::vector<float> most(nz_);
    parallel_rows(cells_z.low, cells_z.high, [&](int low, int high) {
        for (int at_z = low; at_z < high; ++at_z)
            most[at_z] = slab_outflow(doubled(block.x), doubled(block.y), at_z);
    });
    return *std::max_element(most.begin(), most.end());
}

}  // namespace platefall::collapse::dust
