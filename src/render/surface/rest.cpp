#include "render/surface/rest.h"

#include "base/parallel.h"
#include "render/sampling.h"

#include <platefall/error.h>

#include <cmath>
#include <numbers>

namespace platefall::render {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kOff_m = 0.02f;           // rays start off their surface
constexpr float kGrazing = 0.15f;         // cosine of the steepest view that is still sharp
constexpr float kAlmostOn = 0.01f;        // of one that shows anything
constexpr float kNarrow_m = 0.6f;         // reveals and lintels
constexpr float kDepthSlack = 0.004f;     // relative; pieces shrink and cameras are solved
constexpr float kHidden = 0.02f;
constexpr int kWaysOut = 16, kLightRays = 16;

V3 middle_of(const DebrisFace& face)
{
    V3 sum(0);
    for (const V3& corner : face.corners)
        sum += corner;
    return sum / static_cast<float>(face.corners.size());
}

float area_of(const DebrisFace& face)
{
    V3 sum(0);
    for (std::size_t i = 1; i + 1 < face.corners.size(); ++i)
        sum += (face.corners[i] - face.corners[0]).cross(face.corners[i + 1] - face.corners[0]);
    return sum.length() / 2;
}

/// Twice area over outline is the width of a strip.
bool is_narrow(const DebrisFace& face)
{
    float outline = 0;
    for (std::size_t i = 0; i < face.corners.size(); ++i)
        outline += (face.corners[(i + 1) % face.corners.size()] - face.corners[i]).length();
    return 2 * area_of(face) < kNarrow_m * outline;
}

bool is_upright(const V3& normal)
{
    return std::abs(normal.y) < 0.5f;
}

}  // namespace

std::vector<char> find_skin(const DebrisMesh& mesh, const TraceScene& building)
{
    std::vector<char> skin(mesh.faces().size());
    parallel_each(static_cast<int>(skin.size()), [&](int f) {
        const DebrisFace& face = mesh.faces()[static_cast<std::size_t>(f)];
        if (face.broken)
            return;
        const PixelSamples samples(0, 0, f, 0);
        const V3 from = middle_of(face) + face.normal * kOff_m;
        int blocked = 0;
        for (std::uint32_t i = 0; i < kWaysOut; ++i)
            blocked += building.blocks({.origin = from, .direction = cosine_direction(face.normal, samples.pair(i, 0))});
        skin[static_cast<std::size_t>(f)] = blocked * 2 < kWaysOut;
    });
    return skin;
}

PlateTexture::PlateTexture(const Image& plate, const Image* hidden, const View& view, const DebrisMesh& mesh,
                           const RestScenes& scenes, std::vector<char> skin)
    : mesh_(mesh), plate_(plate), view_(view), skin_(std::move(skin)), window_(plate.data_window()),
      depth_(static_cast<std::size_t>(window_.width()) * static_cast<std::size_t>(window_.height()))
{
    const char* const names[] = {"R", "G", "B"};
    for (std::size_t c = 0; c < 3; ++c) {
        const auto index = plate.channel_index(names[c]);
        if (!index)
            throw Error("render: the plate has no channel '" + std::string(names[c]) + "' (has "
                        + describe(plate.channels()) + ")");
        channels_[c] = *index;
    }
    for (const DebrisFace& face : mesh.faces())
        narrow_.push_back(is_narrow(face));
    find_seen_depth(hidden, scenes);
    find_best_side();
}

void PlateTexture::find_seen_depth(const Image* hidden, const RestScenes& scenes)
{
    parallel_rows(window_.y0, window_.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = window_.x0; x < window_.x1; ++x) {
                if (hidden && hidden->data_window().contains(x, y) && *hidden->pixel(x, y) > kHidden)
                    continue;
                Ray ray = view_.ray(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f, 0.5f);
                const auto hit = scenes.building.nearest(ray);
                ray.far = hit ? hit->distance : 0;
                if (hit && !scenes.set.blocks(ray))
                    depth_[static_cast<std::size_t>(y - window_.y0) * static_cast<std::size_t>(window_.width())
                           + static_cast<std::size_t>(x - window_.x0)] = hit->distance;
            }
    });
}

/// Sides are told apart by the direction of their normal, in steps of a sixteenth of a turn.
void PlateTexture::find_best_side()
{
    constexpr int kSides = 16;
    std::array<float, kSides> seen_m2{};
    std::array<int, kSides> largest{};
    std::array<float, kSides> largest_m2{};
    const auto side_of = [](const V3& n) {
        return static_cast<int>(std::lround(std::atan2(n.z, n.x) / (2 * kPi) * kSides) + kSides) % kSides;
    };
    for (std::size_t f = 0; f < skin_.size(); ++f) {
        const DebrisFace& face = mesh_.faces()[f];
        if (!skin_[f] || !is_upright(face.normal) || !seen_at(middle_of(face), face.normal, kGrazing))
            continue;
        const auto side = static_cast<std::size_t>(side_of(face.normal));
        const float area = area_of(face);
        seen_m2[side] += area;
        if (area > largest_m2[side]) {
            largest_m2[side] = area;
            largest[side] = static_cast<int>(f);
        }
    }
    const auto best = static_cast<std::size_t>(std::ranges::max_element(seen_m2) - seen_m2.begin());
    if (seen_m2[best] <= 0)
        return;
    const DebrisFace& face = mesh_.faces()[static_cast<std::size_t>(largest[best])];
    Side side{.origin = face.corners[0], .along = V3(0, 1, 0).cross(face.normal).normalized(), .normal = face.normal};
    float least = 1e30f, most = -1e30f;
    for (std::size_t f = 0; f < skin_.size(); ++f)
        if (skin_[f] && side_of(mesh_.faces()[f].normal) == static_cast<int>(best))
            for (const V3& corner : mesh_.faces()[f].corners) {
                least = std::min(least, (corner - side.origin).dot(side.along));
                most = std::max(most, (corner - side.origin).dot(side.along));
            }
    side.origin += side.along * least;
    side.length_m = most - least;
    side_ = side;
}

std::optional<V2> PlateTexture::seen_at(const V3& rest_point, const V3& normal, float least_cosine) const
{
    const V3 way = (view_.position(0.5f) - rest_point).normalized();
    const auto pixel = view_.pixel(rest_point, 0.5f);
    if (!pixel || way.dot(normal) < least_cosine)
        return std::nullopt;
    const int x = static_cast<int>(std::floor(pixel->x)), y = static_cast<int>(std::floor(pixel->y));
    if (!window_.contains(x, y))
        return std::nullopt;
    const float depth = depth_[static_cast<std::size_t>(y - window_.y0) * static_cast<std::size_t>(window_.width())
                               + static_cast<std::size_t>(x - window_.x0)];
    if (depth == 0 || std::abs(depth - pixel->z) > kDepthSlack * pixel->z + 0.1f)
        return std::nullopt;
    return V2(pixel->x, pixel->y);
}

Colour PlateTexture::sample(const V2& at) const
{
    const float x = at.x - 0.5f, y = at.y - 0.5f;
    const int x0 = static_cast<int>(std::floor(x)), y0 = static_cast<int>(std::floor(y));
    const float fx = x - static_cast<float>(x0), fy = y - static_cast<float>(y0);
    const auto pixel = [&](int px, int py) {
        const float* p = plate_.pixel(std::clamp(px, window_.x0, window_.x1 - 1), std::clamp(py, window_.y0, window_.y1 - 1));
        return Colour(p[channels_[0]], p[channels_[1]], p[channels_[2]]);
    };
    return (pixel(x0, y0) * (1 - fx) + pixel(x0 + 1, y0) * fx) * (1 - fy)
           + (pixel(x0, y0 + 1) * (1 - fx) + pixel(x0 + 1, y0 + 1) * fx) * fy;
}

std::optional<Skin> PlateTexture::own(const V3& rest_point, const V3& normal, float least_cosine) const
{
    const auto seen = seen_at(rest_point, normal, least_cosine);
    return seen ? std::optional(Skin{sample(*seen), {rest_point, normal}}) : std::nullopt;
}

V3 PlateTexture::folded_onto_side(const V3& rest_point, const V3& normal) const
{
    const V3 run = V3(0, 1, 0).cross(normal).normalized();
    const bool own = normal.dot(side_->normal) > 0.9f;
    const float along = own ? side_->length_m - (rest_point - side_->origin).dot(side_->along)
                            : rest_point.dot(run);
    const float twice = 2 * side_->length_m;
    float folded = std::fmod(std::fmod(along, twice) + twice, twice);
    folded = folded > side_->length_m ? twice - folded : folded;
    V3 place = side_->origin + side_->along * folded;
    if (own)                              // balconies and reveals keep their depth
        place += side_->normal * (rest_point - side_->origin).dot(side_->normal);
    place.y = rest_point.y;
    return place;
}

std::optional<Skin> PlateTexture::at(int face, const V3& rest_point) const
{
    const DebrisFace& flat = mesh_.faces()[static_cast<std::size_t>(face)];
    if (flat.broken)
        return std::nullopt;
    if (const auto skin = own(rest_point, flat.normal, narrow_[static_cast<std::size_t>(face)] ? kAlmostOn : kGrazing))
        return skin;
    if (!skin_[static_cast<std::size_t>(face)] || !side_ || !is_upright(flat.normal))
        return std::nullopt;
    return own(folded_onto_side(rest_point, flat.normal), side_->normal, kGrazing);
}

float PlateTexture::light_factor(const Illumination& at_rest, float facade_albedo) const
{
    std::vector<float> found;
    for (std::size_t f = 0; f < skin_.size(); ++f) {
        const DebrisFace& face = mesh_.faces()[f];
        if (!skin_[f] || !is_upright(face.normal) || face.normal.dot(at_rest.light().to_sun) < 0.1f)
            continue;
        const auto skin = own(middle_of(face), face.normal, kGrazing);
        if (!skin)
            continue;
        const PixelSamples samples(0, 2, static_cast<int>(f), 0);
        const Colour sun = at_rest.sun(skin->rest, face.normal, samples.pair(0, 0));
        Colour sky(0);
        for (std::uint32_t i = 0; i < kLightRays; ++i)
            sky += at_rest.sky(skin->rest, face.normal, samples.pair(i, 1)) / kLightRays;
        if (luminance(sun) > 0)
            found.push_back(luminance(skin->radiance) * kPi / luminance(sun + sky));
    }
    if (found.empty())
        return 1;
    const auto upper = found.begin() + static_cast<std::ptrdiff_t>(found.size() * 2 / 3);
    std::ranges::nth_element(found, upper);
    return *upper > 0 ? *upper / facade_albedo : 1;
}

}  // namespace platefall::render
