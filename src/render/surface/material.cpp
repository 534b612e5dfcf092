#include "render/surface/material.h"

#include "render/surface/material_looks.h"

#include <cmath>

namespace platefall::render {
namespace {

constexpr float kFarthest = 1e5f;       // m; farther places count as there, so that lattices stay within int
constexpr float kFinest = 2e-4f;        // m; nothing is finer than this
constexpr float kStoreyHeight = 3.0f;   // m, where nobody says
constexpr float kDustOnBroken = 0.16f;  // share of a broken face that fines cover
constexpr float kDustOnBuilt = 0.20f;   // of any other
constexpr float kDustOnTop = 0.24f;     // more where it faces up
const Colour kDust{0.47f, 0.445f, 0.405f};
constexpr float kDarkest = 0.02f, kPalest = 0.85f;  // of real surfaces
constexpr float kSteepest = 0.95f;  // slope that relief nears but never shows: steeper wants a silhouette

/// A rotation that takes the axes of walls far from those of lattices, by the quaternion (5, 1, 3, 1) / 6.
V3 turned(const V3& p)
{
    return V3(4 * p.x - p.y + 8 * p.z, 4 * p.x + 8 * p.y - p.z, -7 * p.x + 4 * p.y + 4 * p.z) * (1.0f / 9.0f);
}

V3 turned_back(const V3& p)
{
    return V3(4 * p.x + 4 * p.y - 7 * p.z, -p.x + 8 * p.y + 4 * p.z, 8 * p.x - p.y + 4 * p.z) * (1.0f / 9.0f);
}

/// NaN and what lies too far out become something harmless.
float tamed(float x)
{
    return !(x > -kFarthest) ? -kFarthest : std::min(x, kFarthest);
}

void place_on_wall(Spot& spot, const V3& p)
{
    const V3& n = spot.point.normal;
    const float flat = std::sqrt(n.x * n.x + n.z * n.z);
    if (!(flat > 0.5f)) {
        spot.along = {1, 0, 0};
        spot.up = {0, 0, 1};
    } else {
        spot.along = V3(n.z, 0, -n.x) / flat;
        spot.up = spot.along.cross(n) * -1.0f;
    }
    spot.u = p.dot(spot.along);
    spot.v = flat > 0.5f ? p.y : p.z;
}

void place_in_room(Spot& spot, float height)
{
    const SurfacePoint& point = spot.point;
    const bool known = point.room_top_m > point.room_bottom_m;
    const float bottom = known ? point.room_bottom_m : kStoreyHeight * static_cast<float>(point.storey);
    const float top = known ? point.room_top_m : bottom + kStoreyHeight - 0.25f;
    spot.above_floor_m = height - bottom;
    spot.below_ceiling_m = top - height;
}

Spot spot_of(const SurfacePoint& point)
{
    Spot spot{.point = point, .turned = {}, .along = {}, .up = {}};
    const V3 p(tamed(point.rest.x), tamed(point.rest.y), tamed(point.rest.z));
    spot.turned = turned(p);
    spot.width_m = point.width_m > kFinest ? std::min(point.width_m, kFarthest) : kFinest;
    place_on_wall(spot, p);
    place_in_room(spot, p.y);
    return spot;
}

Look built(const Spot& spot)
{
    const SurfacePoint& point = spot.point;
    if (point.floor)
        return room_floor(spot);
    if (point.ceiling)
        return room_ceiling(spot);
    switch (point.substance) {
    case Substance::concrete:
        return point.outside ? built_concrete(spot) : room_wall(spot);
    case Substance::masonry:
        return point.outside ? outer_render(spot) : room_wall(spot);
    case Substance::board:
        return room_wall(spot);
    case Substance::glass:
        return glass(spot);
    case Substance::steel:
        return steel(spot);
    }
    return {};
}

Look broken(const Spot& spot)
{
    switch (spot.point.substance) {
    case Substance::concrete:
        return broken_concrete(spot);
    case Substance::masonry:
        return broken_masonry(spot);
    case Substance::board:
        return broken_board(spot);
    case Substance::glass:
        return glass(spot);
    case Substance::steel:
        return steel(spot);
    }
    return {};
}

/// Fines settle everywhere, most on what faces up and in what is sunk.
void settle_dust(const Spot& spot, Look& look)
{
    const float up = std::max(0.0f, spot.point.normal.y);
    const float base = (spot.point.broken ? kDustOnBroken : kDustOnBuilt) + kDustOnTop * up * up;
    const float share =
        std::clamp(base * (1.0f + 0.8f * look.patch) + 0.15f * look.cavity, 0.0f, 0.9f) * look.powder;
    look.albedo = mixed(look.albedo, kDust, share);
    const float kept = 1.0f - 0.5f * share;  // it fills what is fine
    look.slope *= kept;
    look.wall_slope *= kept;
}

V3 with_relief(const V3& normal, const Look& look)
{
    V3 slope = turned_back(look.slope) + look.wall_slope;
    slope -= normal * normal.dot(slope);
    constexpr float share = 1.0f / (kSteepest * kSteepest);
    return (normal - slope * (1.0f / std::sqrt(1.0f + share * slope.dot(slope)))).normalized();
}

}  // namespace

Wave Spot::relief(float size_m, std::uint32_t seed) const
{
    const float share = seen(size_m);
    if (share <= 0.0f)
        return {};
    Wave wave = gradient_noise(turned * (1.0f / size_m), point.element + seed * 0x9e3779b1u);
    wave.value *= share;
    wave.slope *= share;
    return wave;
}

float Spot::tone(float size_m, std::uint32_t seed) const
{
    const float share = seen(size_m);
    if (share <= 0.0f)
        return 0.0f;
    return share * (2.0f * value_noise(turned * (1.0f / size_m), point.element + seed * 0x9e3779b1u) - 1.0f);
}

float add_facets(const Spot& spot, const Facets& facets, V3& slope)
{
    const float share = spot.seen(facets.size_m), finer = 1.0f / facets.size_m;
    if (share <= 0.0f)
        return 0.0f;
    const Cell cell = nearest_cell((spot.turned + facets.bent) * finer, spot.point.element + facets.seed);
    const float soft = 0.05f + spot.width_m * finer;  // a crease is as sharp as a pixel allows
    const float own = 0.5f + 0.5f * std::min(1.0f, cell.border / soft);
    const auto lean = [](std::uint32_t h) {
        return V3(unit_of(h << 3) - 0.5f, unit_of(h * 0x9e3779b1u) - 0.5f, unit_of(h * 0x85ebca6bu) - 0.5f);
    };
    slope += (lean(cell.hash) * own + lean(cell.second) * (1.0f - own)) * (2.0f * facets.tilt * share);
    return share * (1.0f - std::min(1.0f, cell.border / soft));
}

Surface surface_at(const SurfacePoint& point)
{
    const Spot spot = spot_of(point);
    Look look = point.broken ? broken(spot) : built(spot);
    settle_dust(spot, look);

    Surface surface;
    surface.normal = with_relief(point.normal, look);
    for (int channel = 0; channel < 3; ++channel)
        surface.albedo[channel] =
            std::clamp(look.albedo[channel] * (1.0f - 0.45f * look.cavity), kDarkest, kPalest);
    return surface;
}

}  // namespace platefall::render
