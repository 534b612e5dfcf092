#include "render/dust/march.h"

namespace platefall::render::dust {
namespace {

constexpr float kThinnest = 1e-5f;            // 1/m; a kilometre of it takes a hundredth of the light
constexpr float kFaint = 0.05f;               // opacity of a cell as the eye sees it; less need not know its own shadow
constexpr float kTowardsSun = 0.8f;           // cells over which billows shade one another

}  // namespace

bool RayThrough::read(float distance, float left, Segment& segment) const
{
    const Box& box = state_.extinction.box;
    const V3 grid = origin_ + direction_ * distance;
    const Place block = place_in(state_.blocks.box, grid * 0.5f + V3(0.25f));
    Four motion(0, 0, 0, 0);
    V3 moved = grid;
    if (age_s_ != 0 || state_.billows) {
        motion = trilinear(state_.blocks, block, [](const Block& b) -> const Four& { return b.motion; });
        moved -= V3(motion[0], motion[1], motion[2]) * (age_s_ / box.cell_m);
    }
    const Slope dust = trilinear(state_.extinction, place_in(box, moved));
    if (dust.value < kThinnest)
        return false;
    float extinction = dust.value, sun_depth = 0;
    if (state_.billows) {
        const Billows& billows = *state_.billows;
        const float slope = std::sqrt(dust.x * dust.x + dust.y * dust.y + dust.z * dust.z) / (dust.value * box.cell_m);
        const V3 place = (moved - V3(0.5f)) * box.cell_m;
        const float here = billows.factor(billows.at(place, motion), slope, motion[3]);
        extinction = dust.value * here;
        if (left * std::min(1.0f, extinction * box.cell_m) > kFaint) {
            const float apart_m = kTowardsSun * box.cell_m;
            const float beside = billows.factor(billows.at(place + state_.to_sun * apart_m, motion), slope, motion[3]);
            sun_depth = apart_m * dust.value * (0.5f * (here + beside) - 1);
        }
    }
    const Four sun = trilinear(state_.blocks, block, [](const Block& b) -> const Four& { return b.sun; });
    const Four sky = trilinear(state_.blocks, block, [](const Block& b) -> const Four& { return b.sky; });
    const Four open(sun[1], sun[1], sun[2], sun[2]);
    const Four arrives = (state_.octaves.extinction * -std::max(sun[0] + sun_depth, 0.0f)).exp() * open * Octaves::kept(sun[3]);
    for (int c = 0; c < 3; ++c)
        segment.source[c] = (sunlight_[static_cast<std::size_t>(c)] * arrives).sum() + sky[c];
    segment.transmittance = std::exp(-extinction * (segment.to - segment.from) * metre_);
    return true;
}

}  // namespace platefall::render::dust
