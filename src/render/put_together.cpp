#include "render/put_together.h"

#include "image/windows.h"

#include <numbers>
#include <string>

namespace platefall::render {
namespace {

/// Skylight that debris sends back, R G B.
Image skylit(const Picture& picture)
{
    Image image = picture.albedo;
    const float* light = picture.skylight.data();
    for (std::size_t i = 0; i < image.sample_count(); ++i)
        image.data()[i] *= light[i] / std::numbers::pi_v<float>;
    return image;
}

std::vector<Channel> numbers(const std::vector<std::string>& names)
{
    std::vector<Channel> channels;
    for (const std::string& name : names)
        channels.push_back({.name = name, .type = ChannelType::full_float, .data = true});
    return channels;
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

Image lit_debris(const Picture& picture)
{
    Image debris = picture.direct;
    const Image sky = skylit(picture);
    const std::size_t pixels = sky.sample_count() / 3;
    for (std::size_t i = 0; i < pixels; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            debris.data()[4 * i + c] += sky.data()[3 * i + c];
    return debris;
}

Image aov_of(Aov aov, const Picture& picture, const Mattes& mattes)
{
    switch (aov) {
    case Aov::depth: return picture.depth;
    case Aov::normal: return picture.normal;
    case Aov::velocity: return picture.velocity;
    case Aov::albedo: return picture.albedo;
    case Aov::direct: return pick_channels(picture.direct, {"R", "G", "B"});
    case Aov::sky: return skylit(picture);
    case Aov::dust_depth: return picture.dust_depth;
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
    case Aov::normal: return Image(data, display, numbers({"X", "Y", "Z"}));
    case Aov::velocity: return Image(data, display, numbers({"X", "Y"}));
    case Aov::albedo:
    case Aov::direct:
    case Aov::sky: return Image(data, display, {{"R"}, {"G"}, {"B"}});
    case Aov::crypto_piece:
    case Aov::crypto_element: return Cryptomatte(std::string(name_of(aov)), data, display).image();
    }
    return {};
}

}  // namespace platefall::render
