/// Thin things: boards between rooms, panes, steel.
#include "render/surface/material_looks.h"

namespace platefall::render {

Look broken_board(const Spot& spot)
{
    Look look;
    look.patch = spot.tone(0.3f, 0xf4u);
    look.albedo = Colour(0.62f, 0.61f, 0.58f) * (1.0f + 0.07f * look.patch + 0.09f * spot.tone(0.04f, 0xf5u));
    const Wave crumb = spot.relief(0.03f, 0xf6u), lump = spot.relief(0.11f, 0xf7u);
    look.slope += crumb.slope * 0.35f + lump.slope * 0.3f;
    look.albedo *= 1.0f + 0.12f * lump.value + 0.08f * crumb.value;
    const float paper = 1.0f - smooth_step(0.0f, 0.003f + spot.width_m, spot.point.edge_m);
    look.albedo = mixed(look.albedo, Colour(0.52f, 0.47f, 0.39f),
                        0.5f * paper * 0.003f / (0.003f + 0.5f * spot.width_m));
    return look;
}

Look glass(const Spot& spot)
{
    Look look;
    look.albedo = spot.point.broken ? Colour(0.075f, 0.12f, 0.11f) : Colour(0.035f, 0.047f, 0.05f);
    look.patch = spot.tone(0.3f, 0xf8u);
    look.albedo *= 1.0f + 0.15f * look.patch;
    look.powder = 0.55f;
    return look;
}

Look steel(const Spot& spot)
{
    Look look;
    look.patch = spot.tone(0.25f, 0xf9u);
    const float rust = std::clamp(0.45f + 0.6f * look.patch + 0.35f * spot.tone(0.05f, 0xfau), 0.0f, 1.0f);
    look.albedo = mixed(Colour(0.17f, 0.17f, 0.17f), Colour(0.18f, 0.095f, 0.055f), rust);
    look.slope += spot.relief(0.03f, 0xfbu).slope * (0.12f * rust);
    look.powder = 0.6f;
    return look;
}

}  // namespace platefall::render
