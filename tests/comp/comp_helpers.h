/// Pictures with known noise, and a comp stage from a line of manifest.
#pragma once

#include "comp/comp_stage.h"
#include "shot/manifest.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace platefall::comp {

constexpr Window kDisplay{0, 0, 48, 32};

inline ShotInfo test_shot(int proxy = 1)
{
    ShotInfo info;
    info.name = "test";
    info.frames = {1001};
    info.plate_data = info.plate_display = kDisplay;
    info.proxy = proxy;
    return info;
}

inline std::vector<Channel> float_channels(const std::string& names)
{
    std::vector<Channel> channels;
    for (char name : names)
        channels.push_back({std::string(1, name), ChannelType::full_float});
    return channels;
}

/// Channels of one letter each. Colour is -0.5..3.5 (premultiplied where there is an A), alpha 0..1 with
/// plenty of exact zeros and ones.
inline Image noise(const Window& data, const std::string& names, unsigned seed,
                   const Window& display = kDisplay)
{
    Image image(data, display, float_channels(names));
    std::mt19937 random(seed);
    const auto unit = [&] { return static_cast<float>(random() >> 8) / 16777216.0f; };
    for (int y = data.y0; y < data.y1; ++y)
        for (int x = data.x0; x < data.x1; ++x) {
            const float alpha = std::clamp(unit() * 2.0f - 0.5f, 0.0f, 1.0f);
            float* sample = image.pixel(x, y);
            const bool has_alpha = image.channel_index("A").has_value();
            for (char name : names)
                *sample++ = name == 'A' ? alpha : (unit() * 4.0f - 0.5f) * (has_alpha ? alpha : 1.0f);
        }
    return image;
}

inline Image flat(const Window& data, const std::string& names, const std::vector<float>& values)
{
    Image image(data, kDisplay, float_channels(names));
    for (int y = data.y0; y < data.y1; ++y)
        for (int x = data.x0; x < data.x1; ++x)
            std::copy(values.begin(), values.end(), image.pixel(x, y));
    return image;
}

/// The value of a channel; 0 outside the data window and for a channel that is not there.
inline float at(const Image& image, int x, int y, const std::string& channel)
{
    const auto index = image.channel_index(channel);
    return index && image.data_window().contains(x, y) ? image.pixel(x, y)[*index] : 0.0f;
}

inline std::uint32_t bits(float value)
{
    return std::bit_cast<std::uint32_t>(value);
}

/// Number of samples that differ in any bit.
inline int differing_samples(const Image& a, const Image& b)
{
    if (a.data_window() != b.data_window() || a.channels() != b.channels())
        return -1;
    int count = 0;
    for (std::size_t i = 0; i < a.sample_count(); ++i)
        count += bits(a.data()[i]) != bits(b.data()[i]);
    return count;
}

/// The stage from its keys as TOML. Throws Error for whatever is wrong with them.
inline std::unique_ptr<Stage> comp_from(const std::string& toml, const ShotInfo& shot,
                                        const std::filesystem::path& folder = "/shot")
{
    StageRegistry registry;
    registry.add(comp_stage());
    const StageType& type = *registry.find("comp");
    const Manifest manifest = parse_manifest(toml, folder / "shot.toml");
    Faults faults;
    const Params params = Params::check(manifest.root, type.params, "stage 'comp'", folder, faults);
    faults.throw_if_any();
    return registry.make(type, params, shot);
}

/// Runs it over a frame.
inline void run_comp(const std::string& toml, Frame& frame)
{
    comp_from(toml, *frame.shot)->process(frame);
}

} // namespace platefall::comp
