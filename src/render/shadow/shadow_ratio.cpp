#include "render/shadow/shadow_ratio.h"

#include "base/parallel.h"
#include "image/windows.h"
#include "render/filter/guided.h"
#include "render/geometry/set_mesh.h"
#include "render/sampling.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace platefall::render {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kOff_m = 0.02f;
constexpr float kNothing_m = 1e10f;
constexpr float kHidden = 0.998f;
constexpr int kPasses = 5;
constexpr std::uint32_t kAtOnce = 4;  // rays to the sun

enum Dimension : std::uint32_t { kSun, kSky, kTime };

/// Light at rest, and now. Of the sun how much of it comes through; of the sky the irradiance.
struct LightThere {
    float sun_before = 0, sun_now = 0;
    Colour sky_before{0}, sky_now{0};
};

class Receivers {
public:
    Receivers(const Moment& moment, const Mesh& set, const ShadowSettings& settings)
        : moment_(moment), set_(set), settings_(settings), light_(moment.illumination.light())
    {
    }

    /// What the plate shows in a pixel: the set, or a part of the building that stands where it stood.
    /// `wall_number` says which wall of the set it is, -1: none.
    std::optional<Place> at(int x, int y, float* depth, float* wall_number) const
    {
        Ray ray = moment_.view.ray(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f, 0.5f);
        const auto wall = moment_.rest.set.nearest(ray);
        const auto stood = moment_.rest.building.nearest(ray);
        const DebrisNow& now = moment_.now;
        if (stood && (!wall || stood->distance < wall->distance)
            && now.moment.still[static_cast<std::size_t>(now.mesh->piece_of(stood->triangle))]) {
            *depth = stood->distance;
            *wall_number = -1;
            const int face = now.mesh->face_of(stood->triangle);
            return Place{ray.origin + ray.direction * stood->distance,
                         now.mesh->faces()[static_cast<std::size_t>(face)].normal};
        }
        if (!wall)
            return std::nullopt;
        *depth = wall->distance;
        *wall_number = static_cast<float>(wall->triangle / 2);   // two a wall
        return Place{ray.origin + ray.direction * wall->distance, normal_of(set_, wall->triangle)};
    }

    /// `standing`: the light at rest came past the building as it stood.
    LightThere light(const Place& place, bool standing, const PixelSamples& samples) const
    {
        LightThere sum;
        const auto of_sun = static_cast<std::uint32_t>(settings_.samples), of_sky = (of_sun + 1) / 2;   // the sky's are smoothed
        if (place.normal.dot(light_.to_sun) > 0)
            for (std::uint32_t i = 0; i < of_sun; i += kAtOnce)
                add_sun(place, standing, samples, i, std::min(kAtOnce, of_sun - i), sum);
        for (std::uint32_t i = 0; i < of_sky; ++i)
            add_sky(place, standing, samples, i, sum);
        sum.sun_before /= static_cast<float>(of_sun);
        sum.sun_now /= static_cast<float>(of_sun);
        sum.sky_before *= kPi / static_cast<float>(of_sky);
        sum.sky_now *= kPi / static_cast<float>(of_sky);
        if (moment_.dust) {
            const V3 from = place.at + place.normal * kOff_m;
            sum.sun_now *= moment_.dust->sun_transmittance(from);
            sum.sky_now *= moment_.dust->sky_transmittance(from);
        }
        return sum;
    }

    Colour sun_on(const Place& place) const { return light_.sun * std::max(0.0f, place.normal.dot(light_.to_sun)); }

private:
    void add_sun(const Place& place, bool standing, const PixelSamples& samples, std::uint32_t first, std::uint32_t count,
                 LightThere& sum) const
    {
        std::array<Ray, kAtOnce> rays;
        for (std::uint32_t i = 0; i < count; ++i)
            rays[i] = {.origin = place.at + place.normal * kOff_m,
                       .direction = cone_direction(light_.to_sun, light_.sun_radius_rad, samples.pair(first + i, kSun)),
                       .time = samples.one(first + i, kTime)};
        unsigned open = (1u << count) - 1;
        open &= ~moment_.rest.set.blocks(rays, open);
        const unsigned before = standing ? open & ~moment_.rest.building.blocks(rays, open) : open;
        const unsigned now = open & ~moment_.debris.blocks(rays, open);
        sum.sun_before += static_cast<float>(std::popcount(before));
        sum.sun_now += static_cast<float>(std::popcount(now));
    }

    void add_sky(const Place& place, bool standing, const PixelSamples& samples, std::uint32_t i, LightThere& sum) const
    {
        const Ray ray{.origin = place.at + place.normal * kOff_m,
                      .direction = cosine_direction(place.normal, samples.pair(i, kSky)),
                      .time = samples.one(i, kTime)};
        const Colour reflected = moment_.illumination.reflected();
        const bool walled = ray.direction.y > 0 && moment_.rest.set.blocks(ray);
        const Colour free = walled ? reflected : light_.sky.radiance(ray.direction);
        sum.sky_before += !walled && standing && moment_.rest.building.blocks(ray) ? reflected : free;
        sum.sky_now += !walled && moment_.debris.blocks(ray) ? reflected : free;
    }

    const Moment& moment_;
    const Mesh& set_;
    const ShadowSettings& settings_;
    const Light& light_;
};

struct Gathered {
    Image sun;                        ///< before and now, times its irradiance there: R G B r g b
    Image sky;                        ///< irradiance before and now: R G B r g b
    Image normal, depth;
    Image wall;                       ///< number of the set's wall, or -1
    Image in_sun;                     ///< how much of the sun reached it at rest
};

Gathered gather(const Receivers& receivers, const Image& fallen, const Image* hidden, const ShadowSettings& settings,
                const Window& data)
{
    const std::vector<Channel> twice{{"R"}, {"G"}, {"B"}, {"r"}, {"g"}, {"b"}};
    Gathered all{Image(data, data, twice), Image(data, data, twice), Image(data, data, {{"X"}, {"Y"}, {"Z"}}),
                 Image(data, data, {{"Z"}}, kNothing_m), Image(data, data, {{"wall"}}, -1), Image(data, data, {{"A"}})};
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = data.x0; x < data.x1; ++x) {
                if (hidden && *hidden->pixel(x, y) > kHidden)
                    continue;
                const auto place = receivers.at(x, y, all.depth.pixel(x, y), all.wall.pixel(x, y));
                if (!place)
                    continue;
                const float gone = *fallen.pixel(x, y);
                const PixelSamples samples(settings.seed, 0, x, y);
                const LightThere light = receivers.light(*place, gone < 0.5f, samples);
                const Colour sun = receivers.sun_on(*place);
                *all.in_sun.pixel(x, y) = gone < 0.5f ? light.sun_before : 0;
                for (int c = 0; c < 3; ++c) {
                    all.sun.pixel(x, y)[c] = sun[c] * light.sun_before;
                    all.sun.pixel(x, y)[3 + c] = sun[c] * light.sun_now;
                    all.sky.pixel(x, y)[c] = light.sky_before[c];
                    all.sky.pixel(x, y)[3 + c] = light.sky_now[c];
                    all.normal.pixel(x, y)[c] = place->normal[c];
                }
            }
    });
    return all;
}

float luminance_at(const Image& picture, int x, int y)
{
    const float* pixel = picture.pixel(x, y);
    return luminance({pixel[0], pixel[1], pixel[2]});
}

/// How bright each wall is in the plate where the sun reached it all the time; 0 where it never did.
std::vector<float> lit_walls(const Gathered& all, const Image& plate, std::size_t walls)
{
    std::vector<std::vector<float>> lit(walls);
    const Window data = plate.data_window();
    for (int y = data.y0; y < data.y1; ++y)
        for (int x = data.x0; x < data.x1; ++x) {
            const float wall = *all.wall.pixel(x, y);
            if (wall >= 0 && *all.in_sun.pixel(x, y) == 1)
                lit[static_cast<std::size_t>(wall)].push_back(luminance_at(plate, x, y));
        }
    std::vector<float> levels;
    for (std::vector<float>& found : lit) {
        const auto quartile = found.begin() + static_cast<std::ptrdiff_t>(found.size() * 3 / 4);
        if (!found.empty())
            std::ranges::nth_element(found, quartile);
        levels.push_back(found.empty() ? 0 : *quartile);
    }
    return levels;
}

/// What is left of a brightening so that a pixel does not outshine its lit wall.
float held(float ratio_luminance, float pixel_luminance, float lit)
{
    constexpr float kOver = 1.25f;
    if (ratio_luminance <= 1 || lit <= 0)
        return 1;
    const float most = std::max(1.0f, kOver * lit / std::max(pixel_luminance, 1e-6f));
    return std::min(1.0f, most / ratio_luminance);
}

}  // namespace

Image shadow_ratio(const Moment& moment, const Mesh& set, const Image& plate, const Image& fallen, const Image* hidden,
                   const ShadowSettings& settings)
{
    const Window data = plate.data_window();
    Gathered all = gather(Receivers(moment, set, settings), fallen, hidden, settings, data);
    smooth_guided(all.sky, {all.normal, all.depth}, kPasses);
    const Image colours = pick_channels(plate, {"R", "G", "B"});
    const std::vector<float> lit = lit_walls(all, colours, set.triangles.size() / 2);
    Image ratio(data, plate.display_window(), {{"R"}, {"G"}, {"B"}}, 1.0f);
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = data.x0; x < data.x1; ++x) {
                if (*all.depth.pixel(x, y) >= kNothing_m)
                    continue;
                float* out = ratio.pixel(x, y);
                for (int c = 0; c < 3; ++c) {
                    const float before = all.sun.pixel(x, y)[c] + all.sky.pixel(x, y)[c];
                    const float now = all.sun.pixel(x, y)[3 + c] + all.sky.pixel(x, y)[3 + c];
                    out[c] = before > 0 ? now / before : 1.0f;
                }
                const float wall = *all.wall.pixel(x, y);
                const float share = wall < 0 ? 1.0f
                                             : held(luminance({out[0], out[1], out[2]}), luminance_at(colours, x, y),
                                                    lit[static_cast<std::size_t>(wall)]);
                for (int c = 0; c < 3; ++c)
                    out[c] *= share;
            }
    });
    return ratio;
}

}  // namespace platefall::render
