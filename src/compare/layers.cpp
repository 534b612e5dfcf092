#include "compare/layers.h"

#include "base/parallel.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace platefall::compare {
namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

/// Each part of a file writes its layer in front of its channels, or leaves that to its own name. The first is the picture.
std::string full_name(const Parts& parts, std::size_t part, const std::string& channel)
{
    const std::string prefix = parts[part].name + ".";
    return part == 0 || prefix == "." || channel.starts_with(prefix) ? channel : prefix + channel;
}

/// The Cryptomatte layers that the metadata declare: "cryptomatte/1ab8d3c/name" = "crypto_piece".
std::vector<std::string> cryptomattes(const ImagePart& part)
{
    std::vector<std::string> names;
    for (const Attribute& attribute : part.attributes)
        if (attribute.name.starts_with("cryptomatte/") && attribute.name.ends_with("/name"))
            names.push_back(part.attributes.text(attribute.name));
    return names;
}

/// "crypto_piece00.r": the first of each pair of a rank's channels is an id, the second how much of the pixel it covers.
bool is_cryptomatte_id(const std::string& name, const std::vector<std::string>& cryptomattes)
{
    const std::string layer = layer_of(name), channel = lower(name.substr(layer.empty() ? 0 : layer.size() + 1));
    if (channel != "r" && channel != "red" && channel != "b" && channel != "blue")
        return false;
    return std::any_of(cryptomattes.begin(), cryptomattes.end(), [&](const std::string& cryptomatte) {
        return layer.size() == cryptomatte.size() + 2 && layer.starts_with(cryptomatte) && std::isdigit(layer.back());
    });
}

float linear_from_srgb(float v)
{
    return v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f);
}

/// As linear Rec.709. `colorspace` is that of files that hold light; those for a display are sRGB.
Planes light_of(Image rgb, bool encoded, const std::string& colorspace, const ColourSpaces& colours)
{
    constexpr const char* kFlipSpace = "lin_rec709";
    if (!encoded && colorspace != kFlipSpace)
        colours.convert(rgb, colorspace, kFlipSpace);
    const Window& window = rgb.data_window();
    Planes planes;
    planes.fill(Plane(window.width(), window.height()));
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < window.width(); ++x)
                for (std::size_t c = 0; c < 3; ++c) {
                    const float value = rgb.row(y)[static_cast<std::size_t>(x) * 3 + c];
                    planes[c].row(y - window.y0)[x] = encoded ? linear_from_srgb(value) : value;
                }
    });
    return planes;
}

}  // namespace

std::vector<FullChannel> full_channels(const Parts& parts)
{
    std::vector<FullChannel> channels;
    for (std::size_t part = 0; part < parts.size(); ++part) {
        const std::vector<std::string> of_cryptomatte = cryptomattes(parts[part]);
        for (int i = 0; i < parts[part].image.channel_count(); ++i) {
            const Channel& channel = parts[part].image.channels()[static_cast<std::size_t>(i)];
            const std::string name = full_name(parts, part, channel.name);
            const std::string last = lower(name.substr(layer_of(name).size()));
            channels.push_back({.name = name,
                                .part = part,
                                .index = i,
                                .is_id = channel.type == ChannelType::unsigned_int || last == "id" || last == ".id"
                                         || is_cryptomatte_id(name, of_cryptomatte)});
        }
    }
    return channels;
}

const FullChannel* find_channel(const std::vector<FullChannel>& channels, const std::string& name)
{
    const auto found = std::find_if(channels.begin(), channels.end(), [&](const FullChannel& c) { return c.name == name; });
    return found == channels.end() ? nullptr : &*found;
}

std::optional<std::array<std::string, 3>> picture_channels(const std::vector<FullChannel>& channels, const std::string& layer)
{
    const std::string prefix = layer.empty() ? "" : layer + ".";
    const auto there = [&](const std::string& name) {
        const FullChannel* channel = find_channel(channels, name);
        return channel != nullptr && !channel->is_id;
    };
    for (const auto& [r, g, b] : {std::array{"R", "G", "B"}, std::array{"Y", "Y", "Y"}})
        if (there(prefix + r) && there(prefix + g) && there(prefix + b))
            return std::array{prefix + r, prefix + g, prefix + b};
    return std::nullopt;
}

Image rgb_picture(const Parts& parts, const std::array<std::string, 3>& names, const Window& window)
{
    Image picture(window, window, {{"R"}, {"G"}, {"B"}});
    const std::vector<FullChannel> channels = full_channels(parts);
    for (std::size_t c = 0; c < 3; ++c) {
        const FullChannel* channel = find_channel(channels, names[c]);
        if (channel == nullptr)
            continue;
        const Image& image = parts[channel->part].image;
        const Window seen = intersect(window, image.data_window());
        parallel_rows(seen.y0, seen.y1, [&](int first, int last) {
            for (int y = first; y < last; ++y)
                for (int x = seen.x0; x < seen.x1; ++x) {
                    const float value = image.pixel(x, y)[channel->index];
                    picture.pixel(x, y)[c] = std::isfinite(value) ? value : 0.0f;
                }
        });
    }
    return picture;
}

Plane flip_map(const Parts& a, const Parts& b, const std::array<std::string, 3>& names, const Rules& rules,
               const ColourSpaces& colours)
{
    const Window& window = a.front().image.display_window();
    const auto light = [&](const Parts& parts) {
        return light_of(rgb_picture(parts, names, window), parts.front().encoded, rules.colorspace, colours);
    };
    return a.front().encoded && b.front().encoded ? flip(light(a), light(b), rules.pixels_per_degree)
                                                  : hdr_flip(light(a), light(b), rules.pixels_per_degree);
}

}  // namespace platefall::compare
