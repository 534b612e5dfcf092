#include "image/windows.h"

#include "base/parallel.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace platefall {
namespace {

// Division that rounds towards minus infinity, so that negative windows shrink like positive ones.
int floor_divide(int a, int b) { return a / b - (a % b < 0 ? 1 : 0); }

int ceil_divide(int a, int b) { return -floor_divide(-a, b); }

/// Averages the source pixels of one target pixel that lie inside the data window.
void average_block(const Image& image, const Window& block, std::vector<double>& sums, float* out)
{
    const int channels = image.channel_count();
    std::fill(sums.begin(), sums.end(), 0.0);
    for (int y = block.y0; y < block.y1; ++y) {
        const float* in = image.pixel(block.x0, y);
        for (int x = block.x0; x < block.x1; ++x)
            for (int c = 0; c < channels; ++c)
                sums[c] += *in++;
    }
    const double count = static_cast<double>(block.width()) * block.height();
    for (int c = 0; c < channels; ++c)
        out[c] = static_cast<float>(sums[c] / count);
}

}  // namespace

Window grown(const Window& window, int by)
{
    return {window.x0 - by, window.y0 - by, window.x1 + by, window.y1 + by};
}

Image with_data_window(Image image, const Window& data, float fill)
{
    if (data == image.data_window())
        return image;

    Image result(data, image.display_window(), image.channels(), fill);
    const Window kept = intersect(data, image.data_window());
    const int samples = kept.width() * image.channel_count();
    parallel_rows(kept.y0, kept.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            std::copy_n(std::as_const(image).pixel(kept.x0, y), samples, result.pixel(kept.x0, y));
    });
    return result;
}

Window shrink(const Window& window, int factor)
{
    if (window.empty())
        return {};
    return {floor_divide(window.x0, factor), floor_divide(window.y0, factor), ceil_divide(window.x1, factor),
            ceil_divide(window.y1, factor)};
}

Image shrink(Image image, int factor)
{
    if (factor < 1)
        throw std::logic_error("shrink: the factor must be at least 1");
    if (factor == 1)
        return image;

    const Window source = image.data_window();
    const Window target = shrink(source, factor);
    Image result(target, shrink(image.display_window(), factor), image.channels());
    parallel_rows(target.y0, target.y1, [&](int first, int last) {
        std::vector<double> sums(static_cast<std::size_t>(image.channel_count()));
        for (int y = first; y < last; ++y)
            for (int x = target.x0; x < target.x1; ++x) {
                const Window block{x * factor, y * factor, (x + 1) * factor, (y + 1) * factor};
                average_block(image, intersect(block, source), sums, result.pixel(x, y));
            }
    });
    return result;
}

Image pick_channels(const Image& image, const std::vector<std::string>& names)
{
    std::vector<int> indices;
    std::vector<Channel> channels;
    for (const std::string& name : names) {
        const auto index = image.channel_index(name);
        if (!index)
            throw std::logic_error("pick_channels: no channel '" + name + "' (has "
                                   + describe(image.channels()) + ")");
        indices.push_back(*index);
        channels.push_back(image.channels()[*index]);
    }

    Image result(image.data_window(), image.display_window(), std::move(channels));
    const Window& data = image.data_window();
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const float* in = image.row(y);
            float* out = result.row(y);
            for (int x = data.x0; x < data.x1; ++x, in += image.channel_count())
                for (const int index : indices)
                    *out++ = in[index];
        }
    });
    return result;
}

}  // namespace platefall
