#include "comp/picture_fit.h"

#include "base/parallel.h"
#include "image/filter.h"
#include "image/windows.h"

#include <platefall/error.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace platefall::comp {
namespace {

constexpr float kNothing = 1e9f; // metres; from here on there is none

/// R G B, or of a luminance picture luma.
float of_channel(const std::array<float, 3>& colour, const std::string& channel)
{
    if (channel == "Y")
        return 0.2126f * colour[0] + 0.7152f * colour[1] + 0.0722f * colour[2];
    return colour[channel == "R" ? 0 : channel == "G" ? 1 : 2];
}

bool is_colour(const std::string& channel)
{
    return channel == "R" || channel == "G" || channel == "B" || channel == "Y";
}

int depth_channel(const Image& depth)
{
    if (const auto z = depth.channel_index("Z"))
        return *z;
    if (depth.channel_count() != 1)
        throw Error("the depth for 'haze' has no channel Z (has " + describe(depth.channels()) + ")");
    return 0;
}

/// A level of a pyramid of values that are known in places: value, and how much is known.
struct Level {
    int width, height;
    std::vector<float> value, known;

    Level(int across, int down)
        : width(across), height(down), value(static_cast<std::size_t>(across) * static_cast<std::size_t>(down)),
          known(value.size())
    {
    }
    std::size_t index(int x, int y) const
    {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
    }
};

/// Means over what is known of 2 x 2.
Level halved(const Level& fine)
{
    Level coarse((fine.width + 1) / 2, (fine.height + 1) / 2);
    parallel_rows(0, coarse.height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < coarse.width; ++x) {
                float sum = 0, known = 0;
                for (int v = 2 * y; v < std::min(2 * y + 2, fine.height); ++v)
                    for (int u = 2 * x; u < std::min(2 * x + 2, fine.width); ++u) {
                        sum += fine.value[fine.index(u, v)] * fine.known[fine.index(u, v)];
                        known += fine.known[fine.index(u, v)];
                    }
                coarse.value[coarse.index(x, y)] = known > 0 ? sum / known : 0.0f;
                coarse.known[coarse.index(x, y)] = std::min(known, 1.0f);
            }
    });
    return coarse;
}

/// Bilinear, at the middle of a pixel of the level below; the border goes on.
float read_between(const Level& coarse, int x, int y)
{
    const auto at = [&](int u, int v) {
        return coarse.value[coarse.index(std::clamp(u, 0, coarse.width - 1), std::clamp(v, 0, coarse.height - 1))];
    };
    const int u = x / 2, v = y / 2, du = x % 2 ? 1 : -1, dv = y % 2 ? 1 : -1;
    return 0.75f * (0.75f * at(u, v) + 0.25f * at(u + du, v)) + 0.25f * (0.75f * at(u, v + dv) + 0.25f * at(u + du, v + dv));
}

void fill_from(const Level& coarse, Level& fine)
{
    parallel_rows(0, fine.height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = 0; x < fine.width; ++x) {
                const std::size_t i = fine.index(x, y);
                if (fine.known[i] < 1)
                    fine.value[i] = fine.known[i] * fine.value[i] + (1 - fine.known[i]) * read_between(coarse, x, y);
            }
    });
}

/// Pull and push (Gortler et al. 1996).
void spread(Level& level)
{
    if (level.width == 1 && level.height == 1)
        return;
    Level coarse = halved(level);
    spread(coarse);
    fill_from(coarse, level);
}

Level light_through(const Image& depth, double extinction_per_m, const Window& window)
{
    Level level(window.width(), window.height());
    const Window seen = intersect(window, depth.data_window());
    const int channel = depth_channel(depth), stride = depth.channel_count();
    parallel_rows(seen.y0, seen.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* z = depth.pixel(seen.x0, y) + channel;
            std::size_t i = level.index(seen.x0 - window.x0, y - window.y0);
            for (int x = seen.x0; x < seen.x1; ++x, ++i, z += stride)
                if (*z < kNothing) {
                    level.value[i] = static_cast<float>(std::exp(-extinction_per_m * std::max(*z, 0.0f)));
                    level.known[i] = 1;
                }
        }
    });
    return level;
}

/// Border pixels repeated up to `wide`, which holds the picture.
Image going_on(const Image& picture, const Window& wide)
{
    const Window& data = picture.data_window();
    const int channels = picture.channel_count();
    Image image(wide, picture.display_window(), picture.channels());
    for (int y = wide.y0; y < wide.y1; ++y) {
        const float* row = picture.row(std::clamp(y, data.y0, data.y1 - 1));
        std::copy_n(row, data.width() * channels, image.pixel(data.x0, y));
        for (int x = wide.x0; x < data.x0; ++x)
            std::copy_n(row, channels, image.pixel(x, y));
        for (int x = data.x1; x < wide.x1; ++x)
            std::copy_n(row + (data.width() - 1) * channels, channels, image.pixel(x, y));
    }
    return image;
}

} // namespace

Image transmittance(const Image& depth, double extinction_per_m, const Window& window)
{
    Level level = light_through(depth, extinction_per_m, window);
    Image through(window, depth.display_window(), {{"A"}});
    if (std::ranges::any_of(level.known, [](float known) { return known > 0; }))
        spread(level);
    else
        std::ranges::fill(level.value, 1.0f);
    std::ranges::copy(level.value, through.data());
    return through;
}

void veil(Image& picture, const Image& through, const std::array<float, 3>& haze)
{
    const int channels = picture.channel_count(), alpha = picture.channel_index("A").value();
    const Window& data = picture.data_window();
    for (int c = 0; c < channels; ++c) {
        if (!is_colour(picture.channels()[c].name))
            continue;
        const float light = of_channel(haze, picture.channels()[c].name);
        parallel_rows(data.y0, data.y1, [&](int first, int last) {
            for (int y = first; y < last; ++y) {
                float* pixel = picture.row(y);
                const float* t = through.pixel(data.x0, y);
                for (int i = 0; i < data.width(); ++i, pixel += channels)
                    pixel[c] = pixel[c] * t[i] + light * pixel[alpha] * (1 - t[i]);
            }
        });
    }
}

Image lens_blurred(const Image& picture, double deviation_px, const Window& frame, const Window& limit)
{
    const Window& data = picture.data_window();
    const Window soft = grown(data, blur_reach(deviation_px));
    Window wide = data, target = soft;
    if (data.x0 <= frame.x0)
        wide.x0 = soft.x0, target.x0 = data.x0;
    if (data.y0 <= frame.y0)
        wide.y0 = soft.y0, target.y0 = data.y0;
    if (data.x1 >= frame.x1)
        wide.x1 = soft.x1, target.x1 = data.x1;
    if (data.y1 >= frame.y1)
        wide.y1 = soft.y1, target.y1 = data.y1;
    target = intersect(target, limit);
    return wide == data ? blur(picture, deviation_px, target) : blur(going_on(picture, wide), deviation_px, target);
}

void lift_blacks(Image& picture, const std::array<float, 3>& black)
{
    const int channels = picture.channel_count(), alpha = picture.channel_index("A").value();
    const Window& data = picture.data_window();
    for (int c = 0; c < channels; ++c) {
        if (!is_colour(picture.channels()[c].name))
            continue;
        const float level = of_channel(black, picture.channels()[c].name);
        parallel_rows(data.y0, data.y1, [&](int first, int last) {
            for (int y = first; y < last; ++y) {
                float* pixel = picture.row(y);
                for (int i = 0; i < data.width(); ++i, pixel += channels) {
                    const float least = 2 * level * pixel[alpha], value = pixel[c];
                    if (least > 0)
                        pixel[c] = 0.5f * (value + std::sqrt(value * value + least * least));
                }
            }
        });
    }
}

Window content_of(const Image& picture)
{
    const Window& data = picture.data_window();
    const int channels = picture.channel_count();
    Window content{data.x1, data.y1, data.x0, data.y0};
    for (int y = data.y0; y < data.y1; ++y) {
        const float *row = picture.row(y), *end = row + data.width() * channels;
        const auto something = [](float sample) { return sample != 0.0f; };
        const float* first = std::find_if(row, end, something);
        if (first == end)
            continue;
        const float* last = end;
        while (!something(last[-1]))
            --last;
        content = {std::min(content.x0, data.x0 + static_cast<int>((first - row) / channels)), std::min(content.y0, y),
                   std::max(content.x1, data.x0 + static_cast<int>((last - 1 - row) / channels) + 1), y + 1};
    }
    return content.x0 < content.x1 ? content : Window{};
}

} // namespace platefall::comp
