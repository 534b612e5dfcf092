#include <platefall/image.h>

#include <platefall/error.h>

#include <tbb/scalable_allocator.h>

#include <algorithm>
#include <cstdint>
#include <new>

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

SampleBuffer::SampleBuffer(std::size_t count) : count_(count)
{
    // 4K pictures with alpha and upwards; by default blocks above 64 MiB would go back to the system at once.
    static const int kept = scalable_allocation_mode(TBBMALLOC_SET_HUGE_SIZE_THRESHOLD, std::intptr_t{1} << 30);
    static_cast<void>(kept);
    if (count == 0)
        return;
    samples_ = static_cast<float*>(scalable_aligned_malloc(count * sizeof(float), 64));
    if (samples_ == nullptr)
        throw std::bad_alloc();
}

SampleBuffer::SampleBuffer(const SampleBuffer& other) : SampleBuffer(other.count_)
{
    std::copy_n(other.samples_, count_, samples_);
}

SampleBuffer::~SampleBuffer()
{
    scalable_aligned_free(samples_);
}

Image Image::unset(Window data, Window display, std::vector<Channel> channels)
{
    if (channels.empty())
        throw Error("an image needs at least one channel");
    for (auto channel = channels.begin(); channel != channels.end(); ++channel)
        if (std::any_of(channels.begin(), channel,
                        [&](const Channel& earlier) { return earlier.name == channel->name; }))
            throw Error("an image cannot have two channels named '" + channel->name + "' (has "
                        + describe(channels) + ")");

    const auto pixels = static_cast<std::size_t>(data.width()) * static_cast<std::size_t>(data.height());
    Image image;
    image.data_ = data;
    image.display_ = display;
    image.samples_ = SampleBuffer(pixels * channels.size());
    image.channels_ = std::move(channels);
    return image;
}

Image::Image(Window data, Window display, std::vector<Channel> channels, float fill)
    : Image(unset(data, display, std::move(channels)))
{
    std::fill_n(samples_.data(), samples_.size(), fill);
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
