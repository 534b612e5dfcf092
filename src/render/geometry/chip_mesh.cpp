#include "render/geometry/chip_mesh.h"

#include "render/geometry/motion.h"
#include "render/sampling.h"

#include <algorithm>

namespace platefall::render {
namespace {

constexpr std::array<std::array<float, 3>, 6> kOctahedron{
    {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}}};
constexpr std::array<std::array<int, 3>, kTrianglesPerChip> kTriangles{
    {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4}, {2, 0, 5}, {1, 2, 5}, {3, 1, 5}, {0, 3, 5}}};
constexpr float kRadius = 0.8f;       // of a diameter: an octahedron's volume is 4/3 r^3

float jitter(const Chip& chip, int what)
{
    return unit_of(hashed(chip.seed, static_cast<std::uint32_t>(what)));
}

void add_corners(const Chip& chip, const DebrisPose& pose, std::vector<V3>& points)
{
    for (int corner = 0; corner < 6; ++corner) {
        const V3 local = chip_corner(chip, corner);
        points.push_back(to_v3(placed(pose, {local.x, local.y, local.z})));
    }
}

}  // namespace

V3 chip_corner(const Chip& chip, int corner)
{
    const auto& out = kOctahedron[static_cast<std::size_t>(corner)];
    const float length = kRadius * chip.size_m * (0.6f + 0.8f * jitter(chip, corner));
    const V3 squash(0.7f + 0.7f * jitter(chip, 30), 0.5f + 0.5f * jitter(chip, 31), 0.7f + 0.7f * jitter(chip, 32));
    const V3 aside(jitter(chip, 10 + 3 * corner) - 0.5f, jitter(chip, 11 + 3 * corner) - 0.5f,
                   jitter(chip, 12 + 3 * corner) - 0.5f);
    return (V3(out[0], out[1], out[2]) + aside * 0.5f) * squash * length;
}

std::array<int, 3> chip_triangle(int triangle)
{
    return kTriangles[static_cast<std::size_t>(triangle)];
}

void add_chips(Mesh& mesh, const Chips& chips, const ChipsFrame& frame, float half_shutter_s, float least_m,
               std::vector<int>& added)
{
    for (std::size_t i = 0; i < frame.size(); ++i) {
        if (chips[i].size_m < least_m)
            continue;
        const auto first = static_cast<std::uint32_t>(mesh.points.size());
        add_corners(chips[i], moved(frame[i], -half_shutter_s), mesh.points);
        add_corners(chips[i], moved(frame[i], half_shutter_s), mesh.points_at_close);
        for (const auto& [a, b, c] : kTriangles)
            mesh.triangles.push_back({first + static_cast<std::uint32_t>(a), first + static_cast<std::uint32_t>(b),
                                      first + static_cast<std::uint32_t>(c)});
        added.push_back(static_cast<int>(i));
    }
}

}  // namespace platefall::render
