/// What shines on the shot. Units are the plate's: a white matt surface under the irradiance E looks E / pi.
#pragma once

#include "render/vectors.h"

#include <array>
#include <functional>
#include <vector>

namespace platefall::render {

/// What shines from afar, by direction: the sky, and below the horizon what the ground reflects of it. A table over an
/// octahedron that is folded open to a square (Engelhardt and Dachsbacher 2008), so that asking is cheap, with its irradiance
/// as second-order spherical harmonics (Ramamoorthi and Hanrahan 2001). Without the sun's disc.
class Sky {
public:
    static constexpr int kSide = 96;

    Sky() : Sky([](const V3&) { return Colour(0); }) {}

    /// `radiance` is asked for unit directions all around.
    explicit Sky(const std::function<Colour(const V3& direction)>& radiance);

    /// From where `direction` (of unit length) points to; interpolated.
    Colour radiance(const V3& direction) const;

    /// On an unshadowed surface with this normal (of unit length).
    Colour irradiance(const V3& normal) const;

    /// Averaged over the whole sphere.
    Colour mean() const;

private:
    std::vector<Colour> table_;       ///< kSide squared; straight up is in the middle
    std::array<Colour, 9> harmonics_;
};

struct Light {
    V3 to_sun{0, 1, 0};               ///< of unit length
    float sun_radius_rad = 0.0047f;   ///< half the sun's angle: how soft shadows are
    Colour sun{0, 0, 0};              ///< irradiance on a surface that faces it
    Sky sky;
};

/// Radiance of the clear sky by Preetham, Shirley and Smits, "A Practical Analytic Model for Daylight" (1999), appendix A.2,
/// in linear Rec. 709; 1 straight up. Black below the horizon. A sun below it counts as on it. `turbidity` 2 is very
/// clear, 10 is hazy.
std::function<Colour(const V3& direction)> clear_sky(const V3& to_sun, float turbidity);

/// Irradiance by the sun through the same air, in the units of clear_sky, with its colour: Rayleigh and aerosol extinction at
/// one wavelength a channel (same paper, appendix A.1, without ozone and vapour).
Colour clear_sun(const V3& to_sun, float turbidity);

/// A sky above the horizon and a ground below it that reflects `ground_albedo` of all that shines on it.
Sky with_ground(const std::function<Colour(const V3& direction)>& sky, const V3& to_sun, const Colour& sun,
                const Colour& ground_albedo);

}  // namespace platefall::render
