#include "image/mend.h"

#include "base/parallel.h"
#include "image/samples.h"

#include <cstdlib>
#include <vector>

namespace platefall {
namespace {

constexpr int kLargestRing = 8;   // pixels

struct Fault {
    int x, y, channel;
    float mended = 0.0f;
};

std::vector<Fault> find_faults(const Image& image)
{
    std::vector<Fault> faults;
    const Window& data = image.data_window();
    for (int y = data.y0; y < data.y1; ++y) {
        const float* sample = image.row(y);
        if (all_finite(sample, static_cast<std::size_t>(data.width()) * image.channels().size()))
            continue;
        for (int x = data.x0; x < data.x1; ++x)
            for (int c = 0; c < image.channel_count(); ++c, ++sample)
                if (!all_finite(sample, 1))
                    faults.push_back({x, y, c});
    }
    return faults;
}

float mean_around(const Image& image, const Fault& fault)
{
    for (int ring = 1; ring <= kLargestRing; ++ring) {
        double sum = 0.0;
        int count = 0;
        for (int dy = -ring; dy <= ring; ++dy) {
            const int step = std::abs(dy) == ring ? 1 : 2 * ring;   // only the ring, not what it encloses
            for (int dx = -ring; dx <= ring; dx += step) {
                if (!image.data_window().contains(fault.x + dx, fault.y + dy))
                    continue;
                const float* neighbour = image.pixel(fault.x + dx, fault.y + dy) + fault.channel;
                if (all_finite(neighbour, 1)) {
                    sum += *neighbour;
                    ++count;
                }
            }
        }
        if (count > 0)
            return static_cast<float>(sum / count);
    }
    return 0.0f;
}

std::string describe(const std::vector<Fault>& faults)
{
    int pixels = 0;
    const Fault* previous = nullptr;
    for (const Fault& fault : faults) {
        if (previous == nullptr || previous->x != fault.x || previous->y != fault.y)
            ++pixels;
        previous = &fault;
    }
    const std::string where = std::to_string(faults.front().x) + "," + std::to_string(faults.front().y);
    if (pixels == 1)
        return "1 pixel is not finite (at " + where + "), replaced by the mean of its neighbours";
    return std::to_string(pixels) + " pixels are not finite (first at " + where
           + "), replaced by the mean of their neighbours";
}

}  // namespace

std::string mend_samples_that_are_not_finite(Image& image)
{
    std::vector<Fault> faults = find_faults(image);
    if (faults.empty())
        return {};
    parallel_rows(0, static_cast<int>(faults.size()), [&](int first, int last) {
        for (int i = first; i < last; ++i)
            faults[i].mended = mean_around(image, faults[i]);
    });
    for (const Fault& fault : faults)
        image.pixel(fault.x, fault.y)[fault.channel] = fault.mended;
    return describe(faults);
}

}  // namespace platefall
