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
constexpr float kStraighter = 0.65f;  // what an octave meets of the dust, of what the one before it met
constexpr float kRounder = 0.66f;     // its anisotropy
constexpr float kBrighter = 1.46f;    // its light, were none to leave
constexpr float kSecond = 0.71f;      // the second's light, besides
constexpr float kMoreAlbedo = 1.92f;  // how many times more often it took the dust's colour

}  // namespace

Octaves::Octaves(const DustLook& look)
{
    for (int i = 0; i < kOctaves; ++i) {
        const float n = static_cast<float>(i);
        extinction[i] = std::pow(kStraighter, n);
        anisotropy[i] = look.anisotropy * std::pow(kRounder, n);
        for (int c = 0; c < 3; ++c)
            scattered[static_cast<std::size_t>(c)][i] =
                (i > 0 ? kSecond : 1) * std::pow(kBrighter, n) * std::pow(look.albedo[c], 1 + kMoreAlbedo * n);
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
    const SkyAround sky = sky_around(halved(half), depth, look, light);
    Grid<Block> blocks(half.box, Block{});
    parallel_rows(-1, half.box.cells[2] + 1, [&](int first, int last) {
        for (int z = first; z < last; ++z)
            for (int y = -1; y <= half.box.cells[1]; ++y)
                for (int x = -1; x <= half.box.cells[0]; ++x) {
                    const V3 place = sky.kept.box.in_grid(half.box.middle(x, y, z));
                    Block& block = blocks.at(x, y, z);
                    block.sun = Four(depth.at(x, y, z), open.sharp.at(x, y, z), open.diffused.at(x, y, z),
                                     trilinear(sky.kept, place_in(sky.kept.box, place)).value);
                    block.sky = trilinear(sky.light, place_in(sky.light.box, place), [](const Four& value) -> const Four& { return value; });
                }
    });
    return blocks;
}

}  // namespace platefall::render::dust
