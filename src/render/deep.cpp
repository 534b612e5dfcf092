#include "render/deep.h"

#include "base/parallel.h"

#include <algorithm>

namespace platefall::render {
namespace {

constexpr float kNothing_m = 1e9f;

/// The middle of a pixel, up to the set.
Ray middle_ray(const Moment& moment, int x, int y)
{
    Ray ray = moment.view.ray(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f, 0.5f);
    if (const auto wall = moment.rest.set.nearest(ray))
        ray.far = wall->distance;
    return ray;
}

void add_dust(const Moment& moment, Ray ray, float near, float far, int x, int y, DeepImage& deep)
{
    ray.near = near;
    ray.far = far;
    if (!moment.dust || near >= far || !moment.dust->may_meet(ray))
        return;
    for (const DustSlice& slice : moment.dust->slices(ray, 0.5f))
        deep.add(x, y, {slice.light.x, slice.light.y, slice.light.z, slice.alpha, slice.front, slice.back});
}

}  // namespace

DeepImage deep_image(const Image& debris, const Image& depths, const Moment& moment)
{
    const Window data = debris.data_window();
    DeepImage deep(data, debris.display_window());
    parallel_rows(data.y0, data.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = data.x0; x < data.x1; ++x) {
                const Ray ray = middle_ray(moment, x, y);
                const float* colour = debris.pixel(x, y);
                const float depth = *depths.pixel(x, y), wall = std::max(ray.far, depth);
                add_dust(moment, ray, ray.near, std::min(depth, ray.far), x, y, deep);
                if (depth < kNothing_m)
                    deep.add(x, y, {colour[0], colour[1], colour[2], std::min(colour[3], 1.0f), depth, depth});
                if (depth < kNothing_m && colour[3] < 0.999f)
                    add_dust(moment, ray, depth, wall, x, y, deep);
            }
    });
    return deep;
}

}  // namespace platefall::render
