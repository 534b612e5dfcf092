/// Small pictures for the tests of images.
#pragma once

#include <platefall/image.h>

#include <cstdint>
#include <string>
#include <vector>

namespace platefall::test {

inline std::vector<Channel> channels_named(const std::vector<std::string>& names,
                                           ChannelType type = ChannelType::half_float)
{
    std::vector<Channel> channels;
    for (const std::string& name : names)
        channels.push_back({name, type});
    return channels;
}

/// Values that differ from sample to sample and are exact as halves: multiples of 1/64 below 16.
inline Image noise(const Window& data, const Window& display, std::vector<Channel> channels)
{
    Image image(data, display, std::move(channels));
    std::uint32_t state = 12345;
    for (std::size_t i = 0; i < image.sample_count(); ++i) {
        state = state * 1664525u + 1013904223u;
        image.data()[i] = static_cast<float>(state >> 22) / 64.0f;
    }
    return image;
}

inline Image noise(int width, int height, const std::vector<std::string>& names)
{
    const Window window{0, 0, width, height};
    return noise(window, window, channels_named(names));
}

inline std::vector<float> samples_of(const Image& image)
{
    return {image.data(), image.data() + image.sample_count()};
}

}  // namespace platefall::test
