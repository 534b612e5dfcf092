#include "grain/frame_difference.h"
#include "grain/grain.h"
#include "grain/noise_blocks.h"
#include "grain/noise_fit.h"

#include "base/parallel.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace platefall::grain {
namespace {

constexpr int kBlocksAFrame = 2048;        // measured; a quarter of 1080p
constexpr int kComparedAFrame = 1024;      // with a neighbour, which costs more
constexpr std::size_t kKeptAFrame = 1024;  // 40 KB
constexpr std::size_t kFineAFrame = 256;   // whose correlations are looked at
constexpr double kFirstSpread = 0.15;      // of block variances, until the correlation is known
constexpr double kNearLine = 0.5;
constexpr double kTextured = 0.6;  // of a block's variance or less differs from a neighbour; a flat one rarely shows that
constexpr std::array<float, 25> kWhite{0, 0, 0, 0, 0, 0, 0,
                                       0, 0, 0, 0, 0, 1};  // a kernel that changes nothing

using Lines = std::array<VarianceLine, 3>;

/// Evenly spread over the list.
std::vector<Block> thinned(const std::vector<Block>& blocks, std::size_t at_most)
{
    if (blocks.size() <= at_most)
        return blocks;
    std::vector<Block> kept;
    for (std::size_t i = 0; i < at_most; ++i)
        kept.push_back(blocks[i * blocks.size() / at_most]);
    return kept;
}

template <class Condition>
std::vector<Block> chosen(const std::vector<Block>& blocks, Condition&& condition)
{
    std::vector<Block> kept;
    std::copy_if(blocks.begin(), blocks.end(), std::back_inserter(kept), condition);
    return kept;
}

/// Sums over blocks of what their residuals have in common with their neighbours, each block's energy
/// counting as 1.
struct Correlations {
    std::array<Lags<double>, 3> lags{};
    std::array<double, 3> colours{}, colour_blocks{};  ///< R with G, R with B, G with B

    void add(const Correlations& other)
    {
        for (std::size_t c = 0; c < 3; ++c) {
            for (std::size_t dy = 0; dy < lags[c].size(); ++dy)
                for (std::size_t i = 0; i < lags[c][dy].size(); ++i)
                    lags[c][dy][i] += other.lags[c][dy][i];
            colours[c] += other.colours[c];
            colour_blocks[c] += other.colour_blocks[c];
        }
    }
};

constexpr std::array<std::array<std::size_t, 2>, 3> kPairs{{{0, 1}, {0, 2}, {1, 2}}};

double dot(const Residual& a, const Residual& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * b[i];
    return sum;
}

Correlations correlations_in(const std::array<Residual, 3>& residuals, const Block& block)
{
    Correlations found;
    for (std::size_t c = 0; c < 3; ++c) {
        const Lags<float> products = lag_products(residuals[c]);
        if (!(block.variance[c] > 0) || !(products[0][kFurthestLag] > 0))
            continue;
        for (std::size_t dy = 0; dy < products.size(); ++dy)
            for (std::size_t i = 0; i < products[dy].size(); ++i)
                found.lags[c][dy][i] = static_cast<double>(products[dy][i]) / products[0][kFurthestLag];
    }
    for (std::size_t pair = 0; pair < 3; ++pair) {
        const auto [a, b] = kPairs[pair];
        const double energies = dot(residuals[a], residuals[a]) * dot(residuals[b], residuals[b]);
        if (!(block.variance[a] > 0) || !(block.variance[b] > 0) || !(energies > 0))
            continue;
        found.colours[pair] = dot(residuals[a], residuals[b]) / std::sqrt(energies);
        found.colour_blocks[pair] = 1;
    }
    return found;
}

std::array<Residual, 3> residuals_of(const Image& plate, const Block& block)
{
    const auto channels = colour_channels(plate);
    std::array<Residual, 3> residuals;
    for (std::size_t c = 0; c < 3; ++c)
        residuals[c] = residual_of(plate, block, channels[c]);
    return residuals;
}

/// In the order of the blocks, so that threads do not change the sum.
Correlations correlations_in(const Image& plate, const std::optional<FrameDifference>& difference,
                             const std::vector<Block>& blocks)
{
    std::vector<Correlations> found(blocks.size());
    parallel_each(static_cast<int>(blocks.size()), [&](int i) {
        const Block& block = blocks[static_cast<std::size_t>(i)];
        found[static_cast<std::size_t>(i)] = correlations_in(
            block.compared ? difference->residuals(block).value() : residuals_of(plate, block), block);
    });
    Correlations sum;
    for (const Correlations& one : found)
        sum.add(one);
    return sum;
}

enum class Compared { no, alike, repeated };

/// Takes the difference for the block's noise where that is clearly less: there the block is no flat one.
Compared compare(const FrameDifference& difference, Block& block)
{
    const auto residuals = difference.residuals(block);
    if (!residuals)
        return Compared::no;
    std::array<float, 3> variance = block.variance;
    double ratio = 0;
    int judged = 0;
    for (std::size_t c = 0; c < 3; ++c)
        if (block.variance[c] > 0 && !is_rounding(block.variance[c], block.signal[c])) {
            variance[c] = variance_of((*residuals)[c]);
            ratio += variance[c] / block.variance[c];
            ++judged;
        }
    if (judged == 0)
        return Compared::no;
    if (ratio == 0)
        return Compared::repeated;
    block.compared = ratio < kTextured * judged;
    if (block.compared)
        block.variance = variance;
    return Compared::alike;
}

/// Whether the frame repeats the other rather than photographing the same again.
bool compare(const FrameDifference& difference, std::vector<Block>& blocks)
{
    std::vector<Compared> found(blocks.size());
    parallel_each(static_cast<int>(blocks.size()), [&](int i) {
        found[static_cast<std::size_t>(i)] = compare(difference, blocks[static_cast<std::size_t>(i)]);
    });
    const auto alike = std::count(found.begin(), found.end(), Compared::alike);
    const auto repeated = std::count(found.begin(), found.end(), Compared::repeated);
    return repeated > alike;
}

double overlap(const std::array<float, 25>& a, const std::array<float, 25>& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * b[i];
    return sum;
}

/// Of the white noise, so that the colours correlate as measured after each went through its own kernel.
std::array<std::array<float, 3>, 3> colour_of(const Correlations& correlations, const NoiseModel& model)
{
    std::array<double, 3> before{};
    for (std::size_t pair = 0; pair < 3; ++pair)
        if (correlations.colour_blocks[pair] > 0)
            before[pair] =
                correlations.colours[pair] / correlations.colour_blocks[pair]
                / std::max(overlap(model.kernel[kPairs[pair][0]], model.kernel[kPairs[pair][1]]), 0.1);
    return colour_mixture(before);
}

}  // namespace

bool NoiseModel::is_silent() const
{
    const auto zero = [](float value) { return value == 0; };
    return std::all_of(variance_floor.begin(), variance_floor.end(), zero)
           && std::all_of(variance_slope.begin(), variance_slope.end(), zero);
}

struct NoiseMeter::Impl {
    std::vector<Block> blocks;
    Correlations correlations;
    int frames = 0;
};

NoiseMeter::NoiseMeter() : impl_(std::make_unique<Impl>()) {}
NoiseMeter::~NoiseMeter() = default;
NoiseMeter::NoiseMeter(NoiseMeter&&) noexcept = default;

void NoiseMeter::add(const Image& plate, const Image* blocked, const Neighbour* neighbour)
{
    const int at_most = neighbour ? kComparedAFrame : kBlocksAFrame;
    auto blocks = measure_blocks(plate, blocked, at_most, impl_->frames++);
    std::optional<FrameDifference> difference;
    if (neighbour && compare(difference.emplace(plate, *neighbour), blocks))
        return;
    const Lines lines = fit_variance_lines(blocks, kFirstSpread);

    // What is far above the lines of its own frame is texture, and need not be kept.
    const auto quiet =
        chosen(blocks, [&](const Block& block) { return agrees(block, lines, 2 * kNearLine); });
    const auto kept = thinned(quiet, kKeptAFrame);
    impl_->blocks.insert(impl_->blocks.end(), kept.begin(), kept.end());

    const auto fine = chosen(quiet, [&](const Block& block) { return agrees(block, lines, kNearLine); });
    impl_->correlations.add(correlations_in(plate, difference, thinned(fine, kFineAFrame)));
}

NoiseModel NoiseMeter::fit() const
{
    std::array<Lags<double>, 3> correlations;
    double spread = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        correlations[c] = correlation_of_noise(impl_->correlations.lags[c]);
        spread = std::max(spread, variance_spread(correlations[c]));
    }
    const Lines lines = fit_variance_lines(impl_->blocks, spread);

    NoiseModel model;
    for (std::size_t c = 0; c < 3; ++c) {
        model.kernel[c] = kWhite;
        if (is_rounding(lines[c], impl_->blocks, c))
            continue;
        const double left = variance_left(correlations[c]);
        model.variance_floor[c] = static_cast<float>(lines[c].floor / left);
        model.variance_slope[c] = static_cast<float>(lines[c].slope / left);
        model.kernel[c] = kernel_for(correlations[c]);
    }
    model.colour = colour_of(impl_->correlations, model);
    return model;
}

}  // namespace platefall::grain
