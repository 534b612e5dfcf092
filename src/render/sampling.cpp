#include "render/sampling.h"

#include <cmath>
#include <numbers>

namespace platefall::render {
namespace {

constexpr std::uint32_t reversed(std::uint32_t x)
{
    x = ((x >> 1) & 0x55555555u) | ((x & 0x55555555u) << 1);
    x = ((x >> 2) & 0x33333333u) | ((x & 0x33333333u) << 2);
    x = ((x >> 4) & 0x0f0f0f0fu) | ((x & 0x0f0f0f0fu) << 4);
    return __builtin_bswap32(x);
}

/// Of the reversed number; Burley 2020, listing 3 with the better constants of its section 5.
std::uint32_t laine_karras(std::uint32_t x, std::uint32_t seed)
{
    x ^= x * 0x3d20adeau;
    x += seed;
    x *= (seed >> 16) | 1u;
    x ^= x * 0x05526c56u;
    x ^= x * 0x53a22864u;
    return x;
}

/// As many samples as a pixel may have before they repeat.
constexpr std::uint32_t kPeriod = 4096;

/// Sobol's second dimension.
constexpr std::uint32_t sobol_second(std::uint32_t index)
{
    std::uint32_t result = 0;
    for (std::uint32_t direction = 0x80000000u; index != 0; index >>= 1, direction ^= direction >> 1)
        if (index & 1u)
            result ^= direction;
    return result;
}

/// Its bits reversed, as the first one's are by being numbers.
constexpr std::array<std::uint32_t, kPeriod> kSecond = [] {
    std::array<std::uint32_t, kPeriod> table{};
    for (std::uint32_t i = 0; i < kPeriod; ++i)
        table[i] = reversed(sobol_second(i));
    return table;
}();

/// Which sample of the sequence; its low bits depend on nothing above them.
std::uint32_t shuffled(std::uint32_t index, std::uint32_t seed)
{
    return reversed(laine_karras(reversed(index), seed)) % kPeriod;
}

/// Sobol's first dimension of that sample.
float first_of(std::uint32_t number, std::uint32_t seed)
{
    return unit_of(reversed(laine_karras(number, seed ^ 0x5bd1e995u)));
}

float second_of(std::uint32_t number, std::uint32_t seed)
{
    return unit_of(reversed(laine_karras(kSecond[number], seed ^ 0xa511e9b3u)));
}

struct Frame3 {
    V3 tangent, bitangent;
};

/// Duff et al., "Building an Orthonormal Basis, Revisited", JCGT 6(1), 2017.
Frame3 frame_around(const V3& n)
{
    const float sign = std::copysign(1.0f, n.z);
    const float a = -1.0f / (sign + n.z), b = n.x * n.y * a;
    return {{1.0f + sign * n.x * n.x * a, sign * b, -sign * n.x}, {b, sign + n.y * n.y * a, -n.y}};
}

}  // namespace

std::uint32_t hashed(std::uint32_t hash, std::uint32_t value)
{
    hash ^= value + 0x9e3779b9u + (hash << 6) + (hash >> 2);
    hash ^= hash >> 16;
    hash *= 0x7feb352du;
    hash ^= hash >> 15;
    hash *= 0x846ca68bu;
    return hash ^ (hash >> 16);
}

PixelSamples::PixelSamples(std::uint64_t seed, int frame, int x, int y)
    : key_(hashed(hashed(hashed(hashed(static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)),
                                static_cast<std::uint32_t>(frame)),
                         static_cast<std::uint32_t>(x)),
                  static_cast<std::uint32_t>(y)))
{
}

std::array<float, 2> PixelSamples::pair(std::uint32_t index, std::uint32_t dimension) const
{
    const std::uint32_t seed = hashed(key_, dimension), number = shuffled(index, seed);
    return {first_of(number, seed), second_of(number, seed)};
}

float PixelSamples::one(std::uint32_t index, std::uint32_t dimension) const
{
    const std::uint32_t seed = hashed(key_, dimension);
    return first_of(shuffled(index, seed), seed);
}

V3 cosine_direction(const V3& normal, const std::array<float, 2>& u)
{
    const float angle = 2.0f * std::numbers::pi_v<float> * u[0], out = std::sqrt(u[1]);
    const Frame3 around = frame_around(normal);
    return around.tangent * (out * std::cos(angle)) + around.bitangent * (out * std::sin(angle))
           + normal * std::sqrt(std::max(0.0f, 1.0f - u[1]));
}

V3 cone_direction(const V3& axis, float radius_rad, const std::array<float, 2>& u)
{
    const float cosine = 1.0f - u[1] * (1.0f - std::cos(radius_rad));
    const float sine = std::sqrt(std::max(0.0f, 1.0f - cosine * cosine));
    const float angle = 2.0f * std::numbers::pi_v<float> * u[0];
    const Frame3 around = frame_around(axis);
    return around.tangent * (sine * std::cos(angle)) + around.bitangent * (sine * std::sin(angle)) + axis * cosine;
}

}  // namespace platefall::render
