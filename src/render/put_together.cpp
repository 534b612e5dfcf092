#include "render/put_together.h"

#include "base/parallel.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace platefall::render {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kLeastRelit = 0.25f, kMostRelit = 4.0f;

/// One channel of one pixel.
struct Shares {
    float albedo, sun, sky;
};

Shares light_up(float direct, float albedo, float skin, float skin_sun_now, float skin_sun_rest, float sky_now,
                float sky_rest)
{
    Shares lit{albedo, direct, albedo * sky_now / kPi};
    const float at_rest = skin_sun_rest + sky_rest, now = skin_sun_now + sky_now;
    if (skin == 0 || !(at_rest > 0))
        return lit;
    const float relit = skin * std::clamp(now / at_rest, kLeastRelit, kMostRelit);
    const float sunlit = now > 0 ? skin_sun_now / now : 0;
    lit.albedo += skin * kPi / at_rest;
    lit.sun += relit * sunlit;
    lit.sky += relit * (1 - sunlit);
    return lit;
}

std::vector<Channel> numbers(const std::vector<std::string>& names)
{
    std::vector<Channel> channels;
    for (const std::string& name : names)
        channels.push_back({.name = name, .type = ChannelType::full_float, .data = true});
    return channels;
}

/// -ln of what dust lets through, Y.
Image optical_depth(const Image& dust)
{
    constexpr float kLeast = 1.0f / 256;   // less counts as nothing
    Image depth(dust.data_window(), dust.display_window(), numbers({"Y"}));
    for (std::size_t i = 0; i < depth.sample_count(); ++i)
        depth.data()[i] = -std::log(std::max(1 - dust.data()[4 * i + 3], kLeast));
    return depth;
}

}  // namespace

Mattes::Mattes(const PreparedShot& shot, const Settings& settings, const Window& data, const Window& display)
    : shot_(shot)
{
    if (settings.wants(Aov::crypto_piece))
        pieces_.emplace(std::string(name_of(Aov::crypto_piece)), data, display);
    if (settings.wants(Aov::crypto_element))
        elements_.emplace(std::string(name_of(Aov::crypto_element)), data, display);
}

PictureMattes Mattes::wanted()
{
    return {pieces_ ? &*pieces_ : nullptr, &shot_.piece_names, elements_ ? &*elements_ : nullptr, &shot_.element_names};
}

void Mattes::describe_in(Attributes& attributes) const
{
    if (pieces_)
        pieces_->describe_in(attributes, shot_.piece_names);
    if (elements_)
        elements_->describe_in(attributes, shot_.element_names);
}

Image Mattes::image(Aov aov) const
{
    return (aov == Aov::crypto_piece ? pieces_ : elements_).value().image();
}

LitDebris lit_debris(const Picture& picture)
{
    const Window data = picture.direct.data_window(), display = picture.direct.display_window();
    const std::vector<Channel> rgb{{"R"}, {"G"}, {"B"}};
    LitDebris lit{Image(data, display, rgb), Image(data, display, rgb), Image(data, display, rgb), picture.direct};
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = data.x0; x < data.x1; ++x) {
                const float *sun = picture.skin_sun.pixel(x, y), *sky = picture.skylight.pixel(x, y);
                for (int c = 0; c < 3; ++c) {
                    const Shares shares = light_up(picture.direct.pixel(x, y)[c], picture.albedo.pixel(x, y)[c],
                                                   picture.skin.pixel(x, y)[c], sun[c], sun[3 + c], sky[c], sky[3 + c]);
                    lit.albedo.pixel(x, y)[c] = shares.albedo;
                    lit.sun.pixel(x, y)[c] = shares.sun;
                    lit.sky.pixel(x, y)[c] = shares.sky;
                    lit.all.pixel(x, y)[c] = shares.sun + shares.sky;
                }
            }
    });
    return lit;
}

Image aov_of(Aov aov, const Picture& picture, const LitDebris& lit, const Mattes& mattes)
{
    switch (aov) {
    case Aov::depth: return picture.depth;
    case Aov::normal: return picture.normal;
    case Aov::velocity: return picture.velocity;
    case Aov::albedo: return lit.albedo;
    case Aov::direct: return lit.sun;
    case Aov::sky: return lit.sky;
    case Aov::dust_depth: return picture.dust_depth;
    case Aov::dust_density: return optical_depth(picture.dust);
    case Aov::dust_front: break;      // made from the foreground's mattes
    case Aov::crypto_piece:
    case Aov::crypto_element: return mattes.image(aov);
    }
    return {};
}

Image empty_aov(Aov aov, const Window& data, const Window& display)
{
    switch (aov) {
    case Aov::depth:
    case Aov::dust_depth: return Image(data, display, numbers({"Z"}));
    case Aov::dust_density: return Image(data, display, numbers({"Y"}));
    case Aov::normal: return Image(data, display, numbers({"X", "Y", "Z"}));
    case Aov::velocity: return Image(data, display, numbers({"X", "Y"}));
    case Aov::albedo:
    case Aov::direct:
    case Aov::sky: return Image(data, display, {{"R"}, {"G"}, {"B"}});
    case Aov::dust_front: return Image(data, display, {{"R"}, {"G"}, {"B"}, {"A"}});
    case Aov::crypto_piece:
    case Aov::crypto_element: return Cryptomatte(std::string(name_of(aov)), data, display).image();
    }
    return {};
}

}  // namespace platefall::render
