/// What people walked on.
#include "render/surface/material_looks.h"

#include <cmath>

namespace platefall::render {
namespace {

enum class Flooring { parquet, tiles, carpet, linoleum, screed };

void lay_parquet(const Spot& spot, Look& look)
{
    const Course strip = course_of(spot.v, 0.07f);
    const float shift = 0.55f * unit_of(lattice_hash(strip.index, 7, 0, spot.mix(0xe1u)));
    const Course block = course_of(spot.u + shift, 0.55f);
    const std::uint32_t one = lattice_hash(block.index, strip.index, 0, spot.mix(0xe2u));
    const float share = spot.seen(0.07f), w = std::max(spot.width_m, 0.001f);
    const float gap = std::max(stripe(std::min(strip.place, 0.07f - strip.place), 0.001f, w),
                               stripe(std::min(block.place, 0.55f - block.place), 0.001f, w));
    const float grain = spot.seen(0.01f) * (value_noise({spot.u / 0.15f, spot.v / 0.006f, 0.5f}, one) - 0.5f);
    look.albedo =
        Colour(0.29f, 0.185f, 0.105f) * (1.0f + share * 0.36f * (unit_of(one) - 0.5f) + 0.25f * grain);
    look.albedo *= 1.0f - 0.6f * share * gap;
}

void lay_tiles(const Spot& spot, Look& look)
{
    const Course x = course_of(spot.u, 0.3f), y = course_of(spot.v, 0.3f);
    const float w = std::max(spot.width_m, 0.002f), share = spot.seen(0.25f);
    const float joint = std::max(stripe(std::min(x.place, 0.3f - x.place), 0.002f, w),
                                 stripe(std::min(y.place, 0.3f - y.place), 0.002f, w));
    const bool checked = (spot.mix(0xe3u) & 1u) != 0;
    const float odd = ((x.index + y.index) & 1) != 0 ? share : -share;
    look.albedo = Colour(0.37f, 0.34f, 0.295f) * (checked ? 1.0f + 0.20f * odd : 1.0f);
    look.albedo *=
        1.0f + share * 0.08f * (unit_of(lattice_hash(x.index, y.index, 0, spot.mix(0xe4u))) - 0.5f);
    look.albedo = mixed(look.albedo, Colour(0.26f, 0.25f, 0.23f), share * joint);
}

void lay_carpet(const Spot& spot, Look& look)
{
    static const Colour kDyes[] = {
        {0.17f, 0.15f, 0.13f}, {0.18f, 0.13f, 0.115f}, {0.13f, 0.155f, 0.17f}, {0.19f, 0.18f, 0.13f}};
    look.albedo = kDyes[spot.mix(0xe5u) % 4u] * (1.0f + 0.2f * spot.tone(0.006f, 0xe6u));
    look.slope += spot.relief(0.012f, 0xe7u).slope * 0.3f;
}

/// Crumbs of plaster and brick lie about.
void litter(const Spot& spot, Look& look)
{
    constexpr float apart = 0.055f;  // m
    const float share = spot.seen(apart);
    if (share <= 0.0f)
        return;
    const Cell crumb = spot.cell(apart, spot.mix(0xfdu));
    const float radius =
        0.05f + 0.30f * unit_of(crumb.hash * 0x9e3779b1u) * unit_of(crumb.hash * 0x85ebca6bu);
    const float soft = 0.03f + 0.5f * spot.width_m / apart;
    const float on = share * (1.0f - smooth_step(radius - soft, radius + soft, crumb.distance))
                     * (look.patch > 0.0f ? 1.0f : 0.4f);
    const Colour kind = (crumb.hash & 7u) < 2u ? Colour(0.30f, 0.18f, 0.13f) : Colour(0.50f, 0.48f, 0.44f);
    look.albedo = mixed(look.albedo, kind, 0.8f * on);
    look.slope -= crumb.from_centre * (2.0f * on);
}

}  // namespace

Look room_floor(const Spot& spot)
{
    Look look;
    const float wide = spot.tone(0.8f, 0xebu), narrow = spot.tone(0.15f, 0xecu);
    const std::uint32_t tenant = hashed(spot.mix(0xe8u), static_cast<std::uint32_t>(spot.point.storey));
    switch (static_cast<Flooring>(tenant % 5u)) {
    case Flooring::parquet:
        lay_parquet(spot, look);
        break;
    case Flooring::tiles:
        lay_tiles(spot, look);
        break;
    case Flooring::carpet:
        lay_carpet(spot, look);
        break;
    case Flooring::linoleum:
        look.albedo = Colour(0.25f, 0.265f, 0.22f) * (1.0f + 0.10f * spot.tone(0.02f, 0xe9u));
        break;
    case Flooring::screed:
        look.albedo = Colour(0.34f, 0.33f, 0.305f) * (1.0f + 0.06f * spot.tone(0.01f, 0xeau));
        break;
    }
    look.patch = 0.45f * wide + 0.35f * narrow;
    look.albedo *= 1.0f + 0.05f * wide;
    litter(spot, look);
    const float ragged = 0.03f * spot.tone(0.08f, 0xedu), w = spot.width_m;
    const float torn =
        smooth_step(-0.5f * w - 0.003f, 0.5f * w + 0.003f, 0.045f + ragged - spot.point.edge_m);
    look.albedo = mixed(look.albedo, Colour(0.37f, 0.355f, 0.33f), torn);  // screed shows at a torn edge
    return look;
}

}  // namespace platefall::render
