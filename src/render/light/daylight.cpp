#include "render/light/daylight.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <cmath>
#include <numbers>

namespace platefall::render {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kRadians = kPi / 180;

/// Mean of an HDRI's pixels under a cell of the sky's table, around `direction`.
std::function<Colour(const V3&)> sky_of(const Image& hdri, float turn_deg)
{
    const auto r = hdri.channel_index("R"), g = hdri.channel_index("G"), b = hdri.channel_index("B");
    if (!r || !g || !b)
        throw Error("render: the HDRI has no R G B (has " + describe(hdri.channels()) + ")");
    const Window window = hdri.data_window();
    const int across = std::max(1, window.width() / (2 * Sky::kSide)), down = std::max(1, window.height() / Sky::kSide);
    return [=, &hdri](const V3& d) {
        const float turn = std::atan2(d.z, d.x) / (2 * kPi) + turn_deg / 360;
        const int x = static_cast<int>((turn - std::floor(turn)) * static_cast<float>(window.width())) - across / 2;
        const int y = static_cast<int>(std::acos(std::clamp(d.y, -1.0f, 1.0f)) / kPi
                                       * static_cast<float>(window.height()))
                      - down / 2;
        Colour sum(0);
        for (int j = 0; j < down; ++j)
            for (int i = 0; i < across; ++i) {
                const float* pixel = hdri.pixel(window.x0 + (x + i + window.width()) % window.width(),
                                                window.y0 + std::clamp(y + j, 0, window.height() - 1));
                sum += Colour(pixel[*r], pixel[*g], pixel[*b]);
            }
        return sum / static_cast<float>(across * down);
    };
}

/// A small square's mean; Error when it does not lie in the plate.
Colour patch(const Image& plate, const V2& at)
{
    constexpr int kHalf = 1;
    const int x = static_cast<int>(at.x), y = static_cast<int>(at.y);
    if (!plate.data_window().contains({x - kHalf, y - kHalf, x + kHalf + 1, y + kHalf + 1}))
        throw Error(fmt::format("render: the marked shadow's point ({}, {}) lies outside the plate, {}", at.x, at.y,
                                describe(plate.data_window())));
    const auto r = plate.channel_index("R"), g = plate.channel_index("G"), b = plate.channel_index("B");
    if (!r || !g || !b)
        throw Error("render: a marked shadow needs a plate with R G B (has " + describe(plate.channels()) + ")");
    Colour sum(0);
    for (int j = -kHalf; j <= kHalf; ++j)
        for (int i = -kHalf; i <= kHalf; ++i) {
            const float* pixel = plate.pixel(x + i, y + j);
            sum += Colour(pixel[*r], pixel[*g], pixel[*b]);
        }
    return sum / static_cast<float>((2 * kHalf + 1) * (2 * kHalf + 1));
}

/// What lights a grey street: all of it beside a shadow, and in the shadow everything but the sun.
struct Mark {
    Colour lit, shaded;
};

Mark read_mark(const std::array<V2, 2>& mark, const Image& plate)
{
    const Mark found{patch(plate, mark[0]), patch(plate, mark[1])};
    for (int c = 0; c < 3; ++c)
        if (!(found.lit[c] > found.shaded[c] && found.shaded[c] > 0))
            throw Error(fmt::format("render: the marked shadow at ({}, {}) is not darker than the light at ({}, {}) in every "
                                    "channel: {:.4f} {:.4f} {:.4f} against {:.4f} {:.4f} {:.4f}",
                                    mark[1].x, mark[1].y, mark[0].x, mark[0].y, found.shaded.x, found.shaded.y,
                                    found.shaded.z, found.lit.x, found.lit.y, found.lit.z));
    return found;
}

/// The place on the ground that a pixel shows.
V3 on_ground(const V2& pixel, const char* what, const View& view, float ground_m)
{
    const Ray ray = view.ray(pixel.x, pixel.y, 0.5f);
    const float distance = (ground_m - ray.origin.y) / ray.direction.y;
    if (!(distance > 0 && distance < 1e4f))
        throw Error(fmt::format("render: of 'sun_marks' the {} ({}, {}) does not lie on the ground", what, pixel.x, pixel.y));
    return ray.origin + ray.direction * distance;
}

}  // namespace

V3 direction_of(float azimuth_deg, float height_deg)
{
    const float height = height_deg * kRadians, azimuth = azimuth_deg * kRadians;
    return {std::cos(height) * std::cos(azimuth), std::sin(height), std::cos(height) * std::sin(azimuth)};
}

V3 sun_direction(const SunMarks& marks, const View& view, float ground_m)
{
    const V3 foot = on_ground(marks.foot, "foot", view, ground_m), tip = on_ground(marks.tip, "tip", view, ground_m);
    const Ray ray = view.ray(marks.top.x, marks.top.y, 0.5f);
    const V3 level(ray.direction.x, 0, ray.direction.z);
    const float height = ray.origin.y + ray.direction.y * (foot - ray.origin).dot(level) / level.length2() - ground_m;
    if (!(height > 0.1f))
        throw Error(fmt::format("render: of 'sun_marks' the top ({}, {}) is not above the foot ({}, {})", marks.top.x,
                                marks.top.y, marks.foot.x, marks.foot.y));
    if (!((tip - foot).length() > 0.1f))
        throw Error(fmt::format("render: of 'sun_marks' the tip of the shadow ({}, {}) lies on the foot", marks.tip.x,
                                marks.tip.y));
    return (foot + V3(0, height, 0) - tip).normalized();
}

Light daylight(const DaylightSettings& settings, const V3& to_sun,
               const std::function<Colour(const Colour&)>& to_working, const Image* hdri, const Image* plate)
{
    Light light;
    light.to_sun = to_sun;
    light.sun_radius_rad = settings.sun_angle_deg / 2 * kRadians;
    const auto clear = clear_sky(light.to_sun, settings.turbidity);
    std::function<Colour(const V3&)> above = [&](const V3& d) { return to_working(clear(d)); };
    if (hdri)
        above = sky_of(*hdri, settings.hdri_turn_deg);
    light.sun = to_working(clear_sun(light.to_sun, settings.turbidity));
    Colour gain = settings.sky_gain;
    const Colour up = Sky([&](const V3& d) { return d.y > 0 ? above(d) : Colour(0); }).irradiance({0, 1, 0});
    if (hdri)                          // its units are its own: as bright as the clear sky
        gain *= luminance(to_working(Sky(clear).irradiance({0, 1, 0}))) / luminance(up);
    if (settings.marked_shadow && plate) {
        const Mark mark = read_mark(*settings.marked_shadow, *plate);
        const float scale = luminance(up) / luminance(mark.shaded);
        gain *= mark.shaded * scale / up;
        light.sun = (mark.lit - mark.shaded) * (scale / std::max(light.to_sun.y, 0.05f));
    }
    light.sun *= settings.sun_gain;
    light.sky = with_ground([&](const V3& d) { return above(d) * gain; }, light.to_sun, light.sun,
                            settings.ground_albedo);
    return light;
}

Light scaled(const Light& light, float factor)
{
    Light result = light;
    result.sun *= factor;
    result.sky = Sky([&](const V3& d) { return light.sky.radiance(d) * factor; });
    return result;
}

}  // namespace platefall::render
