/// The plate's own noise: measured, and made anew for pixels that lost theirs.
#pragma once

#include "image/view_map.h"

#include <platefall/image.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace platefall::grain {

/// Variance grows linearly with the signal (photon noise plus read noise; Foi et al. 2008), is correlated over a
/// few pixels by demosaicking, scaling and compression, and between the colours.
struct NoiseModel {
    static constexpr int kRadius = 2;

    std::array<float, 3> variance_floor{};     ///< of R G B at black, scene-linear squared
    std::array<float, 3> variance_slope{};     ///< added per unit of the channel's signal; both >= 0
    std::array<std::array<float, 25>, 3> kernel{};  ///< 5x5, unit energy: white noise through it has the plate's autocorrelation
    /// Lower triangular, rows of unit length: mixes the white noise of R G B before the kernels, so that the filtered
    /// colours correlate as the plate's do.
    std::array<std::array<float, 3>, 3> colour{};

    bool is_silent() const;                    ///< no noise could be measured, or there is none
};

/// Another frame of the same take, for what a frame shows twice.
struct Neighbour {
    const Image& plate;       ///< with the channels of the frame
    const Image* blocked;     ///< one channel, any window, above 0.01; may be null
    ViewMap map;              ///< from the frame's pixels to its own
    std::function<double(const Vec2& pixel)> depth{};   ///< of the frame, as the map wants it; empty: 0 everywhere
};

/// Collects statistics frame by frame, so that no frame has to be kept; deterministic when frames are added in the same
/// order.
class NoiseMeter {
public:
    NoiseMeter();
    ~NoiseMeter();
    NoiseMeter(NoiseMeter&&) noexcept;

    /// Looks at flat blocks of the plate outside `blocked` (one channel, any window, above 0.01; may be null). Keeps at
    /// most 40 KB. Where a plate holds both noisy and noiseless parts of one brightness (a rendered sky), the quiet part
    /// counts. A grey plate has the same noise in R, G and B.
    ///
    /// With a neighbour, blocks that are not flat count by how they differ from it, so that a plate that is texture
    /// everywhere has the grain that moves in it. Where most of the plate is the neighbour's, bit by bit, no grain moves,
    /// and the frame says nothing.
    void add(const Image& plate, const Image* blocked, const Neighbour* neighbour = nullptr);

    NoiseModel fit() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Noise for R G B of `signal` (its first three colour channels, on its data window): zero mean, variance as the model
/// says for the signal times `amount` (one channel on the same window, 0..1: the part of the variance to add). It
/// depends on seed, frame and pixel position only, not on the window. Where `amount` is 0 the noise is exactly 0.
Image make_grain(const NoiseModel& model, const Image& signal, const Image& amount, std::uint64_t seed, int frame);

/// One JSON file. load_noise throws Error when it is not one.
void save_noise(const NoiseModel& model, const std::filesystem::path& file);
NoiseModel load_noise(const std::filesystem::path& file);

}  // namespace platefall::grain
