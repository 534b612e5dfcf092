#include "render/surface/material_noise.h"

#include <cmath>

namespace platefall::render {
namespace {

/// How far a lattice cell's point may lie off its middle, of half a cell: little enough that eight cells
/// nearly always do.
constexpr float kStrewn = 0.72f;

// Eight corners of a cell, as two planes of four lanes: (0, 0), (1, 0), (0, 1), (1, 1) in x and y.
using Floats = float __attribute__((vector_size(16)));
using Words = std::uint32_t __attribute__((vector_size(16)));
using Ints = std::int32_t __attribute__((vector_size(16)));
constexpr Ints kLaneX{0, 1, 0, 1}, kLaneY{0, 0, 1, 1};

struct Corner {
    int x, y, z;
    V3 within;
};

Corner corner_below(const V3& at)
{
    const int x = floor_of(at.x), y = floor_of(at.y), z = floor_of(at.z);
    return {
        x, y, z, {at.x - static_cast<float>(x), at.y - static_cast<float>(y), at.z - static_cast<float>(z)}};
}

Floats floats_of(const Ints& ints)
{
    return __builtin_convertvector(ints, Floats);
}

/// lattice_hash of a plane's corners.
Words hashes(const Corner& c, int plane, std::uint32_t seed)
{
    const Words x = reinterpret_cast<Words>(kLaneX + c.x) * 0x8da6b343u,
                y = reinterpret_cast<Words>(kLaneY + c.y) * 0xd8163841u;
    Words h = x ^ y ^ ((static_cast<std::uint32_t>(c.z + plane) * 0xcb1ab31fu) ^ (seed * 0x9e3779b1u));
    h ^= h >> 15;
    h *= 0x2c1b3c6du;
    h ^= h >> 13;
    h *= 0x297a2d39u;
    return h ^ (h >> 16);
}

struct Vectors {
    Floats x, y, z;
};

/// Ten bits of a hash a component, -1 to 1.
Vectors spread(const Words& h)
{
    constexpr float scale = 2.0f / 1023.0f;
    const auto part = [&](int shift) {
        return floats_of(reinterpret_cast<Ints>((h >> shift) & 1023u)) * scale - 1.0f;
    };
    return {part(0), part(10), part(20)};
}

Vectors away_from_corners(const Corner& c, int plane)
{
    const Floats zero{};
    return {c.within.x - floats_of(kLaneX), c.within.y - floats_of(kLaneY),
            zero + (c.within.z - static_cast<float>(plane))};
}

float sum(const Floats& f)
{
    return (f[0] + f[1]) + (f[2] + f[3]);
}

struct Two {
    int first, second;
};

/// Which two of eight numbers, all at least 0, are the least. Their last three bits carry their index.
Two two_least(const Floats& below, const Floats& above)
{
    const auto less = [](const Ints& a, const Ints& b) { return a < b ? a : b; };
    const auto more = [](const Ints& a, const Ints& b) { return a < b ? b : a; };
    const Ints a = (reinterpret_cast<Ints>(below) & ~7) | Ints{0, 1, 2, 3};
    const Ints b = (reinterpret_cast<Ints>(above) & ~7) | Ints{4, 5, 6, 7};
    Ints low = less(a, b), high = more(a, b);
    const auto merge = [&](const Ints& low2, const Ints& high2) {
        high = less(more(low, low2), less(high, high2));
        low = less(low, low2);
    };
    merge(__builtin_shufflevector(low, low, 2, 3, 0, 1), __builtin_shufflevector(high, high, 2, 3, 0, 1));
    merge(__builtin_shufflevector(low, low, 1, 0, 3, 2), __builtin_shufflevector(high, high, 1, 0, 3, 2));
    return {low[0] & 7, high[0] & 7};
}

float quintic(float x)
{
    return x * x * x * (x * (x * 6.0f - 15.0f) + 10.0f);
}

float quintic_slope(float x)
{
    return 30.0f * x * x * (x * (x - 2.0f) + 1.0f);
}

}  // namespace

Wave gradient_noise(const V3& at, std::uint32_t seed)
{
    const Corner c = corner_below(at);
    const V3& t = c.within;
    const float fx = quintic(t.x), fy = quintic(t.y), fz = quintic(t.z);
    const float sx = quintic_slope(t.x), sy = quintic_slope(t.y), sz = quintic_slope(t.z);
    const Floats wx{1 - fx, fx, 1 - fx, fx}, wy{1 - fy, 1 - fy, fy, fy}, dx{-sx, sx, -sx, sx},
        dy{-sy, -sy, sy, sy};
    const Floats wxy = wx * wy, dxy = dx * wy, xdy = wx * dy;
    Floats value{}, x{}, y{}, z{};
    for (int plane = 0; plane < 2; ++plane) {
        const Vectors gradient = spread(hashes(c, plane, seed)), away = away_from_corners(c, plane);
        const Floats lean = gradient.x * away.x + gradient.y * away.y + gradient.z * away.z;
        const float wz = plane != 0 ? fz : 1 - fz, dz = plane != 0 ? sz : -sz;
        const Floats weight = wxy * wz;
        value += weight * lean;
        x += weight * gradient.x + dxy * wz * lean;
        y += weight * gradient.y + xdy * wz * lean;
        z += weight * gradient.z + wxy * dz * lean;
    }
    return {sum(value), {sum(x), sum(y), sum(z)}};
}

float value_noise(const V3& at, std::uint32_t seed)
{
    const Corner c = corner_below(at);
    const V3 t = c.within * c.within * (V3(3.0f) - c.within * 2.0f);
    const auto values = [&](int plane) {
        return floats_of(reinterpret_cast<Ints>(hashes(c, plane, seed) >> 8)) * 0x1p-24f;
    };
    const Floats low = values(0), high = values(1), f = low + (high - low) * t.z;
    return mixed(mixed(f[0], f[1], t.x), mixed(f[2], f[3], t.x), t.y);
}

Cell nearest_cell(const V3& at, std::uint32_t seed)
{
    const Corner c = corner_below(at - V3(0.5f));
    struct Plane {
        Words hash;
        Vectors from;
        Floats square;
    };
    Plane planes[2];
    for (int k = 0; k < 2; ++k) {
        Plane& p = planes[k];
        p.hash = hashes(c, k, seed);
        const Vectors strewn = spread(p.hash), away = away_from_corners(c, k);
        p.from = {away.x - strewn.x * (0.5f * kStrewn), away.y - strewn.y * (0.5f * kStrewn),
                  away.z - strewn.z * (0.5f * kStrewn)};
        p.square = p.from.x * p.from.x + p.from.y * p.from.y + p.from.z * p.from.z;
    }
    const auto [nearest, next] = two_least(planes[0].square, planes[1].square);
    const Plane &a = planes[nearest >> 2], &b = planes[next >> 2];
    const int lane = nearest & 3, other = next & 3;
    const float distance = std::sqrt(a.square[lane]);
    return {{a.from.x[lane], a.from.y[lane], a.from.z[lane]},
            distance,
            std::sqrt(b.square[other]) - distance,
            a.hash[lane],
            b.hash[other]};
}

}  // namespace platefall::render
