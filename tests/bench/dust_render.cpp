// How fast dust is rendered, and how much of it is noise: `dust_render_bench [dust frame]`.
//
// A picture of 960 x 540 with one ray a pixel, of a frame of the dust cache (samples/street/.platefall/collapse.dust.*) or of
// a heap of puffs that is like one; on one thread and on two, and against a march sixteen times as fine.
#include "base/parallel.h"
#include "render/dust/dust_volume.h"
#include "render/sampling.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace {

using namespace platefall;
using namespace platefall::render;

constexpr int kWidth = 960, kHeight = 540;

/// Forty balls of dust on 60 x 50 m of street.
DustFrame heap()
{
    DustFrame frame{.low = {-30, 0, -25}, .cell_m = 0.5f, .cells = {120, 60, 100}, .density = {}, .velocity = {}, .strain = {}};
    const auto number = [](int puff, std::uint32_t what) { return unit_of(hashed(static_cast<std::uint32_t>(puff), what)); };
    for (int i = 0; i < 120 * 60 * 100; ++i) {
        const V3 at = to_v3(frame.low)
                      + 0.5f * V3(float(i % 120) + 0.5f, float(i / 120 % 60) + 0.5f, float(i / 7200) + 0.5f);
        float dust = 0;
        for (int puff = 0; puff < 40; ++puff) {
            const V3 middle(36 * number(puff, 1) - 18, 1 + 9 * number(puff, 2), 30 * number(puff, 3) - 16);
            dust = std::max(dust, std::clamp((2.5f + 4 * number(puff, 4) - (at - middle).length()) / 1.5f, 0.0f, 1.0f));
        }
        frame.density[0].push_back(0.13f * dust * dust);
    }
    frame.density[1].assign(frame.density[0].size(), 0.0f);
    frame.velocity.assign(frame.density[0].size() / 8, {3, 1, 0});
    frame.strain.assign(frame.velocity.size(), 1.0f);
    return frame;
}

/// Of all threads, s.
double processor_time()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return double(time.tv_sec) + 1e-6 * double(time.tv_usec); };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Time {
    double wall = 0, processors = 0;
};

template <class Work> Time timed(const Work& work)
{
    const double used = processor_time();
    const auto start = std::chrono::steady_clock::now();
    work();
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), processor_time() - used};
}

/// Luminance over mid grey of every `apart`th pixel each way (the others stay 0), in tiles that see much the same dust.
std::vector<float> picture(const DustVolume& volume, int samples, int apart = 1)
{
    constexpr int kTile = 20;
    std::vector<float> pixels(static_cast<std::size_t>(kWidth) * kHeight);
    parallel_each(kWidth / kTile * (kHeight / kTile), [&](int tile) {
        for (int i = 0; i < kTile * kTile; ++i) {
            const int x = tile % (kWidth / kTile) * kTile + i % kTile, y = tile / (kWidth / kTile) * kTile + i / kTile;
            if (x % apart != 0 || y % apart != 0)
                continue;
            const PixelSamples numbers(7, 1062, x, y);
            float sum = 0;
            for (int s = 0; s < samples; ++s) {
                const auto [time, jitter] = numbers.pair(static_cast<std::uint32_t>(s), 0);
                Ray ray;
                ray.origin = {-8, 1.7f, 45};
                ray.direction = {(2 * (float(x) + 0.5f) / kWidth - 1) * 0.818f,
                                 0.196f + (1 - 2 * (float(y) + 0.5f) / kHeight) * 0.46f, -1};
                ray.time = time;
                ray.far = ray.direction.y < 0 ? -ray.origin.y / ray.direction.y : 1e30f;
                const DustAlong seen = volume.along(ray, jitter);
                sum += luminance(seen.light) + 0.18f * seen.transmittance;
            }
            pixels[static_cast<std::size_t>(y * kWidth + x)] = sum / static_cast<float>(samples);
        }
    });
    return pixels;
}

double difference(const std::vector<float>& a, const std::vector<float>& b)
{
    double squares = 0, count = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (b[i] > 0 && std::abs(b[i] - 0.18f) > 0.002f) {
            squares += std::pow(a[i] / b[i] - 1, 2);
            ++count;
        }
    return std::sqrt(squares / std::max(count, 1.0));
}

}  // namespace

int main(int count, char** words)
{
    const DustFrame frame = count > 1 ? load_dust_frame(words[1]) : heap();
    Light light;
    light.to_sun = V3(-0.463f, 0.616f, 0.638f);
    light.sun = 0.2f * clear_sun(light.to_sun, 3);
    const auto sky = clear_sky(light.to_sun, 3);
    light.sky = with_ground([&](const V3& d) { return 0.2f * sky(d); }, light.to_sun, light.sun, Colour(0.2f));
    DustLook look;
    look.time_s = 2;
    const float shutter_s = 0.5f / 24;
    std::vector<float> seen;
    std::array<double, 3> walls{};
    for (const int threads : {1, 2}) {
        const ThreadLimit limit(threads);
        const auto make = [&] { return DustVolume(frame, look, light, shutter_s, {}); };
        const Time grids = timed(make);
        const DustVolume volume = make();
        const Time rays = timed([&] { seen = picture(volume, 1); });
        walls[std::size_t(threads)] = grids.wall + rays.wall;
        std::printf("%d threads: grids %.3f s (%.3f of processors), a ray a pixel %.3f s (%.3f of processors)\n", threads,
                    grids.wall, grids.processors, rays.wall, rays.processors);
    }
    std::printf("two threads are %.2f times as fast as one\n", walls[1] / walls[2]);
    look.step /= 16;
    const std::vector<float> exact = picture(DustVolume(frame, look, light, shutter_s, {}), 8, 10);
    look.step = 1;
    const std::vector<float> more = picture(DustVolume(frame, look, light, shutter_s, {}), 4, 10);
    std::printf("error of pixels with dust against a march 16 times as fine, 8 rays a pixel: 1 ray %.2f %%, 4 rays %.2f %%\n",
                100 * difference(seen, exact), 100 * difference(more, exact));
}
