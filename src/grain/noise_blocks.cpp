#include "grain/noise_blocks.h"

#include "base/parallel.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace platefall::grain {
namespace {

constexpr float kBlocked = 0.01f;
constexpr int kPiledUp = kBlockPixels / 10;  // samples on the block's extreme value: rarer in unclipped noise

using Lanes = std::array<float, kBlock>;  // one sum a column, which compilers turn into vectors

float total(const Lanes& lanes)
{
    float sum = 0;
    for (const float lane : lanes)
        sum += lane;
    return sum;
}

Residual samples_of(const Image& picture, int x, int y, int channel)
{
    Residual samples;
    const int stride = picture.channel_count();
    for (int row = 0; row < kBlock; ++row) {
        const float* in = picture.pixel(x, y + row) + channel;
        for (int column = 0; column < kBlock; ++column)
            samples[row * kBlock + column] = in[column * stride];
    }
    return samples;
}

bool all_finite(const Residual& samples)
{
    Lanes zero{};
    for (std::size_t i = 0; i < samples.size(); ++i)
        zero[i % kBlock] += samples[i] * 0.0f;  // NaN for NaN and infinity
    return total(zero) == 0.0f;
}

/// A sensor or a codec that clips piles samples up on one value, and such a block looks too quiet.
bool is_clipped(const Residual& samples)
{
    float low = samples[0], high = samples[0];
    for (const float sample : samples) {
        low = std::min(low, sample);
        high = std::max(high, sample);
    }
    int at_low = 0, at_high = 0;
    for (const float sample : samples) {
        at_low += sample == low;
        at_high += sample == high;
    }
    return std::max(at_low, at_high) > kPiledUp;
}

bool measure(const Image& picture, const std::array<int, 3>& channels, Block& block)
{
    for (std::size_t c = 0; c < 3; ++c) {
        Residual samples = samples_of(picture, block.x, block.y, channels[c]);
        if (!all_finite(samples))
            return false;
        const bool clipped = is_clipped(samples);
        block.signal[c] = flatten(samples);
        Lanes squares{};
        for (std::size_t i = 0; i < samples.size(); ++i)
            squares[i % kBlock] += samples[i] * samples[i];
        block.variance[c] = clipped ? -1.0f : total(squares) / (kBlockPixels - kSurfaceTerms);
    }
    return true;
}

}  // namespace

std::array<int, 3> colour_channels(const Image& picture)
{
    const auto r = picture.channel_index("R"), g = picture.channel_index("G"), b = picture.channel_index("B");
    if (r && g && b)
        return {*r, *g, *b};
    if (picture.channel_count() < 3)
        return {0, 0, 0};
    return {0, 1, 2};
}

const std::array<std::array<float, kBlock>, 3>& side_polynomials()
{
    static const auto table = [] {
        std::array<std::array<float, kBlock>, 3> made;
        for (int i = 0; i < kBlock; ++i) {
            const double t = i - 7.5;
            made[0][i] = 0.25f;
            made[1][i] = static_cast<float>(t / std::sqrt(340.0));
            made[2][i] = static_cast<float>((t * t - 21.25) / std::sqrt(5712.0));
        }
        return made;
    }();
    return table;
}

bool is_open(const Image* blocked, const Window& window)
{
    if (blocked == nullptr)
        return true;
    const Window seen = intersect(blocked->data_window(), window);
    const int stride = blocked->channel_count();
    for (int y = seen.y0; y < seen.y1; ++y)
        for (int x = seen.x0; x < seen.x1; ++x)
            if (!(blocked->row(y)[(x - blocked->data_window().x0) * stride] <= kBlocked))
                return false;
    return true;
}

float flatten(Residual& samples)
{
    // Sums stay small, and exact enough, around a value of the block itself.
    const float centre = samples[kBlockPixels / 2 + kBlock / 2];
    const auto& side = side_polynomials();
    std::array<Lanes, 3> down{};
    for (int y = 0; y < kBlock; ++y)
        for (int x = 0; x < kBlock; ++x) {
            float& sample = samples[y * kBlock + x];
            sample -= centre;
            for (int degree = 0; degree < 3; ++degree)
                down[degree][x] += side[degree][y] * sample;
        }

    std::array<Lanes, 3> surface{};  // for each degree in y, its factor along x
    float constant = 0;
    for (int degree = 0; degree < 3; ++degree)
        for (int across = 0; across + degree < 3; ++across) {
            Lanes products;
            for (int x = 0; x < kBlock; ++x)
                products[x] = side[across][x] * down[degree][x];
            const float coefficient = total(products);
            if (degree == 0 && across == 0)
                constant = coefficient;
            for (int x = 0; x < kBlock; ++x)
                surface[degree][x] += coefficient * side[across][x];
        }

    for (int y = 0; y < kBlock; ++y)
        for (int x = 0; x < kBlock; ++x)
            samples[y * kBlock + x] -=
                side[0][y] * surface[0][x] + side[1][y] * surface[1][x] + side[2][y] * surface[2][x];
    return centre + constant / static_cast<float>(kBlock);
}

std::vector<Block> measure_blocks(const Image& picture, const Image* blocked, int at_most, int turn)
{
    const Window& data = picture.data_window();
    const int across = data.width() / kBlock, down = data.height() / kBlock;
    const int step = std::max(1, (across * down + at_most - 1) / at_most);
    const auto channels = colour_channels(picture);

    // Every step-th block, moved along from row to row so that columns are not skipped.
    std::vector<std::vector<Block>> rows(static_cast<std::size_t>(down));
    parallel_each(down, [&](int row) {
        for (int column = (row * 3 + turn) % step; column < across; column += step) {
            Block block{data.x0 + column * kBlock, data.y0 + row * kBlock};
            if (is_open(blocked, square_of(block)) && measure(picture, channels, block))
                rows[static_cast<std::size_t>(row)].push_back(block);
        }
    });

    std::vector<Block> blocks;
    for (const auto& row : rows)
        blocks.insert(blocks.end(), row.begin(), row.end());
    return blocks;
}

Residual residual_of(const Image& picture, const Block& block, int channel)
{
    Residual samples = samples_of(picture, block.x, block.y, channel);
    flatten(samples);
    return samples;
}

Lags<float> lag_products(const Residual& residual)
{
    constexpr int kStride = kBlock + 2 * kFurthestLag;
    std::array<float, kStride*(kBlock + kFurthestLag)> padded{};
    for (int y = 0; y < kBlock; ++y)
        std::copy_n(&residual[y * kBlock], kBlock, &padded[y * kStride + kFurthestLag]);

    Lags<float> products;
    for (int dy = 0; dy <= kFurthestLag; ++dy)
        for (int dx = -kFurthestLag; dx <= kFurthestLag; ++dx) {
            Lanes sums{};
            for (int y = 0; y + dy < kBlock; ++y) {
                const float* here = &padded[y * kStride + kFurthestLag];
                const float* there = here + dy * kStride + dx;
                for (int x = 0; x < kBlock; ++x)
                    sums[x] += here[x] * there[x];
            }
            products[dy][dx + kFurthestLag] = total(sums);
        }
    return products;
}

}  // namespace platefall::grain
