#include "comp/light_wrap.h"

#include "base/parallel.h"
#include "comp/picture_fit.h"
#include "image/filter.h"
#include "image/windows.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace platefall::comp {
namespace {

/// R G B where they are, or Y; the channel numbers.
std::vector<int> colours_of(const Image& picture)
{
    std::vector<int> found;
    for (const char* name : {"R", "G", "B", "Y"})
        if (const auto channel = picture.channel_index(name); channel && found.size() < 3)
            found.push_back(*channel);
    return found;
}

/// A blurred picture needs fewer pixels: cells of `size`, counted from the window's corner.
struct Cells {
    Window window;  ///< of pixels
    int size;

    Window all() const
    {
        return {0, 0, (window.width() + size - 1) / size, (window.height() + size - 1) / size};
    }
};

/// Means over each cell of F (1-v), by channel, and of 1-v. What lies outside the window counts as nothing.
Image light_around(const Image& picture, const Image& share, const std::vector<int>& colours, const Cells& cells)
{
    std::vector<Channel> channels;
    for (const int colour : colours)
        channels.push_back({picture.channels()[static_cast<std::size_t>(colour)].name});
    channels.push_back({"open"});
    Image around(cells.all(), cells.all(), channels);
    const float part = 1.0f / static_cast<float>(cells.size * cells.size);
    const int stride = picture.channel_count();
    parallel_rows(0, cells.all().y1, [&](int first, int last) {
        for (int row = first; row < last; ++row)
            for (int y = cells.window.y0 + row * cells.size;
                 y < std::min(cells.window.y0 + (row + 1) * cells.size, cells.window.y1); ++y) {
                const float* pixel = picture.pixel(cells.window.x0, y);
                const float* v = share.pixel(cells.window.x0, y);
                for (int x = 0; x < cells.window.width(); ++x, pixel += stride, ++v) {
                    float* cell = around.pixel(x / cells.size, row);
                    const float open = part * (1.0f - *v);
                    for (std::size_t c = 0; c < colours.size(); ++c)
                        cell[c] += open * pixel[colours[c]];
                    cell[colours.size()] += open;
                }
            }
    });
    return around;
}

/// Where a pixel lies between the middles of cells.
struct Between {
    int low, high;
    float part;  ///< of the higher

    Between(int pixel, const Cells& cells, int count)
    {
        const float at = (static_cast<float>(pixel) + 0.5f) / static_cast<float>(cells.size) - 0.5f;
        const float below = std::floor(at);
        part = at - below;
        low = std::clamp(static_cast<int>(below), 0, count - 1);
        high = std::clamp(static_cast<int>(below) + 1, 0, count - 1);
    }
};

/// The cells that what can reach `covered` touches.
Cells cells_around(const Window& covered, const Window& data, double reach_px)
{
    const int size = std::max(1, static_cast<int>(reach_px / 4));
    const Window reached = intersect(grown(covered, (blur_reach(reach_px / 2 / size) + 1) * size), data);
    return {{reached.x0 - (reached.x0 - data.x0) % size, reached.y0 - (reached.y0 - data.y0) % size, reached.x1, reached.y1}, size};
}

class Wrap {
public:
    Wrap(const Image& share, const Image& light, const Cells& cells, float amount)
        : share_(share), light_(light), cells_(cells), amount_(amount)
    {
        for (int x = 0; x < cells.window.width(); ++x)
            columns_.emplace_back(x, cells, light.data_window().width());
    }

    void row(int y, const Window& covered, const std::vector<int>& colours, Image& picture) const
    {
        const std::vector<float> light = light_in(y);
        const std::size_t step = colours.size() + 1;
        for (int x = covered.x0; x < covered.x1; ++x) {
            const float v = *share_.pixel(x, y);
            if (v == 0.0f)
                continue;
            const Between& at = columns_[static_cast<std::size_t>(x - cells_.window.x0)];
            const float* low = &light[static_cast<std::size_t>(at.low) * step];
            const float* high = &light[static_cast<std::size_t>(at.high) * step];
            const float open = low[step - 1] + at.part * (high[step - 1] - low[step - 1]);
            float* pixel = picture.pixel(x, y);
            for (std::size_t c = 0; c < colours.size(); ++c) {
                float& value = pixel[colours[c]];
                const float more = low[c] + at.part * (high[c] - low[c]) - value * open;
                if (open > 0.0f && more > 0.0f)
                    value += amount_ * v * more;
            }
        }
    }

private:
    /// A row between two rows of cells.
    std::vector<float> light_in(int y) const
    {
        const Between at(y - cells_.window.y0, cells_, light_.data_window().height());
        const float *low = light_.row(at.low), *high = light_.row(at.high);
        std::vector<float> row(light_.channels().size() * static_cast<std::size_t>(light_.data_window().width()));
        for (std::size_t i = 0; i < row.size(); ++i)
            row[i] = low[i] + at.part * (high[i] - low[i]);
        return row;
    }

    const Image &share_, &light_;
    Cells cells_;
    float amount_;
    std::vector<Between> columns_;
};

} // namespace

void wrap_light(Image& picture, const Image& share, float amount, double reach_px)
{
    const Window covered = content_of(share);
    if (amount <= 0 || covered.empty())
        return;
    const Cells cells = cells_around(covered, picture.data_window(), reach_px);
    const std::vector<int> colours = colours_of(picture);
    const Image light = blur(light_around(picture, share, colours, cells), reach_px / 2 / cells.size, cells.all());
    const Wrap wrap(share, light, cells, amount);
    parallel_rows(covered.y0, covered.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            wrap.row(y, covered, colours, picture);
    });
}

} // namespace platefall::comp
