#include "plugin/weights.h"

#include "base/parallel.h"
#include "stage/generated_layer.h"

#include <algorithm>
#include <optional>

namespace platefall::plugin {
namespace {

/// Where channel c of one picture is in another; nothing if it is not there.
std::vector<std::optional<int>> same_channels(const Image& after, const Image& before)
{
    std::vector<std::optional<int>> same;
    for (const Channel& channel : after.channels())
        same.push_back(before.channel_index(channel.name));
    return same;
}

float sample_of(const Image& image, const std::optional<int>& channel, int x, int y, bool is_alpha)
{
    if (!image.data_window().contains(x, y))
        return 0.0f;
    if (!channel)
        return is_alpha ? 1.0f : 0.0f;
    return image.pixel(x, y)[*channel];
}

}  // namespace

std::vector<std::string> layers_without_weight(const std::vector<std::string>& writes)
{
    std::vector<std::string> without;
    for (const std::string& layer : writes)
        if (!layer.starts_with("generated") && !layer.starts_with("matte.")
            && std::ranges::find(writes, generated_layer(layer)) == writes.end())
            without.push_back(layer);
    return without;
}

Image weigh(const Frame& frame, const std::string& layer, const Image& after)
{
    const std::string base = frame.has(layer) ? layer : "plate";
    const Image& before = frame.layer(base);
    const std::string old_name = generated_layer(base);
    const Image* old = frame.has(old_name) ? &frame.layer(old_name) : nullptr;
    const std::vector<std::optional<int>> same = same_channels(after, before);

    Image weight = Image::unset(after.data_window(), after.display_window(), {{"generated"}});
    const Window& window = after.data_window();
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = window.x0; x < window.x1; ++x) {
                const float* samples = after.pixel(x, y);
                bool changed = false;
                for (int c = 0; c < after.channel_count() && !changed; ++c)
                    changed = samples[c] != sample_of(before, same[c], x, y, after.channels()[c].name == "A");
                *weight.pixel(x, y) = changed ? 1.0f : old ? sample_of(*old, 0, x, y, false) : 0.0f;
            }
    });
    return weight;
}

}  // namespace platefall::plugin
