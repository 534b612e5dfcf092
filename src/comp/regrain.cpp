#include "comp/regrain.h"

#include "base/parallel.h"
#include "base/random_number.h"
#include "comp/picture_fit.h"
#include "grain/noise_blocks.h"
#include "image/windows.h"

#include <utility>

namespace platefall::comp {
namespace {

constexpr std::uint64_t kOfComp = 0x636f6d70; // so that the clean plate's grain is another

/// In place: from the share to the variance that is missing.
void missing_variance(Image& share, float amount)
{
    for (std::size_t i = 0; i < share.sample_count(); ++i) {
        const float kept = 1.0f - share.data()[i];
        share.data()[i] = amount * (1.0f - kept * kept);
    }
}

void add_where(const Image& missing, const Image& grain, const std::array<int, 3>& channels, int colours, Image& picture)
{
    const Window& window = missing.data_window();
    const int stride = picture.channel_count();
    parallel_rows(window.y0, window.y1, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            float* pixel = picture.pixel(window.x0, y);
            for (int i = 0; i < window.width(); ++i, pixel += stride)
                if (missing.row(y)[i] > 0.0f)
                    for (int c = 0; c < colours; ++c)
                        pixel[channels[static_cast<std::size_t>(c)]] += grain.row(y)[3 * i + c];
        }
    });
}

} // namespace

void regrain(Image& picture, Image share, const grain::NoiseModel& noise, float amount, std::uint64_t seed, int frame)
{
    const Window window = content_of(share);
    if (amount <= 0 || window.empty() || noise.is_silent())
        return;
    Image missing = with_data_window(std::move(share), window);
    missing_variance(missing, amount);

    const bool is_grey = !picture.channel_index("R");
    const int y = picture.channel_index("Y").value_or(0);
    const auto channels = is_grey ? std::array{y, y, y} : grain::colour_channels(picture);
    const auto names = is_grey ? std::vector<std::string>{"Y"} : std::vector<std::string>{"R", "G", "B"};
    const Image signal = with_data_window(pick_channels(picture, names), window);
    const Image grain = make_grain(noise, signal, missing, random_number(seed, kOfComp), frame);
    add_where(missing, grain, channels, is_grey ? 1 : 3, picture);
}

} // namespace platefall::comp
