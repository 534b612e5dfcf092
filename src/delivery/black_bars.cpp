#include "delivery/black_bars.h"

#include <algorithm>
#include <string_view>

namespace platefall::delivery {
namespace {

constexpr float kBlack = 0.0005f;        // below every camera's noise
constexpr int kNarrowest = 2;            // px; one row is a filter's edge
constexpr double kMostUneven = 0.1;      // of the wider one

std::vector<int> colour_channels(const Image& image)
{
    std::vector<int> channels;
    for (const std::string_view name : {"R", "G", "B", "Y"})
        if (const auto index = image.channel_index(name))
            channels.push_back(*index);
    return channels;
}

bool is_black(const float* pixel, const std::vector<int>& channels)
{
    return std::ranges::none_of(channels, [&](int c) { return pixel[c] > kBlack; });   // NaN is another fault
}

/// The columns of a row from its first pixel with light to behind its last; empty when there is none.
Window lit_part(const Image& image, const Window& seen, int y, const std::vector<int>& channels)
{
    int first = seen.x0, last = seen.x1;
    while (first < last && is_black(image.pixel(first, y), channels))
        ++first;
    while (last > first && is_black(image.pixel(last - 1, y), channels))
        --last;
    return first < last ? Window{first, y, last, y + 1} : Window{};
}

bool are_a_pair(int a, int b)
{
    const int wider = std::max(a, b);
    return std::min(a, b) >= kNarrowest && wider - std::min(a, b) <= std::max<double>(kNarrowest, kMostUneven * wider);
}

}  // namespace

std::optional<BlackBars> black_bars(const Image& image)
{
    const std::vector<int> channels = colour_channels(image);
    const Window& display = image.display_window();
    const Window seen = intersect(image.data_window(), display);
    if (channels.empty())
        return std::nullopt;
    Window lit;
    for (int y = seen.y0; y < seen.y1; ++y)
        lit = unite(lit, lit_part(image, seen, y, channels));
    if (lit.empty())
        return std::nullopt;
    return BlackBars{lit.y0 - display.y0, display.y1 - lit.y1, lit.x0 - display.x0, display.x1 - lit.x1};
}

BlackBars common(const BlackBars& a, const BlackBars& b)
{
    return {std::min(a.top, b.top), std::min(a.bottom, b.bottom), std::min(a.left, b.left), std::min(a.right, b.right)};
}

Window between(const BlackBars& bars, const Window& display)
{
    return {display.x0 + bars.left, display.y0 + bars.top, display.x1 - bars.right, display.y1 - bars.bottom};
}

bool is_letterboxed(const BlackBars& bars) { return are_a_pair(bars.top, bars.bottom); }

bool is_pillarboxed(const BlackBars& bars) { return are_a_pair(bars.left, bars.right); }

}  // namespace platefall::delivery
