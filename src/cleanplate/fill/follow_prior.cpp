#include "cleanplate/fill/follow_prior.h"

#include "cleanplate/fill/known_part.h"
#include "cleanplate/log_encoding.h"
#include "image/filter.h"
#include "image/windows.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace platefall::cleanplate {
namespace {

constexpr float kSame_stops = 0.2f;   // brightness of the same thing in another light
constexpr float kOther_stops = 0.6f;  // no longer the same thing

template <class Use> void each_pixel(const Window& window, Use use)
{
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x)
            use(x, y);
}

/// How many stops the prior is above what is there, averaged over about its own size; 0 in what is known.
Image tones_of(const FillRequest& request, const Image& there)
{
    const Window& window = there.data_window();
    Image stops(window, window, {{"R"}, {"G"}, {"B"}, {"A"}});
    each_pixel(window, [&](int x, int y) {
        float* by = stops.pixel(x, y);
        for (int c = 0; c < 3 && is_unknown(request, x, y); ++c)
            by[c] = log_encode(request.prior->pixel(x, y)[c]) - log_encode(there.pixel(x, y)[c]);
        by[3] = is_unknown(request, x, y) || is_known(request, x, y);
    });
    stops = with_data_window(blur(stops, request.prior_px, window), window);
    for (std::size_t i = 0; i < stops.sample_count(); i += 4)
        for (std::size_t c = 0; c < 3 && stops.data()[i + 3] > 0; ++c)
            stops.data()[i + c] /= stops.data()[i + 3];
    return stops;
}

/// 1 where the patches show what the prior shows, 0 where they show something else.
Image likeness(const FillRequest& request, const Image& there)
{
    const Image tones = tones_of(request, there);
    const Window& window = there.data_window();
    Image like(window, window, {{"A"}});
    each_pixel(window, [&](int x, int y) {
        const float* stops = tones.pixel(x, y);
        *like.pixel(x, y) = std::max({std::abs(stops[0]), std::abs(stops[1]), std::abs(stops[2])});
    });
    like = with_data_window(blur(like, 2 * request.prior_px, window), window);   // over the edges of something else
    for (std::size_t i = 0; i < like.sample_count(); ++i)
        like.data()[i] = std::clamp((kOther_stops - like.data()[i]) / (kOther_stops - kSame_stops), 0.0f, 1.0f);
    return like;
}

/// What is there `stops` brighter, as log_encode() counts them.
float brighter(float light, float stops)
{
    const float gain = std::exp2(stops);
    return light * gain + kLogEpsilon * (gain - 1);
}

void replace_what_is_unlike(const FillRequest& request, Filled& filled)
{
    const Image like = likeness(request, filled.picture);
    each_pixel(like.data_window(), [&](int x, int y) {
        const float part = *like.pixel(x, y);
        if (!is_unknown(request, x, y) || part == 1)
            return;
        *filled.noise_gain.pixel(x, y) *= part * part;
        for (int c = 0; c < 3; ++c) {
            float& light = filled.picture.pixel(x, y)[c];
            const float stops = log_encode(request.prior->pixel(x, y)[c]) - log_encode(light);
            light = brighter(light, stops * (1 - part));
        }
    });
}

}  // namespace

void follow_prior(const FillRequest& request, Filled& filled)
{
    replace_what_is_unlike(request, filled);
    const Image tones = tones_of(request, filled.picture);
    const auto [low, high] = range_of_known(request);
    each_pixel(tones.data_window(), [&, &low = low, &high = high](int x, int y) {
        for (std::size_t c = 0; c < 3 && is_unknown(request, x, y); ++c) {
            float& light = filled.picture.pixel(x, y)[c];
            light = std::clamp(brighter(light, tones.pixel(x, y)[c]), low[c], high[c]);
        }
    });
}

}  // namespace platefall::cleanplate
