#include "delivery/frame_facts.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace platefall::delivery {
namespace {

void count(BadSamples& samples, const Image& image, int channel, int x, int y)
{
    if (samples.count++ == 0)
        samples = {1, image.channels()[channel].name, x, y};
}

bool is_alpha(const std::string& channel) { return channel == "A" || channel.ends_with(".A"); }

void look_at_samples(const Image& image, double highest_alpha, FileFacts& facts)
{
    const Window& data = image.data_window();
    std::vector<bool> alpha;
    for (const Channel& channel : image.channels())
        alpha.push_back(is_alpha(channel.name));
    for (int y = data.y0; y < data.y1; ++y) {
        const float* sample = image.row(y);
        for (int x = data.x0; x < data.x1; ++x)
            for (int c = 0; c < image.channel_count(); ++c, ++sample)
                if (!std::isfinite(*sample))
                    count(facts.not_finite, image, c, x, y);
                else if (alpha[c] && *sample < 0)
                    count(facts.negative_alpha, image, c, x, y);
                else if (alpha[c] && *sample > highest_alpha)
                    count(facts.high_alpha, image, c, x, y);
    }
}

/// Without the file's name, so that the same fault of many frames reads the same.
std::string reason_of(const Error& error, const std::filesystem::path& file)
{
    const std::string text = error.what(), prefix = fmt::format("cannot read '{}': ", file.string());
    const std::string reason = text.starts_with(prefix) ? text.substr(prefix.size()) : text;
    return reason == "no such file" ? "missing" : "not readable: " + reason;
}

}  // namespace

FileFacts look_at(const std::filesystem::path& file, double highest_alpha)
try {
    FileFacts facts;
    facts.header = read_header(file);
    const Image image = read_image(file, {.mend = false}).image;
    look_at_samples(image, highest_alpha, facts);
    facts.bars = black_bars(image);
    return facts;
} catch (const Error& error) {
    return {.unreadable = reason_of(error, file)};
}

}  // namespace platefall::delivery
