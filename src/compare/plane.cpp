#include "compare/plane.h"

#include "base/parallel.h"

#include <algorithm>

namespace platefall::compare {
namespace {

int radius_of(const Kernel& kernel)
{
    return static_cast<int>(kernel.size() / 2);
}

void add_weighted(const float* in, float weight, int count, float* out)
{
    for (int x = 0; x < count; ++x)
        out[x] += weight * in[x];
}

}  // namespace

Plane filter_rows(const Plane& in, const Kernel& kernel)
{
    const int radius = radius_of(kernel);
    Plane out(in.width, in.height);
    parallel_rows(0, in.height, [&](int first, int last) {
        std::vector<float> padded(static_cast<std::size_t>(in.width + 2 * radius));
        for (int y = first; y < last; ++y) {
            const float* row = in.row(y);
            std::fill_n(padded.begin(), radius, row[0]);
            std::copy_n(row, in.width, padded.begin() + radius);
            std::fill_n(padded.end() - radius, radius, row[in.width - 1]);
            for (std::size_t k = 0; k < kernel.size(); ++k)
                add_weighted(padded.data() + k, kernel[k], in.width, out.row(y));
        }
    });
    return out;
}

Plane filter_columns(const Plane& in, const Kernel& kernel)
{
    const int radius = radius_of(kernel);
    Plane out(in.width, in.height);
    parallel_rows(0, in.height, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int k = -radius; k <= radius; ++k)
                add_weighted(in.row(std::clamp(y + k, 0, in.height - 1)), kernel[static_cast<std::size_t>(k + radius)],
                             in.width, out.row(y));
    });
    return out;
}

}  // namespace platefall::compare
