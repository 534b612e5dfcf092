#include "grain/grain.h"
#include "grain/noise_blocks.h"

#include "base/parallel.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace platefall::grain {
namespace {

// Grain is made in tiles, so that white noise at their borders is the only thing made twice, and untouched
// parts of a picture cost nothing but a look at `amount`.
constexpr int kTileWidth = 64, kTileHeight = 16;
constexpr int kMargin = NoiseModel::kRadius;
constexpr int kWhiteWidth = kTileWidth + 2 * kMargin, kWhiteHeight = kTileHeight + 2 * kMargin;
constexpr float kBrightest = 65504.0f;  // the largest half

/// One channel of white noise under a tile.
using White = std::array<std::array<float, kWhiteWidth>, kWhiteHeight>;

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t scramble(std::uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

std::uint64_t sum_of_bytes(std::uint64_t word)
{
    constexpr std::uint64_t kEven = 0x00FF00FF00FF00FFu;
    return (((word & kEven) + ((word >> 8) & kEven)) * 0x0001000100010001u) >> 48;
}

/// Normal in all that can be seen (fourth moment 2.93 for 3): the sum of 16 random bytes, exact on every
/// machine.
float normal(std::uint64_t key, int x, int y)
{
    constexpr float kMean = 16 * 127.5f;
    constexpr float kPerDeviation = 0.0033829f;  // 1 / sqrt(16 (256^2 - 1) / 12)
    const std::uint64_t place =
        static_cast<std::uint64_t>(static_cast<std::uint32_t>(y)) << 32 | static_cast<std::uint32_t>(x);
    const std::uint64_t first = scramble(key + place * 0x9E3779B97F4A7C15u);
    const std::uint64_t second = scramble(first + 0x9E3779B97F4A7C15u);
    const auto sum = static_cast<float>(static_cast<int>(sum_of_bytes(first) + sum_of_bytes(second)));
    return (sum - kMean) * kPerDeviation;
}

struct Grain {
    const NoiseModel& model;
    std::array<std::uint64_t, 3> keys;
    std::array<int, 3> channels;
    const Image& signal;
    const Image& amount;
    Image& out;
};

/// White, but with the correlation between colours. (x, y) is the tile's upper left pixel.
std::array<White, 3> white_under(const Grain& grain, int x, int y)
{
    std::array<White, 3> white;
    const auto& mix = grain.model.colour;
    for (int row = 0; row < kWhiteHeight; ++row)
        for (int column = 0; column < kWhiteWidth; ++column) {
            std::array<float, 3> own;
            for (std::size_t c = 0; c < 3; ++c)
                own[c] = normal(grain.keys[c], x - kMargin + column, y - kMargin + row);
            white[0][row][column] = mix[0][0] * own[0];
            white[1][row][column] = mix[1][0] * own[0] + mix[1][1] * own[1];
            white[2][row][column] = mix[2][0] * own[0] + mix[2][1] * own[1] + mix[2][2] * own[2];
        }
    return white;
}

using Row = std::array<float, kTileWidth>;

Row filtered(const White& white, int row, const std::array<float, 25>& kernel)
{
    Row sums{};
    for (int dy = 0; dy < 5; ++dy)
        for (int dx = 0; dx < 5; ++dx) {
            const float weight = kernel[dy * 5 + dx];
            const float* in = &white[row + dy][dx];
            for (int x = 0; x < kTileWidth; ++x)
                sums[x] += weight * in[x];
        }
    return sums;
}

/// Comparisons are false for NaN, which so counts as black.
float deviation(const NoiseModel& model, std::size_t channel, float signal, float amount)
{
    const float light = signal > 0 ? std::min(signal, kBrightest) : 0.0f;
    return std::sqrt((model.variance_floor[channel] + model.variance_slope[channel] * light) * amount);
}

void fill_tile(const Grain& grain, const Window& tile)
{
    const auto white = white_under(grain, tile.x0, tile.y0);
    for (int y = tile.y0; y < tile.y1; ++y) {
        const float* amount = grain.amount.pixel(tile.x0, y);
        const float* signal = grain.signal.pixel(tile.x0, y);
        float* out = grain.out.pixel(tile.x0, y);
        for (std::size_t c = 0; c < 3; ++c) {
            const Row noise = filtered(white[c], y - tile.y0, grain.model.kernel[c]);
            for (int x = 0; x < tile.width(); ++x)
                if (amount[x * grain.amount.channel_count()] > 0)
                    out[x * 3 + static_cast<int>(c)] =
                        noise[x]
                        * deviation(grain.model, c,
                                    signal[x * grain.signal.channel_count() + grain.channels[c]],
                                    amount[x * grain.amount.channel_count()]);
        }
    }
}

bool has_any(const Image& amount, const Window& tile)
{
    const int stride = amount.channel_count();
    for (int y = tile.y0; y < tile.y1; ++y) {
        const float* row = amount.pixel(tile.x0, y);
        for (int x = 0; x < tile.width(); ++x)
            if (row[x * stride] > 0)
                return true;
    }
    return false;
}

}  // namespace

Image make_grain(const NoiseModel& model, const Image& signal, const Image& amount, std::uint64_t seed,
                 int frame)
{
    const Window data = signal.data_window();
    if (amount.data_window() != data)
        throw std::logic_error("grain: 'amount' must lie on the window of 'signal'");
    Image out(data, signal.display_window(), {{"R"}, {"G"}, {"B"}});
    if (model.is_silent() || data.empty())
        return out;

    std::array<std::uint64_t, 3> keys;
    for (std::size_t c = 0; c < 3; ++c)
        keys[c] = scramble(scramble(scramble(seed) + static_cast<std::uint32_t>(frame)) + c);
    const Grain grain{model, keys, colour_channels(signal), signal, amount, out};

    const int tile_rows = (data.height() + kTileHeight - 1) / kTileHeight;
    parallel_each(tile_rows, [&](int row) {
        const int y = data.y0 + row * kTileHeight;
        for (int x = data.x0; x < data.x1; x += kTileWidth) {
            const Window tile = intersect(data, {x, y, x + kTileWidth, y + kTileHeight});
            if (has_any(amount, tile))
                fill_tile(grain, tile);
        }
    });
    return out;
}

}  // namespace platefall::grain
