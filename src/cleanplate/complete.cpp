#include "cleanplate/complete.h"

#include "cleanplate/fill/chessboard_distance.h"
#include "cleanplate/solve/membrane.h"
#include "cleanplate/fill/follow_prior.h"
#include "cleanplate/fill/patch_fill.h"
#include "image/sample.h"
#include "image/filter.h"
#include "image/windows.h"

#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace platefall::cleanplate {
namespace {

constexpr double kForegroundReachPx = 12;   // foreground that near to the hole is filled along, and not kept

bool is_known(const Canvas& canvas, int x, int y)
{
    return canvas.facts.pixel(x, y)[kGenerated] > 0;
}

bool is_wanted(const Canvas& canvas, int x, int y)
{
    return !is_known(canvas, x, y) && canvas.hidden.at(x, y);
}

/// 1 at pixels that are wanted.
Image wanted_pixels(const Canvas& canvas)
{
    const Window& window = canvas.picture.data_window();
    Image wanted(window, window, {{"A"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            *wanted.pixel(x, y) = is_wanted(canvas, x, y);
    return wanted;
}

float mean_noise(const Canvas& canvas)
{
    const Window& window = canvas.facts.data_window();
    double sum = 0, count = 0;
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            if (is_known(canvas, x, y)) {
                sum += static_cast<double>(canvas.facts.pixel(x, y)[kNoise]);
                ++count;
            }
    return count > 0 ? static_cast<float>(sum / count) : 0.0f;
}

}  // namespace

bool is_blank(const Canvas& canvas)
{
    const Window& window = canvas.facts.data_window();
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            if (is_known(canvas, x, y))
                return false;
    return true;
}

void complete(Canvas& canvas, std::uint64_t seed, const std::function<void(double)>& progress, const Prior* prior)
{
    const Window& window = canvas.picture.data_window();
    const Image wanted = wanted_pixels(canvas);
    if (bounds_above(wanted, 0.5f).empty())
        return;

    // What stands in front in every frame is neither known nor wanted. Near the hole it would be matched against, so
    // there it is filled as well; further away it is only never copied.
    Image unknown = with_data_window(grow(wanted, kForegroundReachPx, window), window);
    Image not_a_source(window, window, {{"A"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            const bool known = is_known(canvas, x, y);
            *unknown.pixel(x, y) = !known && *unknown.pixel(x, y) > 0.5f;
            *not_a_source.pixel(x, y) = !known;
        }
    std::optional<model::Painted> guess;
    if (prior)
        guess = model::inpaint(prior->painter, canvas.picture, unknown, not_a_source);
    const FillRequest request{.picture = canvas.picture,
                              .unknown = unknown,
                              .not_a_source = &not_a_source,
                              .prior = guess ? &guess->picture : nullptr,
                              .seed = seed,
                              .progress = progress,
                              .prior_px = guess ? guess->coarseness : 1};
    Filled filled = patch_fill(request);
    if (guess)
        follow_prior(request, filled);
    const float noise = mean_noise(canvas);
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            if (*wanted.pixel(x, y) > 0) {
                std::copy_n(filled.picture.pixel(x, y), 3, canvas.picture.pixel(x, y));
                canvas.facts.pixel(x, y)[kGenerated] = kSynthesised;
                canvas.facts.pixel(x, y)[kNoise] = noise * *filled.noise_gain.pixel(x, y);
            }
}

void take_over(Canvas& canvas, const Canvas& earlier, const Take& take)
{
    const Window& window = canvas.picture.data_window();
    const ViewMap map = view_map(take, earlier.plan.base, canvas.plan.base);
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            if (!is_wanted(canvas, x, y))
                continue;
            const auto [at, in_front]
                = map({x + 0.5, y + 0.5}, static_cast<double>(canvas.facts.pixel(x, y)[kDepth]) * canvas.nearness);
            const int u = static_cast<int>(std::floor(at[0])), v = static_cast<int>(std::floor(at[1]));
            if (!in_front || !earlier.facts.data_window().contains(u, v) || !is_known(earlier, u, v))
                continue;
            const float left = sample(earlier.picture, at, 3, canvas.picture.pixel(x, y));
            canvas.facts.pixel(x, y)[kGenerated] = earlier.facts.pixel(u, v)[kGenerated];
            canvas.facts.pixel(x, y)[kNoise] = earlier.facts.pixel(u, v)[kNoise] * left;
        }
}

void spread(Canvas& canvas)
{
    const Window& window = canvas.picture.data_window();
    Image weight(window, window, {{"A"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            *weight.pixel(x, y) = is_known(canvas, x, y);
    const Image smooth = spread_membrane(canvas.picture, weight);
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            if (is_wanted(canvas, x, y)) {
                std::copy_n(smooth.pixel(x, y), 3, canvas.picture.pixel(x, y));
                canvas.facts.pixel(x, y)[kGenerated] = kSynthesised;
                canvas.facts.pixel(x, y)[kNoise] = 0;
            }
}

void extend_edges(Canvas& canvas)
{
    constexpr int kReachPx = 3;   // of sample()
    const Window& window = canvas.picture.data_window();
    const auto distance = chessboard_distance(window.width(), window.height(), kReachPx + 1, [&](int x, int y) {
        return is_known(canvas, window.x0 + x, window.y0 + y);
    });
    const auto mean_of_nearer = [&](int x, int y) {
        std::array<float, 3> sum{};
        float count = 0;
        for (int v = y - 1; v <= y + 1; ++v)
            for (int u = x - 1; u <= x + 1; ++u)
                if (distance(u, v) < distance(x, y)) {
                    const float* rgb = canvas.picture.pixel(window.x0 + u, window.y0 + v);
                    for (std::size_t c = 0; c < 3; ++c)
                        sum[c] += rgb[c];
                    ++count;
                }
        for (float& value : sum)
            value /= count;
        return sum;
    };
    for (int ring = 1; ring <= kReachPx; ++ring)
        for (int y = 0; y < window.height(); ++y)
            for (int x = 0; x < window.width(); ++x)
                if (distance(x, y) == ring)
                    std::ranges::copy(mean_of_nearer(x, y), canvas.picture.pixel(window.x0 + x, window.y0 + y));
}

}  // namespace platefall::cleanplate
