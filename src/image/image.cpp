#include <platefall/image.h>

#include <platefall/error.h>

#include <algorithm>

namespace platefall {

Window intersect(const Window& a, const Window& b) noexcept
{
    const Window both{std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
    return both.empty() ? Window{} : both;
}

Window unite(const Window& a, const Window& b) noexcept
{
    if (a.empty())
        return b;
    if (b.empty())
        return a;
    return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
}

std::string describe(const Window& window)
{
    std::string text = std::to_string(window.width()) + "x" + std::to_string(window.height());
    if (window.x0 != 0 || window.y0 != 0)
        text += " at " + std::to_string(window.x0) + "," + std::to_string(window.y0);
    return text;
}

std::string describe(const std::vector<Channel>& channels)
{
    std::string text;
    for (const Channel& channel : channels)
        text += (text.empty() ? "" : " ") + channel.name;
    return text;
}

Image::Image(Window data, Window display, std::vector<Channel> channels, float fill)
    : data_(data), display_(display), channels_(std::move(channels))
{
    if (channels_.empty())
        throw Error("an image needs at least one channel");
    for (auto channel = channels_.begin(); channel != channels_.end(); ++channel)
        if (std::any_of(channels_.begin(), channel,
                        [&](const Channel& earlier) { return earlier.name == channel->name; }))
            throw Error("an image cannot have two channels named '" + channel->name + "' (has "
                        + describe(channels_) + ")");

    const auto pixels = static_cast<std::size_t>(data_.width()) * static_cast<std::size_t>(data_.height());
    samples_.assign(pixels * channels_.size(), fill);
}

std::optional<int> Image::channel_index(std::string_view name) const noexcept
{
    const auto found = std::find_if(channels_.begin(), channels_.end(),
                                    [&](const Channel& channel) { return channel.name == name; });
    if (found == channels_.end())
        return std::nullopt;
    return static_cast<int>(found - channels_.begin());
}

}  // namespace platefall
