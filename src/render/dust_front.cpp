#include "render/dust_front.h"

#include "base/parallel.h"
#include "render/sampling.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace platefall::render {
namespace {

constexpr float kNothing_m = 1e10f;
constexpr float kThere = 0.02f;       // of a matte
constexpr std::uint32_t kDustDimension = 20;

/// A vertical run of a column of the matte.
struct Run {
    int x, top, bottom;               ///< bottom exclusive
    std::size_t part;                 ///< of the matte: the least run that it hangs together with
    float depth;                      ///< by where it stands; kNothing_m above the horizon
};

/// Where the ground is seen, below a pixel's lower edge.
float ground_depth(const View& view, int x, int y, float ground_m)
{
    const Ray ray = view.ray(static_cast<float>(x) + 0.5f, static_cast<float>(y), 0.5f);
    if (ray.direction.y >= -1e-4f)
        return kNothing_m;
    const float depth = (ground_m - ray.origin.y) / ray.direction.y;
    return depth > 0 ? depth : kNothing_m;
}

std::size_t root(const std::vector<Run>& runs, std::size_t i)
{
    while (runs[i].part != i)
        i = runs[i].part;
    return i;
}

void join(std::vector<Run>& runs, std::size_t a, std::size_t b)
{
    a = root(runs, a);
    b = root(runs, b);
    runs[std::max(a, b)].part = std::min(a, b);
}

std::vector<Run> runs_of(const Image& matte, const View& view, float ground_m)
{
    const Window window = matte.data_window();
    std::vector<Run> runs;
    std::size_t last_column = 0;
    for (int x = window.x0; x < window.x1; ++x) {
        const std::size_t column = runs.size();
        for (int y = window.y0; y < window.y1; ++y) {
            if (*matte.pixel(x, y) <= kThere)
                continue;
            const int top = y;
            while (y < window.y1 && *matte.pixel(x, y) > kThere)
                ++y;
            const std::size_t here = runs.size();
            runs.push_back({x, top, y, here, ground_depth(view, x, y, ground_m)});
            for (std::size_t other = last_column; other < column; ++other)
                if (runs[other].top < y && runs[other].bottom > top)
                    join(runs, other, here);
        }
        last_column = column;
    }
    return runs;
}

/// A thing touches the ground where it is nearest: its wheels, not the shade between them. Other columns of the same thing
/// tell, those that stand beside this one and not much nearer, which would be another thing.
std::vector<float> touching_depths(const std::vector<Run>& runs, int beside_px)
{
    constexpr float kSameThing = 0.7f;
    std::vector<float> depths;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        float depth = runs[i].depth;
        const auto look = [&](const Run& other) {
            if (other.top < runs[i].bottom && other.bottom > runs[i].top && other.depth > kSameThing * runs[i].depth)
                depth = std::min(depth, other.depth);
        };
        for (std::size_t j = i; j < runs.size() && runs[j].x - runs[i].x <= beside_px; ++j)
            look(runs[j]);
        for (std::size_t j = i; j-- > 0 && runs[i].x - runs[j].x <= beside_px;)
            look(runs[j]);
        depths.push_back(depth);
    }
    return depths;
}

}  // namespace

Image foreground_depth(const Image& matte, const View& view, float ground_m)
{
    std::vector<Run> runs = runs_of(matte, view, ground_m);
    std::vector<float> nearest(runs.size(), kNothing_m);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        float& least = nearest[root(runs, i)];
        least = std::min(least, runs[i].depth);
    }
    const std::vector<float> touching = touching_depths(runs, std::max(1, matte.display_window().width() / 24));
    Image depth(matte.data_window(), matte.display_window(),
                {{.name = "Z", .type = ChannelType::full_float, .data = true}}, kNothing_m);
    for (std::size_t i = 0; i < runs.size(); ++i)
        for (int y = runs[i].top; y < runs[i].bottom; ++y)
            *depth.pixel(runs[i].x, y) = touching[i] < kNothing_m ? touching[i] : nearest[root(runs, i)];
    return depth;
}

Image dust_front(const Moment& moment, const PictureSettings& settings, const Image& matte, const Image& depth)
{
    const Window window = matte.data_window();
    Image front(window, matte.display_window(), {{"R"}, {"G"}, {"B"}, {"A"}});
    if (!moment.dust)
        return front;
    const auto pixel = [&](int x, int y) {
        const PixelSamples samples(settings.seed, settings.frame, x, y);
        const float share = 1.0f / static_cast<float>(settings.dust_samples);
        float* out = front.pixel(x, y);
        for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(settings.dust_samples); ++i) {
            Ray ray = moment.view.ray(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f,
                                      samples.one(i, kDustDimension));
            ray.far = *depth.pixel(x, y);
            if (!moment.dust->may_meet(ray))
                continue;
            const DustAlong along = moment.dust->along(ray, samples.one(i, kDustDimension + 1));
            for (int c = 0; c < 3; ++c)
                out[c] += along.light[c] * share;
            out[3] += (1 - along.transmittance) * share;
        }
    };
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = window.x0; x < window.x1; ++x)
                if (*matte.pixel(x, y) > kThere)
                    pixel(x, y);
    });
    return front;
}

}  // namespace platefall::render
