/// Brickwork: torn, bare, and under its render.
#include "render/surface/material_looks.h"

#include <cmath>

namespace platefall::render {
namespace {

constexpr float kCourse = 0.075f;  // m: a brick of 65 mm and its bed joint
constexpr float kLength = 0.25f;   // a stretcher and its joint; a header is half of it
constexpr float kJoint = 0.010f;
constexpr float kMeanCavity = 0.18f;  // of a torn wall whose bricks are too small to see
const Colour kMortar{0.40f, 0.38f, 0.345f};

/// Fired clay, from well burnt to pale.
const Colour kClay[6] = {{0.27f, 0.135f, 0.09f}, {0.32f, 0.165f, 0.11f},  {0.36f, 0.205f, 0.14f},
                         {0.24f, 0.14f, 0.105f}, {0.40f, 0.255f, 0.175f}, {0.30f, 0.18f, 0.135f}};
const Colour kMeanClay{0.315f, 0.18f, 0.1258f};  // average of kClay

/// A place in the bond of a wall.
struct Bond {
    float joint = 0;  ///< share of the pixel that is mortar
    float seen = 0;   ///< of single bricks
    std::uint32_t brick = 0;
    float x = 0, y = 0;  ///< m, from the brick's middle
};

/// `ragged_m` bends its lines.
Bond bond_at(const Spot& spot, float course_m, float length_m, float ragged_m)
{
    const Course row = course_of(spot.v + ragged_m, course_m);
    const float shift = (row.index & 1) != 0 ? 0.5f * length_m : 0.0f;
    const Course column = course_of(spot.u + shift - ragged_m, length_m);
    const float w = std::max(spot.width_m, 0.002f);
    Bond bond;
    bond.seen = spot.seen(course_m);
    bond.brick = lattice_hash(column.index, row.index, 0, spot.mix(0xa1u));
    bond.x = column.place - 0.5f * length_m;
    bond.y = row.place - 0.5f * course_m;
    const float bed = stripe(std::abs(bond.y) - 0.5f * course_m, 0.5f * kJoint, w);
    const float head = stripe(std::abs(bond.x) - 0.5f * length_m, 0.5f * kJoint, w);
    const float share = bed + head - bed * head;
    const float mean = kJoint / course_m + kJoint / length_m;
    bond.joint = mixed(mean, share, bond.seen);
    return bond;
}

Colour clay_of(const Bond& bond)
{
    return mixed(kMeanClay, kClay[bond.brick % 6u] * (0.9f + 0.2f * unit_of(bond.brick << 5)), bond.seen);
}

/// The edge of a brick falls back to its joint: where light catches a wall.
void round_bricks(const Spot& spot, const Bond& bond, float depth, float length_m, float course_m, Look& look)
{
    const float rim = 0.008f + spot.width_m;
    const auto lip = [&](float x, float half) {
        return std::copysign(smooth_step(half - 0.5f * kJoint - rim, half, std::abs(x)), x);
    };
    look.wall_slope -= (spot.along * lip(bond.x, 0.5f * length_m) + spot.up * lip(bond.y, 0.5f * course_m))
                       * (depth * bond.seen);
}

/// A brick of a torn wall: snapped, pulled out of its bed, or left standing out of it.
void tear_brick(const Spot& spot, const Bond& bond, Look& look)
{
    const float fate = unit_of(bond.brick * 0x9e3779b1u);
    const float smear = std::clamp(0.5f + 1.1f * spot.tone(0.05f, 0xa2u) + 0.4f * look.patch, 0.0f, 1.0f);
    const float bedded = fate < 0.45f ? 1.0f : 0.22f;  // mortar clings to what was pulled out whole
    const float cover = mixed(0.285f, bedded * smear, bond.seen);
    look.albedo = mixed(look.albedo, kMortar * 0.94f, cover * 0.8f);
    look.albedo *= mixed(1.0f, 0.88f + 0.24f * unit_of(bond.brick << 9), bond.seen);
    if (fate < 0.28f)
        look.cavity = std::max(look.cavity, 0.48f * bond.seen * (1.0f - bond.joint));
    const float x = unit_of(bond.brick << 3) - 0.5f, y = unit_of(bond.brick << 13) - 0.5f;
    look.wall_slope += (spot.along * x + spot.up * y) * (0.9f * bond.seen);
}

/// Edges of a torn wall crumble.
void crumble(const Spot& spot, Look& look)
{
    const float reach = 0.03f * (1.0f + 0.8f * spot.tone(0.09f, 0xabu)), w = spot.width_m;
    const float worn =
        (1.0f - smooth_step(0.3f * reach, reach + w, spot.point.edge_m)) * reach / (reach + 0.3f * w);
    look.albedo = mixed(look.albedo, kMortar, 0.35f * worn);
    look.wall_slope -= spot.point.to_edge * (0.8f * worn);
}

}  // namespace

Look broken_masonry(const Spot& spot)
{
    const bool lying = std::abs(spot.point.normal.y) > 0.866f;
    const float course_m = lying ? 0.5f * kLength : kCourse, length_m = lying ? kLength : 0.5f * kLength;
    const Wave hollow = spot.relief(0.2f, 0xa9u);
    const Bond bond =
        bond_at(spot, course_m, length_m, 0.012f * hollow.value + 0.006f * spot.tone(0.05f, 0xacu));
    Look look;
    const float wide = spot.tone(0.5f, 0xa4u), narrow = spot.tone(0.16f, 0xa3u);
    look.patch = 0.7f * wide + 0.4f * narrow;
    look.albedo = clay_of(bond) * (1.0f + 0.10f * wide + 0.12f * spot.tone(0.008f, 0xa5u));
    tear_brick(spot, bond, look);
    look.albedo = mixed(look.albedo, kMortar * (1.0f + 0.12f * spot.tone(0.02f, 0xa6u)), bond.joint);
    look.cavity = std::max(look.cavity, 0.5f * bond.seen * bond.joint) + kMeanCavity * (1.0f - bond.seen);
    round_bricks(spot, bond, 1.1f, length_m, course_m, look);

    add_facets(spot, {0.40f, 0.40f, 0xa7u, hollow.slope * 0.04f}, look.slope);
    add_facets(spot, {0.07f, 0.45f, 0xa8u}, look.slope);
    look.slope += hollow.slope * 0.30f + spot.relief(0.02f, 0xaau).slope * 0.25f;
    look.albedo *= 1.0f + 0.14f * hollow.value;
    if (spot.point.edge_m < 0.06f + spot.width_m)
        crumble(spot, look);
    return look;
}

Look bare_bricks(const Spot& spot)
{
    const Bond bond = bond_at(spot, kCourse, kLength, 0.0f);
    Look look;
    look.patch = spot.tone(0.6f, 0xb1u);
    look.albedo = clay_of(bond) * (1.0f + 0.08f * look.patch + 0.10f * spot.tone(0.012f, 0xb2u));
    const float smear = std::clamp(0.25f + 0.9f * spot.tone(0.09f, 0xb3u), 0.0f, 0.8f);
    look.albedo = mixed(look.albedo, kMortar, smear);  // what the plaster left behind
    look.albedo = mixed(look.albedo, kMortar * 0.92f, bond.joint);
    look.cavity = 0.35f * bond.joint;
    round_bricks(spot, bond, 0.7f, kLength, kCourse, look);
    look.slope += spot.relief(0.02f, 0xb4u).slope * 0.12f;
    return look;
}

Look outer_render(const Spot& spot)
{
    Look look;
    look.patch = spot.tone(0.7f, 0xb5u);
    look.albedo =
        Colour(0.46f, 0.435f, 0.385f)
        * (1.0f + 0.07f * look.patch + 0.05f * spot.tone(0.22f, 0xb6u) + 0.06f * spot.tone(0.006f, 0xb7u));
    const float share = spot.seen(0.12f);
    const float streak =
        share <= 0.0f ? 0.5f : value_noise({spot.u / 0.14f, spot.v / 1.8f, 0.5f}, spot.mix(0xb8u));
    look.albedo *= 1.0f - 0.14f * share * smooth_step(0.6f, 0.9f, streak);
    look.slope += spot.relief(0.012f, 0xb9u).slope * 0.12f;
    const float chip = 1.0f - smooth_step(0.0f, 0.02f + spot.width_m, spot.point.edge_m);
    look.albedo =
        mixed(look.albedo, Colour(0.52f, 0.50f, 0.46f), 0.5f * chip * 0.02f / (0.02f + 0.5f * spot.width_m));
    return look;
}

}  // namespace platefall::render
