/// Concrete: broken through, and as it came out of its form-work.
#include "render/surface/material_looks.h"

#include <cmath>

namespace platefall::render {
namespace {

const Colour kMatrix{0.375f, 0.36f, 0.335f};       // fresh cement stone with its sand
const Colour kMeanStone{0.284f, 0.259f, 0.2325f};  // average of kStones
const Colour kRust{0.17f, 0.085f, 0.045f};
const Colour kBar{0.085f, 0.06f, 0.045f};  // a bar's own surface
constexpr float kStoneShare = 0.34f;       // of a cut, by area

/// River gravel and crushed rock, as they come: basalt, greywacke, limestone, flint, granite, quartz.
const Colour kStones[8] = {{0.085f, 0.085f, 0.085f}, {0.165f, 0.16f, 0.15f}, {0.47f, 0.44f, 0.385f},
                           {0.21f, 0.155f, 0.11f},   {0.29f, 0.215f, 0.17f}, {0.54f, 0.52f, 0.49f},
                           {0.20f, 0.20f, 0.20f},    {0.31f, 0.30f, 0.27f}};

/// One sieve size of aggregate: stones that broke through, stones that stand out, and the holes of those that
/// fell out.
struct Sieve {
    float size_m;  ///< one stone a cube of this
    float relief;
    std::uint32_t seed;
};

void add_stones(const Spot& spot, const Sieve& sieve, Look& look)
{
    const float share = spot.seen(sieve.size_m);
    if (share <= 0.0f)
        return;
    const Cell cell = spot.cell(sieve.size_m, spot.point.element + sieve.seed);
    const float radius = 0.24f + 0.26f * unit_of(cell.hash * 0x9e3779b1u);
    const float soft = 0.05f + 0.7f * spot.width_m / sieve.size_m;
    const float inside = share * (1.0f - smooth_step(radius - soft, radius + soft, cell.distance));
    const std::uint32_t kind = (cell.hash >> 4) & 7u;
    if (inside <= 0.0f)
        return;
    if (kind < 2) {  // fell out
        look.cavity = std::max(look.cavity, 0.75f * inside);
        look.slope += cell.from_centre * (sieve.relief * inside * 1.6f);
        return;
    }
    const float coat = kind < 4 ? 0.55f : 0.0f;  // cement still sticks to it
    look.albedo = mixed(look.albedo, kStones[(cell.hash >> 8) & 7u], inside * (1.0f - coat));
    if (kind < 6)
        look.slope -= cell.from_centre * (sieve.relief * inside);  // stands out
}

/// Moves places so that facets become ledges: each piece splits finer across a direction of its own.
V3 splintered(const Spot& spot)
{
    const std::uint32_t h = lattice_hash(static_cast<int>(spot.point.piece), 1, 0, 0x27u);
    const V3 across(unit_of(h) - 0.5f, unit_of(h << 8) - 0.5f, unit_of(h << 16) - 0.5f);
    return across * (3.2f * spot.turned.dot(across));
}

/// Depth of the fracture at a place: what makes a flat cut of a computer look torn.
void tear(const Spot& spot, Look& look)
{
    const V3 ledges = splintered(spot);
    const Wave hollow = spot.relief(0.24f, 0x23u), lump = spot.relief(0.085f, 0x24u),
               grit = spot.relief(0.024f, 0x25u);
    const float coarse = add_facets(spot, {0.42f, 0.34f, 0x21u, ledges + hollow.slope * 0.05f}, look.slope);
    const float fine = add_facets(spot, {0.13f, 0.44f, 0x22u, ledges + lump.slope * 0.018f}, look.slope);
    add_facets(spot, {0.04f, 0.42f, 0x26u, grit.slope * 0.004f}, look.slope);
    look.slope += hollow.slope * 0.18f + lump.slope * 0.20f + grit.slope * 0.24f;
    const float depth = 0.30f * hollow.value + 0.40f * lump.value + 0.35f * grit.value;
    look.cavity = std::clamp(-0.9f * depth + 0.08f * coarse + 0.10f * fine, 0.0f, 1.0f);
    look.albedo *= 1.0f + 0.16f * depth;
}

/// Sand, and the pale powder where the fracture crushed what it ran through.
void add_matrix(const Spot& spot, Look& look)
{
    const float patch = spot.tone(0.55f, 0x31u), crushed = spot.tone(0.17f, 0x32u);
    const float sand = spot.tone(0.004f, 0x33u), grain = spot.tone(0.009f, 0x34u);
    look.patch = 0.75f * patch + 0.35f * crushed;
    look.albedo = kMatrix * (1.0f + 0.09f * patch + 0.10f * crushed + 0.20f * sand + 0.10f * grain);
    look.albedo = mixed(look.albedo, kMeanStone, kStoneShare * (1.0f - spot.seen(0.045f)));
}

void add_cracks(const Spot& spot, Look& look)
{
    const float size = 0.5f, share = spot.seen(0.06f) * smooth_step(0.0f, 0.4f, look.patch);
    if (share <= 0.0f)
        return;
    const Wave path = gradient_noise(spot.turned * (1.0f / size), spot.mix(0x41u));
    const float steep = std::max(0.3f, path.slope.length()) / size;
    const float wander = 0.012f * spot.tone(0.05f, 0x42u);
    const float line = share * stripe(path.value / steep + wander, 0.002f, spot.width_m + 0.002f);
    look.albedo *= 1.0f - 0.7f * line;
}

/// Bars cross a fracture as rusty stubs on a loose grid, and lie bare in it where the cover came off.
void add_bars(const Spot& spot, Look& look)
{
    const float spacing = 0.16f + 0.08f * unit_of(spot.mix(0x61u));
    const Course column = course_of(spot.u, spacing), row = course_of(spot.v, spacing);
    const std::uint32_t bar = lattice_hash(column.index, row.index, 0, spot.mix(0x62u));
    const float x = column.place - spacing * (0.4f + 0.2f * unit_of(bar)),
                y = row.place - spacing * (0.4f + 0.2f * unit_of(bar << 8));
    if ((bar & 7u) < 3u) {
        const float away = std::sqrt(x * x + y * y), w = spot.width_m, radius = 0.010f;
        const float halo =
            spot.seen(0.12f) * (1.0f - smooth_step(radius, 0.03f + 0.05f * unit_of(bar << 4), away));
        look.albedo = mixed(look.albedo, kRust, 0.38f * halo);
        const float stub = std::min(1.0f, stripe(x, radius, w) * stripe(y, radius, w));
        look.albedo = mixed(look.albedo, kBar, stub);
        look.cavity = std::max(look.cavity, 0.35f * halo);
    }
    const float bare = smooth_step(0.30f, 0.50f, -look.patch);
    if (bare > 0.0f && (spot.mix(0x64u) + spot.point.piece) % 4u == 0u) {
        const Course lying = course_of(spot.u + 0.04f * spot.v, spacing);
        const float across = lying.place - 0.5f * spacing;
        const float line = stripe(across, 0.007f, spot.width_m),
                    groove = stripe(across, 0.02f, spot.width_m + 0.02f);
        look.albedo = mixed(look.albedo, kRust, bare * std::min(1.0f, 0.35f * groove + line));
        look.cavity = std::max(look.cavity, 0.4f * bare * groove);
    }
}

/// Edges of a fracture are crushed: paler, and rounded by chips of all sizes.
void wear_edges(const Spot& spot, Look& look)
{
    constexpr float farthest = 0.075f;  // m, how deep the largest chip goes
    if (spot.point.edge_m > farthest + spot.width_m)
        return;
    const float ragged = 0.7f * spot.tone(0.11f, 0x71u) + 0.4f * spot.tone(0.03f, 0x73u);
    const float reach = std::clamp(0.028f * (1.0f + 1.6f * ragged), 0.004f, farthest), w = spot.width_m;
    const float worn =
        (1.0f - smooth_step(0.35f * reach, reach + w, spot.point.edge_m)) * reach / (reach + 0.3f * w);
    look.albedo = mixed(look.albedo, Colour(0.455f, 0.44f, 0.41f), 0.5f * worn);
    look.slope += spot.relief(0.035f, 0x72u).slope * (0.5f * worn);
    look.wall_slope -= spot.point.to_edge * (0.9f * worn);  // falls off towards the edge
}

/// Boards of a form as they print through: seams, grain, each of its own tone.
void print_boards(const Spot& spot, Look& look)
{
    const bool upright = (spot.mix(0x81u) & 1u) != 0;
    const float across = upright ? spot.u : spot.v, lengthwise = upright ? spot.v : spot.u;
    const float board_m = 0.11f + 0.05f * unit_of(spot.mix(0x82u));
    const Course board = course_of(across, board_m);
    const float share = spot.seen(board_m),
                own = unit_of(lattice_hash(board.index, 0, 0, spot.mix(0x83u))) - 0.5f;
    const float seam = stripe(std::min(board.place, board_m - board.place), 0.002f, spot.width_m + 0.002f);
    const float grain =
        spot.seen(0.008f)
        * (2.0f * value_noise({across / 0.006f, lengthwise / 0.25f, 0.5f}, spot.mix(0x84u)) - 1.0f);
    look.albedo *= (1.0f + share * 0.14f * own) * (1.0f + 0.07f * grain) * (1.0f - 0.30f * share * seam);
    const V3 side = upright ? spot.along : spot.up;
    look.wall_slope += side * (share * (0.05f * own + (board.place < 0.5f * board_m ? -0.4f : 0.4f) * seam));
}

/// Large sheets of a form, with the cones of their ties.
void print_sheets(const Spot& spot, Look& look)
{
    const Course column = course_of(spot.u, 1.25f), row = course_of(spot.v, 2.5f);
    const float own = unit_of(lattice_hash(column.index, row.index, 0, spot.mix(0x85u))) - 0.5f,
                w = spot.width_m;
    const float seam = std::max(stripe(std::min(column.place, 1.25f - column.place), 0.003f, w),
                                stripe(std::min(row.place, 2.5f - row.place), 0.003f, w));
    const Course x = course_of(spot.u, 0.625f), y = course_of(spot.v, 0.833f);
    const float tie = stripe(x.place - 0.3125f, 0.014f, w) * stripe(y.place - 0.4165f, 0.014f, w);
    look.albedo *= (1.0f + 0.10f * own) * (1.0f - 0.35f * seam) * (1.0f - 0.6f * tie);
    look.cavity = std::max(look.cavity, tie);
}

/// Rain and rust leave streaks that run down; each day's pour shows where it ended.
void run_stains(const Spot& spot, Look& look)
{
    const float share = spot.seen(0.10f);
    const float streak =
        share <= 0.0f ? 0.5f : value_noise({spot.u / 0.11f, spot.v / 1.6f, 0.5f}, spot.mix(0x91u));
    const float pour = 1.25f + 0.25f * unit_of(spot.mix(0x92u));
    const Course pours = course_of(spot.v + 0.04f * look.patch, pour);
    const float line = stripe(std::min(pours.place, pour - pours.place), 0.012f, spot.width_m + 0.02f);
    const float below = smooth_step(0.5f * pour, pour, pours.place);
    look.albedo *= 1.0f - 0.20f * share * smooth_step(0.55f, 0.85f, streak) - 0.13f * line - 0.05f * below;
}

void pit(const Spot& spot, Look& look)
{
    const float share = spot.seen(0.03f);
    if (share <= 0.0f)
        return;
    const Cell hole = spot.cell(0.03f, spot.mix(0x94u));
    const float radius = 0.03f + 0.16f * unit_of(hole.hash * 0x9e3779b1u) * unit_of(hole.hash * 0x85ebca6bu);
    const float inside =
        share * (1.0f - smooth_step(radius * 0.7f, radius + 0.5f * spot.width_m / 0.03f, hole.distance));
    look.cavity = std::max(look.cavity, inside);
}

}  // namespace

Look broken_concrete(const Spot& spot)
{
    Look look;
    add_matrix(spot, look);
    tear(spot, look);
    add_stones(spot, {0.045f, 0.9f, 0x11u}, look);
    add_stones(spot, {0.017f, 0.7f, 0x12u}, look);
    add_cracks(spot, look);
    add_bars(spot, look);
    wear_edges(spot, look);
    return look;
}

Look built_concrete(const Spot& spot)
{
    Look look;
    const float wide = spot.tone(0.8f, 0x8fu), narrow = spot.tone(0.21f, 0x90u);
    look.patch = 0.7f * wide + 0.4f * narrow;
    look.albedo = Colour(0.325f, 0.315f, 0.295f) * (0.90f + 0.20f * unit_of(spot.mix(0x8eu)));
    look.albedo *= 1.0f + 0.09f * wide + 0.06f * narrow + 0.05f * spot.tone(0.012f, 0x95u);
    if (spot.mix(0x96u) % 5u < 3u)
        print_boards(spot, look);
    else
        print_sheets(spot, look);
    run_stains(spot, look);
    pit(spot, look);
    look.slope += spot.relief(0.06f, 0x97u).slope * 0.05f;
    return look;
}

}  // namespace platefall::render
