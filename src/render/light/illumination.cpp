#include "render/light/illumination.h"

#include "render/sampling.h"

#include <numbers>

namespace platefall::render {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kOff_m = 0.01f;                    // rays start off their surface
constexpr float kReflectance = 0.3f;               // of what stands around
constexpr float kSunlitShare = 0.15f, kSkylitShare = 0.4f;   // of it, in the sun, and of the sky that it sees

}  // namespace

Illumination::Illumination(const Light& light, const Obstruction& obstruction)
    : light_(light), in_the_way_(obstruction),
      reflected_((light.sun * kSunlitShare + light.sky.irradiance({0, 1, 0}) * kSkylitShare) * (kReflectance / kPi))
{
}

Colour Illumination::sun(const Place& place, const V3& relief, const std::array<float, 2>& u) const
{
    const float cosine = relief.dot(light_.to_sun);
    if (cosine <= 0 || place.normal.dot(light_.to_sun) <= 0)
        return Colour(0);
    const V3 from = place.at + place.normal * kOff_m;
    const Ray ray{.origin = from, .direction = cone_direction(light_.to_sun, light_.sun_radius_rad, u),
                  .time = place.time};
    if ((in_the_way_.building && in_the_way_.building->blocks(ray)) || (in_the_way_.set && in_the_way_.set->blocks(ray)))
        return Colour(0);
    const float through = in_the_way_.dust ? in_the_way_.dust->sun_transmittance(from) : 1.0f;
    return light_.sun * (cosine * through);
}

Colour Illumination::sky(const Place& place, const V3& relief, const std::array<float, 2>& u) const
{
    V3 way = cosine_direction(relief, u);
    const float below = way.dot(place.normal);
    if (below < 0)                                 // relief must not see through its own surface
        way -= place.normal * (2 * below);
    const V3 from = place.at + place.normal * kOff_m;
    const Ray ray{.origin = from, .direction = way, .time = place.time};
    if ((in_the_way_.building && in_the_way_.building->blocks(ray))
        || (way.y > 0 && in_the_way_.set && in_the_way_.set->blocks(ray)))
        return reflected_ * kPi;
    const float through = in_the_way_.dust ? in_the_way_.dust->sky_transmittance(from) : 1.0f;
    return light_.sky.radiance(way) * (kPi * through);
}

}  // namespace platefall::render
