/// Rooms: how people lived in what is falling down. Walls and ceilings.
#include "render/surface/material_looks.h"

#include <cmath>

namespace platefall::render {
namespace {

enum class Finish { paint, stripes, flowers, tiles };

struct Decor {
    Finish finish;
    Colour ground, figure;  ///< of paper: what is printed on what
};

/// Muted by years of sun and smoke.
const Decor kDecors[] = {
    // the first six are paints
    {Finish::paint, {0.62f, 0.59f, 0.52f}, {}},                       // off-white
    {Finish::paint, {0.67f, 0.65f, 0.61f}, {}},                       // white
    {Finish::paint, {0.41f, 0.47f, 0.37f}, {}},                       // pale green
    {Finish::paint, {0.52f, 0.42f, 0.27f}, {}},                       // ochre
    {Finish::paint, {0.36f, 0.41f, 0.45f}, {}},                       // blue-grey
    {Finish::paint, {0.55f, 0.43f, 0.37f}, {}},                       // salmon
    {Finish::stripes, {0.55f, 0.52f, 0.44f}, {0.42f, 0.42f, 0.38f}},  // cream and grey
    {Finish::stripes, {0.50f, 0.44f, 0.38f}, {0.38f, 0.26f, 0.22f}},  // rose
    {Finish::flowers, {0.52f, 0.48f, 0.39f}, {0.33f, 0.29f, 0.20f}},  // beige and brown
    {Finish::flowers, {0.42f, 0.46f, 0.45f}, {0.27f, 0.33f, 0.35f}},  // faded blue
    {Finish::flowers, {0.54f, 0.50f, 0.42f}, {0.36f, 0.38f, 0.27f}},  // cream and olive
    {Finish::tiles, {0.62f, 0.62f, 0.60f}, {0.40f, 0.38f, 0.35f}},    // kitchen: tiles and their joints
};

/// A storey's tenants chose few decors; its walls take one of them each.
const Decor& decor_of(const Spot& spot)
{
    const float n = spot.point.normal.x + 0.7f * spot.point.normal.z;
    const std::uint32_t wall = hashed(spot.mix(0xc1u), n > 0 ? 1u : 0u);  // a partition has two rooms
    const std::uint32_t flat = hashed(0xc2u, static_cast<std::uint32_t>(spot.point.storey) * 4u + wall % 4u);
    const bool papered = spot.point.substance != Substance::concrete;  // nobody papers a column
    return kDecors[flat % (papered ? std::size(kDecors) : 6)];
}

float striped(const Spot& spot)
{
    const Course stripe_at = course_of(spot.u, 0.16f);
    const float wide = stripe(stripe_at.place - 0.08f, 0.035f, spot.width_m);
    const float thin = stripe(std::min(stripe_at.place, 0.16f - stripe_at.place), 0.004f, spot.width_m);
    return mixed(0.49f, std::min(1.0f, wide + thin), spot.seen(0.12f));
}

/// A sprig a repeat, each row set off by half: five petals around a middle, a stem with two leaves, and a dot
/// between.
float flowered(const Spot& spot)
{
    const float share = spot.seen(0.05f), mean = 0.19f;
    if (share <= 0.0f)
        return mean;
    const Course row = course_of(spot.v, 0.13f);
    const Course column = course_of(spot.u + ((row.index & 1) != 0 ? 0.06f : 0.0f), 0.12f);
    const float x = column.place - 0.06f, y = row.place - 0.065f, soft = 0.002f + 0.5f * spot.width_m;
    const auto blot = [&](float cx, float cy, float r) {
        const float dx = x - cx, dy = y - cy;
        return 1.0f - smooth_step(r - soft, r + soft, std::sqrt(dx * dx + dy * dy));
    };
    const float petals =
        std::max({blot(0, 0.034f, 0.0095f), blot(0.0135f, 0.024f, 0.0095f), blot(-0.0135f, 0.024f, 0.0095f),
                  blot(0.009f, 0.009f, 0.0095f), blot(-0.009f, 0.009f, 0.0095f)});
    const float bent = x - 6.0f * (y + 0.02f) * (y + 0.02f);
    const float stem = y < 0.01f && y > -0.05f ? stripe(bent, 0.0012f, spot.width_m + 0.001f) : 0.0f;
    const float leaves = std::max({blot(0.014f, -0.022f, 0.007f), blot(0.021f, -0.017f, 0.005f),
                                   blot(-0.012f, -0.034f, 0.007f), blot(-0.019f, -0.030f, 0.005f)});
    const float figure = std::max({petals * (1.0f - 0.7f * blot(0, 0.02f, 0.005f)), 0.7f * stem,
                                   0.8f * leaves, blot(0.05f, 0.0f, 0.003f)});
    return mixed(mean, figure, share);
}

/// Wall tiles to a man's height, paint above.
void tile(const Spot& spot, const Decor& decor, Look& look)
{
    const Course x = course_of(spot.u, 0.15f), y = course_of(spot.above_floor_m, 0.15f);
    const float top = 1.5f + 0.15f * static_cast<float>(spot.mix(0xc3u) % 4u),
                w = std::max(spot.width_m, 0.002f);
    const float joint = std::max(stripe(std::min(x.place, 0.15f - x.place), 0.0015f, w),
                                 stripe(std::min(y.place, 0.15f - y.place), 0.0015f, w));
    const float below = 1.0f - smooth_step(top - 0.5f * w, top + 0.5f * w, spot.above_floor_m);
    const std::uint32_t one = lattice_hash(x.index, y.index, 0, spot.mix(0xc4u));
    const float gone = one % 17u == 0u ? spot.seen(0.15f) : 0.0f;  // fell off its bed
    Colour tiled = decor.ground * (1.0f + 0.05f * spot.seen(0.15f) * (unit_of(one) - 0.5f));
    tiled = mixed(tiled, decor.figure, std::max(mixed(0.04f, joint, spot.seen(0.15f)), gone));
    look.albedo = mixed(Colour(0.56f, 0.55f, 0.50f), tiled, below);
    look.wall_slope +=
        (spot.along * (unit_of(one << 4) - 0.5f) + spot.up * (unit_of(one << 12) - 0.5f)) * (0.03f * below);
}

void decorate(const Spot& spot, Look& look)
{
    const Decor& decor = decor_of(spot);
    look.albedo = decor.ground;
    if (decor.finish == Finish::stripes)
        look.albedo = mixed(decor.ground, decor.figure, (0.8f + 0.2f * look.patch) * striped(spot));
    if (decor.finish == Finish::flowers)
        look.albedo =
            mixed(decor.ground, decor.figure, (0.75f + 0.2f * look.patch) * flowered(spot));  // faded
    if (decor.finish == Finish::tiles)
        tile(spot, decor, look);
    look.albedo *= 1.0f + 0.07f * look.patch + 0.03f * spot.tone(0.01f, 0xc7u);
    look.slope += spot.relief(0.015f, 0xc9u).slope * 0.06f;
}

/// Where a picture or a cupboard kept sun and smoke away: paler, in a darker outline.
void ghost_of_a_picture(const Spot& spot, Look& look)
{
    const Course bay = course_of(spot.u, 1.7f);
    const std::uint32_t which = lattice_hash(bay.index, spot.point.storey, 0, spot.mix(0xd1u));
    if ((which & 7u) > 1u)
        return;
    const float half_x = 0.16f + 0.26f * unit_of(which << 4), half_y = 0.14f + 0.26f * unit_of(which << 14);
    const float x = bay.place - 0.55f - 0.6f * unit_of(which << 19),
                y = spot.above_floor_m - 1.4f - 0.45f * unit_of(which << 9), w = spot.width_m + 0.006f;
    const float inside = stripe(x, half_x, w) * stripe(y, half_y, w);
    const float around = stripe(x, half_x + 0.03f, w + 0.04f) * stripe(y, half_y + 0.03f, w + 0.04f);
    look.albedo *= 1.0f + 0.16f * inside - 0.07f * std::max(0.0f, around - inside);
}

/// Hands, shoes and mops below; smoke above; a skirting board.
void soil(const Spot& spot, float torn, Look& look)
{
    const float ragged = 0.10f * torn;
    const float low = 1.0f - smooth_step(0.05f, 0.55f, spot.above_floor_m + ragged);
    const float high = 1.0f - smooth_step(0.0f, 0.45f, spot.below_ceiling_m + ragged);
    look.albedo *= Colour(1.0f) - Colour(0.20f, 0.22f, 0.25f) * low - Colour(0.14f, 0.16f, 0.20f) * high;
    const float damp = -look.patch * smooth_step(1.6f, 0.2f, spot.below_ceiling_m);
    look.albedo *= Colour(1.0f) - Colour(0.16f, 0.21f, 0.28f) * smooth_step(0.25f, 0.55f, damp);
    const float w = spot.width_m, skirting = stripe(spot.above_floor_m - 0.045f, 0.045f, w);
    const Colour board =
        (spot.mix(0xd4u) & 1u) != 0 ? Colour(0.19f, 0.115f, 0.07f) : Colour(0.50f, 0.48f, 0.43f);
    look.albedo = mixed(look.albedo, board, skirting);
    look.albedo *= 1.0f - 0.4f * stripe(spot.above_floor_m - 0.095f, 0.005f, w);
}

/// What has come off a wall, as shares of the pixel.
struct Loss {
    float plaster = 0;
    float paper = 0;  ///< or paint, at least as much
};

/// Along edges, and in shells where it was loose.
Loss loss_of(const Spot& spot, float torn)
{
    const float ragged = 0.65f * torn + 0.35f * spot.tone(0.07f, 0xd6u), w = spot.width_m;
    const float reach = std::max(0.0f, 0.028f + 0.13f * ragged), soft = 0.002f + 0.5f * w;
    const float along_edge =
        reach > 0.0f ? smooth_step(-soft, soft, reach - spot.point.edge_m) * reach / (reach + 0.5f * soft)
                     : 0.0f;
    const float loose = 0.10f * (spot.tone(1.1f, 0xd7u) + 0.5f * ragged - 0.62f),
                blur = std::min(soft, 0.04f);
    const float flaked = loose + 0.004f + 0.03f * std::max(0.0f, ragged);
    return {std::max(along_edge, smooth_step(-blur, blur, loose)),
            std::max(along_edge, smooth_step(-blur, blur, flaked))};
}

Look under_plaster(const Spot& spot)
{
    switch (spot.point.substance) {
    case Substance::masonry:
        return bare_bricks(spot);
    case Substance::concrete:
        return built_concrete(spot);
    case Substance::board:
    case Substance::glass:
    case Substance::steel:
        break;
    }
    return broken_board(spot);
}

/// Where paper is off, grey plaster; where that is off, the wall, with the pale broken edge of the shell
/// around it.
void show_loss(const Spot& spot, const Loss& loss, Look& look)
{
    if (loss.paper <= 0.0f)
        return;
    look.albedo = mixed(look.albedo, Colour(0.53f, 0.51f, 0.47f) * (1.0f + 0.08f * spot.tone(0.05f, 0xd8u)),
                        loss.paper);
    const float lost = loss.plaster,
                rim = 4.0f * lost * (1.0f - lost) * std::min(1.0f, 0.012f / spot.width_m);
    if (lost > 0.0f) {
        const Look below = under_plaster(spot);
        look.albedo = mixed(look.albedo, below.albedo, lost);
        look.slope = look.slope * (1.0f - lost) + below.slope * lost;
        look.wall_slope = look.wall_slope * (1.0f - lost) + below.wall_slope * lost;
        look.cavity = std::max(look.cavity, below.cavity * lost);
    }
    look.albedo = mixed(look.albedo, Colour(0.62f, 0.60f, 0.555f), 0.7f * rim);
}

}  // namespace

Look room_wall(const Spot& spot)
{
    if (spot.point.substance == Substance::concrete && spot.mix(0xbfu) % 5u < 2u)
        return built_concrete(spot);  // left as it came out of its form
    Look look;
    const float torn = spot.tone(0.28f, 0xd5u);
    look.patch = 0.85f * spot.tone(0.85f, 0xc5u) + 0.25f * torn;
    decorate(spot, look);
    ghost_of_a_picture(spot, look);
    soil(spot, torn, look);
    show_loss(spot, loss_of(spot, torn), look);
    return look;
}

Look room_ceiling(const Spot& spot)
{
    Look look;
    look.albedo = Colour(0.60f, 0.585f, 0.545f) * (0.94f + 0.10f * unit_of(spot.mix(0xeeu)));
    const float torn = spot.tone(0.28f, 0xd5u);
    look.patch = 0.85f * spot.tone(0.85f, 0xefu) + 0.25f * torn;
    look.albedo *= 1.0f + 0.06f * look.patch;
    const float damp = smooth_step(0.35f, 0.7f, -look.patch);
    look.albedo *= Colour(1.0f) - Colour(0.10f, 0.15f, 0.22f) * damp;
    look.slope += spot.relief(0.02f, 0xf3u).slope * 0.08f;
    show_loss(spot, loss_of(spot, torn), look);
    return look;
}

}  // namespace platefall::render
