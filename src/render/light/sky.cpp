#include "render/light/light.h"

#include <cmath>
#include <numbers>

namespace platefall::render {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

float sign_of(float x)
{
    return x < 0 ? -1.0f : 1.0f;
}

/// Where a direction lies on the square from -1 to 1: (x, z) of the octahedron |x| + |y| + |z| = 1, its lower half folded out.
V2 square_of(const V3& d)
{
    const float scale = 1 / (std::abs(d.x) + std::abs(d.y) + std::abs(d.z));
    const V2 p(d.x * scale, d.z * scale);
    return d.y >= 0 ? p : V2((1 - std::abs(p.y)) * sign_of(p.x), (1 - std::abs(p.x)) * sign_of(p.y));
}

/// The place on the octahedron, not of unit length.
V3 octahedron_of(const V2& square)
{
    const float y = 1 - std::abs(square.x) - std::abs(square.y);
    if (y >= 0)
        return {square.x, y, square.y};
    return {(1 - std::abs(square.y)) * sign_of(square.x), y, (1 - std::abs(square.x)) * sign_of(square.y)};
}

/// Real spherical harmonics up to the second order.
std::array<float, 9> harmonics_at(const V3& d)
{
    return {0.282095f,
            0.488603f * d.y,
            0.488603f * d.z,
            0.488603f * d.x,
            1.092548f * d.x * d.y,
            1.092548f * d.y * d.z,
            0.315392f * (3 * d.z * d.z - 1),
            1.092548f * d.x * d.z,
            0.546274f * (d.x * d.x - d.y * d.y)};
}

/// The factors by which the cosine's lobe weighs each order.
constexpr std::array<float, 9> kCosineLobe{kPi,          2 * kPi / 3, 2 * kPi / 3, 2 * kPi / 3, kPi / 4,
                                           kPi / 4,      kPi / 4,     kPi / 4,     kPi / 4};

// ------------------------------------------------------------------------------------ Preetham et al.

/// Perez' distribution, F of the paper's equation 3, for luminance, x and y.
struct Perez {
    double a, b, c, d, e;

    double at(double cos_zenith, double angle_to_sun) const
    {
        const double cosine = std::cos(angle_to_sun);
        return (1 + a * std::exp(b / cos_zenith)) * (1 + c * std::exp(d * angle_to_sun) + e * cosine * cosine);
    }
};

struct Yxy {
    double Y, x, y;
};

Yxy zenith(double sun, double t)
{
    const double chi = (4.0 / 9 - t / 120) * (std::numbers::pi - 2 * sun);
    const double s2 = sun * sun, s3 = s2 * sun;
    return {(4.0453 * t - 4.9710) * std::tan(chi) - 0.2155 * t + 2.4192,
            (0.00166 * s3 - 0.00375 * s2 + 0.00209 * sun) * t * t
                + (-0.02903 * s3 + 0.06377 * s2 - 0.03202 * sun + 0.00394) * t
                + (0.11693 * s3 - 0.21196 * s2 + 0.06052 * sun + 0.25886),
            (0.00275 * s3 - 0.00610 * s2 + 0.00317 * sun) * t * t
                + (-0.04214 * s3 + 0.08970 * s2 - 0.04153 * sun + 0.00516) * t
                + (0.15346 * s3 - 0.26756 * s2 + 0.06670 * sun + 0.26688)};
}

Colour rec709_of(const Yxy& c)
{
    const double X = c.x / c.y * c.Y, Z = (1 - c.x - c.y) / c.y * c.Y;
    const auto channel = [&](double x, double y, double z) {
        return static_cast<float>(std::max(0.0, x * X + y * c.Y + z * Z));
    };
    return {channel(3.2406, -1.5372, -0.4986), channel(-0.9689, 1.8758, 0.0415), channel(0.0557, -0.2040, 1.0570)};
}

double sun_zenith(const V3& to_sun)
{
    return std::min(std::acos(std::clamp(static_cast<double>(to_sun.y), -1.0, 1.0)), 0.5 * std::numbers::pi - 0.01);
}

}  // namespace

Sky::Sky(const std::function<Colour(const V3&)>& radiance)
{
    constexpr float kStep = 2.0f / kSide;
    table_.reserve(static_cast<std::size_t>(kSide) * kSide);
    harmonics_.fill(Colour(0));
    for (int row = 0; row < kSide; ++row)
        for (int column = 0; column < kSide; ++column) {
            const V3 place = octahedron_of(V2((static_cast<float>(column) + 0.5f) * kStep - 1,
                                              (static_cast<float>(row) + 0.5f) * kStep - 1));
            const float distance = place.length(), solid_angle = kStep * kStep / (distance * distance * distance);
            table_.push_back(radiance(place / distance));
            const std::array<float, 9> basis = harmonics_at(place / distance);
            for (std::size_t i = 0; i < 9; ++i)
                harmonics_[i] += table_.back() * (basis[i] * solid_angle);
        }
}

/// At the square's rim the far half of a fold is taken for its near one: the ground, which is even.
Colour Sky::radiance(const V3& d) const
{
    const V2 at = (square_of(d) + V2(1)) * (0.5f * kSide) - V2(0.5f);
    const float x = std::clamp(at.x, 0.0f, kSide - 1.0f), y = std::clamp(at.y, 0.0f, kSide - 1.0f);
    const int x0 = std::min(static_cast<int>(x), kSide - 2), y0 = std::min(static_cast<int>(y), kSide - 2);
    const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
    const Colour* row = table_.data() + static_cast<std::size_t>(y0) * kSide + x0;
    return (row[0] * (1 - fx) + row[1] * fx) * (1 - fy) + (row[kSide] * (1 - fx) + row[kSide + 1] * fx) * fy;
}

Colour Sky::irradiance(const V3& normal) const
{
    const std::array<float, 9> basis = harmonics_at(normal);
    Colour sum(0);
    for (std::size_t i = 0; i < 9; ++i)
        sum += harmonics_[i] * (basis[i] * kCosineLobe[i]);
    return {std::max(sum.x, 0.0f), std::max(sum.y, 0.0f), std::max(sum.z, 0.0f)};
}

Colour Sky::mean() const
{
    return harmonics_[0] * (0.282095f);   // its first function squared is 1 / (4 pi)
}

std::function<Colour(const V3&)> clear_sky(const V3& to_sun, float turbidity)
{
    const double t = turbidity, sun = sun_zenith(to_sun);
    const Yxy top = zenith(sun, t);
    const Perez Y{0.1787 * t - 1.4630, -0.3554 * t + 0.4275, -0.0227 * t + 5.3251, 0.1206 * t - 2.5771,
                  -0.0670 * t + 0.3703};
    const Perez x{-0.0193 * t - 0.2592, -0.0665 * t + 0.0008, -0.0004 * t + 0.2125, -0.0641 * t - 0.8989,
                  -0.0033 * t + 0.0452};
    const Perez y{-0.0167 * t - 0.2608, -0.0950 * t + 0.0092, -0.0079 * t + 0.2102, -0.0441 * t - 1.6537,
                  -0.0109 * t + 0.0529};
    return [=](const V3& d) {
        if (d.y <= 0)
            return Colour(0);
        const double up = std::max(static_cast<double>(d.y), 0.01);
        const double angle = std::acos(std::clamp(static_cast<double>(d.dot(to_sun)), -1.0, 1.0));
        return rec709_of({Y.at(up, angle) / Y.at(1, sun), top.x * x.at(up, angle) / x.at(1, sun),
                          top.y * y.at(up, angle) / y.at(1, sun)});
    };
}

Colour clear_sun(const V3& to_sun, float turbidity)
{
    constexpr std::array kWavelengths_um{0.61, 0.55, 0.465};
    constexpr double kSun_klx = 127.5;   // illuminance outside the air; the sky's zenith is in kcd/m2
    const double zenith_rad = sun_zenith(to_sun), zenith_deg = zenith_rad * 180 / std::numbers::pi;
    const double mass = 1 / (std::cos(zenith_rad) + 0.15 * std::pow(93.885 - zenith_deg, -1.253));
    const double beta = std::max(0.0, 0.04608 * static_cast<double>(turbidity) - 0.04586);
    Colour sun;
    for (int c = 0; c < 3; ++c) {
        const double um = kWavelengths_um[static_cast<std::size_t>(c)];
        const double depth = 0.008735 * std::pow(um, -4.08) + beta * std::pow(um, -1.3);
        sun[c] = static_cast<float>(kSun_klx * std::exp(-depth * mass) / zenith(zenith_rad, turbidity).Y);
    }
    return sun;
}

Sky with_ground(const std::function<Colour(const V3&)>& sky, const V3& to_sun, const Colour& sun,
                const Colour& ground_albedo)
{
    const Sky above([&](const V3& d) { return d.y > 0 ? sky(d) : Colour(0); });
    const Colour on_ground = above.irradiance({0, 1, 0}) + sun * std::max(0.0f, to_sun.y);
    const Colour ground = on_ground * ground_albedo / kPi;
    return Sky([&](const V3& d) { return d.y > 0 ? sky(d) : ground; });
}

}  // namespace platefall::render
