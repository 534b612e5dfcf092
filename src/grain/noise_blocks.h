/// Small squares of a plate with their shading removed: what is left in a flat one is noise.
#pragma once

#include <platefall/image.h>

#include <array>
#include <cstddef>
#include <vector>

namespace platefall::grain {

inline constexpr int kBlock = 16;  ///< pixels a side
inline constexpr int kBlockPixels = kBlock * kBlock;
inline constexpr int kSurfaceTerms = 6;  ///< of the quadratic surface that is the shading
inline constexpr int kFurthestLag = 4;   ///< how far a 5x5 kernel makes noise correlate
inline constexpr int kLagColumns = 2 * kFurthestLag + 1;

/// Products of neighbours in half of all directions (the other half is the same): [dy][dx + kFurthestLag], dy
/// >= 0.
template <class Number>
using Lags = std::array<std::array<Number, kLagColumns>, kFurthestLag + 1>;

/// What remains of one channel of a block. Rows of 16.
using Residual = std::array<float, kBlockPixels>;

struct Block {
    int x, y;                         ///< its upper left pixel
    std::array<float, 3> signal{};    ///< mean of R G B
    std::array<float, 3> variance{};  ///< of the residual; below 0: the channel is clipped or crushed here
    bool compared = false;            ///< the residual is that of a FrameDifference
};

inline Window square_of(const Block& block)
{
    return {block.x, block.y, block.x + kBlock, block.y + kBlock};
}

/// Where R, G and B lie; a picture without them shows its first channels, a grey one the same three times.
std::array<int, 3> colour_channels(const Image& picture);

/// Orthonormal over a block's side: constant, linear, quadratic. Surface terms are products of total degree
/// <= 2.
const std::array<std::array<float, kBlock>, 3>& side_polynomials();

/// Whether nothing in the window is `blocked` (above 0.01; may be null).
bool is_open(const Image* blocked, const Window& window);

/// Takes out the quadratic surface nearest to a block's samples, and returns their mean.
float flatten(Residual& samples);

/// Measures about `at_most` blocks spread over the picture, another part of them each `turn`: those that are
/// finite and outside `blocked` (above 0.01; may be null). In reading order.
std::vector<Block> measure_blocks(const Image& picture, const Image* blocked, int at_most, int turn);

/// Of a block that was measured; `channel` counts the picture's channels.
Residual residual_of(const Image& picture, const Block& block, int channel);

/// Sum over the block of r(x, y) r(x + dx, y + dy), as far as both lie inside.
Lags<float> lag_products(const Residual& residual);

}  // namespace platefall::grain
