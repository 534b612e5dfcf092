#include "render/picture.h"

#include "base/parallel.h"
#include "render/geometry/motion.h"
#include "render/geometry/screen_cover.h"
#include "render/sampling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace platefall::render {
namespace {

constexpr float kNothing_m = 1e10f;
constexpr int kLookFirst = 4;         // samples after which an even pixel is done, at least
constexpr float kBuried = 0.998f;     // opacity of dust
constexpr float kAlikeAlpha = 0.03f, kAlikeLight = 0.06f, kAlikeReach = 0.05f;   // of dust in neighbouring pixels

/// What a sample's pixel is made of.
enum class Seen { plate, standing, gone, debris };

enum Dimension : std::uint32_t { kPixel, kTime, kSun, kSky, kDust };

/// A tent of two pixels, as film scans and path tracers filter.
float tent(float u)
{
    return u < 0.5f ? std::sqrt(2 * u) - 1 : 1 - std::sqrt(2 - 2 * u);
}

struct PixelSums {
    int count = 0, debris = 0, skinned = 0, standing = 0, gone = 0, dusty = 0;
    Colour direct{0}, albedo{0}, skin{0}, skin_sun_now{0}, skin_sun_rest{0}, sky_now{0}, sky_rest{0}, dust{0};
    V3 normal{0, 0, 0};
    V2 velocity{0, 0};
    float depth = 0, dust_alpha = 0, dust_depth = 0;
    float reach = 0;                  ///< how far rays through the dust went
    int lit = 0;                      ///< how often the sun reached debris
    int face = -1;                    ///< of the debris that was seen last
    bool one_face = true;             ///< of debris, and never a chip
};

/// Dust in a pixel between others.
struct DustBetween {
    Colour light{0};
    float alpha = 0, depth = 0, reach = 0;
};

class Sampler {
public:
    Sampler(const Moment& moment, const PictureSettings& settings, const PictureMattes& mattes, const Window& data)
        : moment_(moment), settings_(settings), mattes_(mattes), debris_(moment.view, data, moment.debris.boxes()),
          building_(moment.view, data, moment.rest.building.boxes())
    {
    }

    /// With `between` no ray goes through the dust, if what stands behind it is as far as it is for the neighbours.
    PixelSums pixel(int x, int y, std::optional<DustBetween> between) const
    {
        PixelSums sums;
        const PixelSamples samples(settings_.seed, settings_.frame, x, y);
        const bool empty = !debris_.at(x, y) && !building_.at(x, y);
        for (int taken = 1; taken <= settings_.samples; ++taken) {
            take_sample(x, y, samples, static_cast<std::uint32_t>(taken - 1), between, sums);
            if (empty ? between || taken >= settings_.dust_samples : is_known(sums, taken))
                break;
        }
        return sums;
    }

private:
    /// More samples would hardly change the pixel.
    bool is_known(const PixelSums& sums, int taken) const
    {
        return (taken == std::max(kLookFirst, settings_.dust_samples) && is_even(sums))
               || (taken == settings_.dust_samples && is_buried(sums))
               || (2 * taken == settings_.samples && is_inside_a_face(sums));
    }

    /// Nothing of the pixel is debris, and all of it is the same.
    static bool is_even(const PixelSums& sums)
    {
        return sums.debris == 0 && (sums.standing == 0 || sums.standing == sums.count)
               && (sums.gone == 0 || sums.gone == sums.count);
    }

    /// All of the pixel is one face, in sun or in shadow: no edge is left that more samples would make smooth, and what noise there
    /// is in skylight is filtered. Mattes count every sample.
    bool is_inside_a_face(const PixelSums& sums) const
    {
        return sums.debris == sums.count && sums.one_face && (sums.lit == 0 || sums.lit == sums.count) && !mattes_.pieces
               && !mattes_.elements;
    }

    /// Behind dust that lets nothing through, debris need not be known better. Mattes count debris without dust.
    bool is_buried(const PixelSums& sums) const
    {
        return sums.dust_alpha > kBuried * static_cast<float>(sums.dusty) && !mattes_.pieces && !mattes_.elements;
    }

    void take_sample(int x, int y, const PixelSamples& samples, std::uint32_t i, std::optional<DustBetween>& between,
                     PixelSums& sums) const
    {
        const auto at = samples.pair(i, kPixel);
        const Ray ray = moment_.view.ray(static_cast<float>(x) + 0.5f + tent(at[0]),
                                         static_cast<float>(y) + 0.5f + tent(at[1]), samples.one(i, kTime));
        ++sums.count;
        float far = kNothing_m;
        const std::optional<Hit> hit = debris_.at(x, y) ? nearest_debris(ray) : std::nullopt;
        switch (what_is_seen(x, y, ray, hit)) {
        case Seen::plate: break;
        case Seen::standing: ++sums.standing; break;
        case Seen::gone: ++sums.gone; break;
        case Seen::debris: add_debris(x, y, ray, *hit, samples, i, sums); break;
        }
        if (hit)
            far = hit->distance;
        if (between && i == 0) {
            if (is_alike(reach(ray, far), between->reach))
                add_dust_between(*between, sums);
            else
                between.reset();
        }
        if (!between && static_cast<int>(i) < settings_.dust_samples)
            add_dust(ray, far, samples.one(i, kDust), sums);
    }

    static bool is_alike(float reach, float other) { return std::abs(reach - other) <= kAlikeReach * std::min(reach, other); }

    /// What the set hides is not there.
    std::optional<Hit> nearest_debris(const Ray& ray) const
    {
        const std::optional<Hit> hit = moment_.debris.nearest(ray);
        if (!hit || is_behind_set(ray, hit->distance))
            return std::nullopt;
        return hit;
    }

    bool is_behind_set(Ray ray, float distance) const
    {
        ray.far = distance;
        return moment_.rest.set.blocks(ray);
    }

    /// A piece that has not moved and that the camera saw from the start is the plate's own picture of it.
    Seen what_is_seen(int x, int y, const Ray& ray, const std::optional<Hit>& hit) const
    {
        const DebrisNow& now = moment_.now;
        if (hit && (now.is_chip(*hit)
                    || !now.moment.still[static_cast<std::size_t>(now.mesh->piece_of(hit->triangle))]))
            return Seen::debris;
        const std::optional<Hit> stood = building_.at(x, y) ? moment_.rest.building.nearest(ray) : std::nullopt;
        if (hit)
            return stood && now.mesh->piece_of(stood->triangle) == now.mesh->piece_of(hit->triangle) ? Seen::standing
                                                                                                    : Seen::debris;
        return stood && !is_behind_set(ray, stood->distance) ? Seen::gone : Seen::plate;
    }

    void add_debris(int x, int y, const Ray& ray, const Hit& hit, const PixelSamples& samples, std::uint32_t i,
                    PixelSums& sums) const
    {
        const Surfel surfel =
            moment_.look.at(moment_.now, hit, ray.direction, hit.distance * moment_.view.pixel_m());
        const V3 at = ray.origin + ray.direction * hit.distance;
        const Place place{at, surfel.face_normal, ray.time};
        const auto to_sun = samples.pair(i, kSun), to_sky = samples.pair(i, kSky);
        const Colour sun = moment_.illumination.sun(place, surfel.normal, to_sun);
        const Colour sky = moment_.illumination.sky(place, surfel.normal, to_sky);
        const int face = moment_.now.is_chip(hit) ? -1 : moment_.now.mesh->face_of(hit.triangle);
        sums.one_face = sums.one_face && face >= 0 && (sums.debris == 0 || face == sums.face);
        sums.face = face;
        sums.lit += luminance(sun) > 0;
        ++sums.debris;
        sums.sky_now += sky;
        if (surfel.skin) {
            ++sums.skinned;
            sums.skin += surfel.skin->radiance;
            sums.skin_sun_now += sun;
            // The same rays at rest, so that nothing changes where nothing has moved.
            const Place& rest = surfel.skin->rest;
            sums.skin_sun_rest += moment_.at_rest.sun(rest, rest.normal, to_sun);
            sums.sky_rest += moment_.at_rest.sky(rest, rest.normal, to_sky);
        } else {
            sums.direct += surfel.albedo * sun / std::numbers::pi_v<float>;
            sums.albedo += surfel.albedo;
            sums.sky_rest += sky;
        }
        sums.normal += surfel.normal;
        sums.depth += hit.distance;
        sums.velocity += velocity(at, hit, ray.time);
        add_to_mattes(x, y, surfel);
    }

    void add_to_mattes(int x, int y, const Surfel& surfel) const
    {
        const float share = 1.0f / static_cast<float>(settings_.samples);
        if (mattes_.pieces && surfel.piece >= 0)
            mattes_.pieces->add(x, y, mattes_.piece_names->id(static_cast<std::size_t>(surfel.piece)), share);
        if (mattes_.elements)
            mattes_.elements->add(x, y, mattes_.element_names->id(static_cast<std::size_t>(surfel.element)), share);
    }

    /// Of a place on debris, in pixels a frame.
    V2 velocity(const V3& at, const Hit& hit, float time) const
    {
        const DebrisPose& pose = moment_.now.pose_of(hit);
        const float seconds = 2 * moment_.now.moment.half_shutter_s;
        const V3 centre = to_v3(pose.centre) + to_v3(pose.velocity) * (seconds * (time - 0.5f));
        const V3 way = (to_v3(pose.velocity) + to_v3(pose.spin).cross(at - centre)) * seconds;
        const auto from = moment_.view.pixel(at - way * time, 0), to = moment_.view.pixel(at + way * (1 - time), 1);
        if (!from || !to || settings_.shutter_frames <= 0)
            return {0, 0};
        return V2(to->x - from->x, to->y - from->y) / settings_.shutter_frames;
    }

    /// How far the ray goes through dust: to what is behind it; kNothing_m where it does not meet any.
    float reach(const Ray& ray, float far) const
    {
        if (!moment_.dust || !moment_.dust->may_meet(ray))
            return kNothing_m;
        const auto wall = moment_.rest.set.nearest(ray);
        return wall ? std::min(far, wall->distance) : far;
    }

    void add_dust(Ray ray, float far, float jitter, PixelSums& sums) const
    {
        ++sums.dusty;
        ray.far = reach(ray, far);
        sums.reach += ray.far;
        if (!moment_.dust || !moment_.dust->may_meet(ray))
            return;
        const DustAlong along = moment_.dust->along(ray, jitter);
        sums.dust += along.light;
        sums.dust_alpha += 1 - along.transmittance;
        sums.dust_depth += along.depth * (1 - along.transmittance);
    }

    static void add_dust_between(const DustBetween& between, PixelSums& sums)
    {
        ++sums.dusty;
        sums.reach += between.reach;
        sums.dust += between.light;
        sums.dust_alpha += between.alpha;
        sums.dust_depth += between.depth * between.alpha;
    }

    const Moment& moment_;
    const PictureSettings& settings_;
    const PictureMattes& mattes_;
    ScreenCover debris_, building_;   ///< where rays may meet them
};

Image plane(const Window& data, const Window& display, std::vector<Channel> channels, float fill = 0)
{
    return Image(data, display, std::move(channels), fill);
}

Channel number(const char* name)
{
    return {.name = name, .type = ChannelType::full_float, .data = true};
}

Picture empty_picture(const Window& data, const Window& display)
{
    const std::vector<Channel> rgb{{"R"}, {"G"}, {"B"}}, rgba{{"R"}, {"G"}, {"B"}, {"A"}},
        twice{{"R"}, {"G"}, {"B"}, {"r"}, {"g"}, {"b"}};
    return {.direct = plane(data, display, rgba),
            .albedo = plane(data, display, rgb),
            .skin = plane(data, display, rgb),
            .skin_sun = plane(data, display, twice),
            .skylight = plane(data, display, twice),
            .normal = plane(data, display, {number("X"), number("Y"), number("Z")}),
            .depth = plane(data, display, {number("Z")}, kNothing_m),
            .velocity = plane(data, display, {number("X"), number("Y")}),
            .fallen = plane(data, display, {{"A"}, {"W"}}),
            .dust = plane(data, display, rgba),
            .dust_depth = plane(data, display, {number("Z")}, kNothing_m)};
}

void set(float* pixel, const Colour& colour)
{
    pixel[0] = colour.x;
    pixel[1] = colour.y;
    pixel[2] = colour.z;
}

void keep_debris(const PixelSums& sums, int x, int y, Picture& picture)
{
    const float all = 1.0f / static_cast<float>(sums.count), covered = 1.0f / static_cast<float>(sums.debris);
    set(picture.direct.pixel(x, y), sums.direct * all);
    picture.direct.pixel(x, y)[3] = static_cast<float>(sums.debris) * all;
    set(picture.albedo.pixel(x, y), sums.albedo * all);
    set(picture.skylight.pixel(x, y), sums.sky_now * covered);
    set(picture.skylight.pixel(x, y) + 3, sums.sky_rest * covered);
    if (sums.skinned > 0) {
        const float skinned = 1.0f / static_cast<float>(sums.skinned);
        set(picture.skin.pixel(x, y), sums.skin * all);
        set(picture.skin_sun.pixel(x, y), sums.skin_sun_now * skinned);
        set(picture.skin_sun.pixel(x, y) + 3, sums.skin_sun_rest * skinned);
    }
    set(picture.normal.pixel(x, y), sums.normal.normalized());
    *picture.depth.pixel(x, y) = sums.depth * covered;
    picture.velocity.pixel(x, y)[0] = sums.velocity.x * covered;
    picture.velocity.pixel(x, y)[1] = sums.velocity.y * covered;
}

/// Pixels in the order in which they are taken: every second one of every second row, those in the middle of four of them,
/// and those between them. A later one may have the dust of the four around it.
struct Field {
    std::array<int, 2> first_column;      ///< of even and of odd rows; -1: none
    std::array<std::array<int, 2>, 4> around;
};
constexpr std::array<Field, 3> kFields{{{{0, -1}, {}},
                                        {{-1, 1}, {{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}}}},
                                        {{1, 0}, {{{-1, 0}, {1, 0}, {0, -1}, {0, 1}}}}}};

/// The mean of the four neighbours where they agree: dust is smooth but where something stands in it, or its light breaks.
std::optional<DustBetween> dust_between(const Picture& picture, const Image& reach, const Field& field, int x, int y)
{
    DustBetween mean;
    float least_alpha = 1, most_alpha = 0, least_light = kNothing_m, most_light = 0, nearest = 2 * kNothing_m, farthest = 0;
    for (const auto& [dx, dy] : field.around) {
        if (!reach.data_window().contains(x + dx, y + dy))
            return std::nullopt;
        const float* dust = picture.dust.pixel(x + dx, y + dy);
        const float far = *reach.pixel(x + dx, y + dy), light = dust[0] + dust[1] + dust[2];
        least_alpha = std::min(least_alpha, dust[3]), most_alpha = std::max(most_alpha, dust[3]);
        least_light = std::min(least_light, light), most_light = std::max(most_light, light);
        nearest = std::min(nearest, far), farthest = std::max(farthest, far);
        mean.light += Colour(dust[0], dust[1], dust[2]) * 0.25f;
        mean.alpha += dust[3] * 0.25f;
        if (dust[3] > 0)
            mean.depth += *picture.dust_depth.pixel(x + dx, y + dy) * dust[3] * 0.25f;
        mean.reach += far * 0.25f;
    }
    if (most_alpha - least_alpha > kAlikeAlpha || most_light - least_light > kAlikeLight * most_light
        || farthest - nearest > kAlikeReach * nearest)
        return std::nullopt;
    mean.depth = mean.alpha > 0 ? mean.depth / mean.alpha : 0;
    return mean;
}

void keep(const PixelSums& sums, int x, int y, Picture& picture)
{
    if (sums.debris > 0)
        keep_debris(sums, x, y, picture);
    if (const int seen = sums.gone + sums.standing; seen > 0) {
        picture.fallen.pixel(x, y)[0] = static_cast<float>(sums.gone) / static_cast<float>(seen);
        picture.fallen.pixel(x, y)[1] = 1;
    }
    if (sums.dust_alpha > 0) {
        const float share = 1.0f / static_cast<float>(sums.dusty);
        set(picture.dust.pixel(x, y), sums.dust * share);
        picture.dust.pixel(x, y)[3] = sums.dust_alpha * share;
        *picture.dust_depth.pixel(x, y) = sums.dust_depth / sums.dust_alpha;
    }
}

}  // namespace

Picture take_picture(const Moment& moment, const PictureSettings& settings, const Window& data, const Window& display,
                     const PictureMattes& mattes)
{
    Picture picture = empty_picture(data, display);
    const Sampler camera(moment, settings, mattes, data);
    Image reach(data, data, {{"Z"}}, kNothing_m);

    for (const Field& field : kFields)
        parallel_rows(data.y0, data.y1, [&](int first, int last) {
            for (int y = first; y < last; ++y) {
                const int column = field.first_column[static_cast<std::size_t>((y - data.y0) & 1)];
                for (int x = data.x0 + column; column >= 0 && x < data.x1; x += 2) {
                    const bool is_first = &field == kFields.data();
                    const PixelSums sums = camera.pixel(
                        x, y, is_first || !moment.dust ? std::nullopt : dust_between(picture, reach, field, x, y));
                    keep(sums, x, y, picture);
                    *reach.pixel(x, y) = sums.reach / static_cast<float>(sums.dusty);
                }
            }
        });
    return picture;
}

}  // namespace platefall::render
