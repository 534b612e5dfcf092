#include "render/dust/lighting.h"

#include "base/parallel.h"
#include "render/dust/open_sun.h"
#include "render/dust/phase.h"
#include "render/dust/sky_around.h"
#include "render/dust/sweep.h"

#include <cmath>

namespace platefall::render::dust {
namespace {

constexpr int kOctaves = 4;
constexpr float kStraighter = 0.5f;   // extinction of an octave, of the one before it
constexpr float kFainter = 0.75f;     // its light
constexpr float kRounder = 0.5f;      // its anisotropy
constexpr float kAlbedoPower = 1.0f;  // how many times more often it took the dust's colour than the one before it

}  // namespace

Octaves::Octaves(const DustLook& look)
{
    for (int i = 0; i < kOctaves; ++i) {
        const float n = static_cast<float>(i);
        extinction[i] = std::pow(kStraighter, n);
        anisotropy[i] = look.anisotropy * std::pow(kRounder, n);
        for (int c = 0; c < 3; ++c)
            scattered[static_cast<std::size_t>(c)][i] =
                std::pow(kFainter, n) * std::pow(look.albedo[c], 1 + kAlbedoPower * n);
    }
}

std::array<Four, 3> Octaves::turned(float cosine) const
{
    Four phase;
    for (int i = 0; i < kOctaves; ++i)
        phase[i] = henyey_greenstein(anisotropy[i], cosine);
    return {scattered[0] * phase, scattered[1] * phase, scattered[2] * phase};
}

float gets_through(const DustLook& look, float depth)
{
    return through_layer(depth, (look.albedo.x + look.albedo.y + look.albedo.z) / 3, look.anisotropy);
}

Grid<Block> lit_blocks(const Grid<float>& extinction, const DustLook& look, const Light& light,
                       const std::function<bool(const V3& at)>& blocked)
{
    const Grid<float> half = halved(extinction);
    const Grid<float> depth = depth_towards(half, light.to_sun);
    const OpenSun open = open_sun(half, blocked);
    const Grid<Four> sky = sky_around(halved(half), depth, look, light);
    Grid<Block> blocks(half.box, Block{});
    parallel_rows(-1, half.box.cells[2] + 1, [&](int first, int last) {
        for (int z = first; z < last; ++z)
            for (int y = -1; y <= half.box.cells[1]; ++y)
                for (int x = -1; x <= half.box.cells[0]; ++x) {
                    const Place place = place_in(sky.box, sky.box.in_grid(half.box.middle(x, y, z)));
                    Block& block = blocks.at(x, y, z);
                    block.sun = Four(depth.at(x, y, z), open.sharp.at(x, y, z), open.diffused.at(x, y, z), 0);
                    block.sky = trilinear(sky, place, [](const Four& value) -> const Four& { return value; });
                }
    });
    return blocks;
}

}  // namespace platefall::render::dust
