/// From measured blocks to the numbers of a noise model.
#pragma once

#include "grain/noise_blocks.h"

#include <array>
#include <span>

namespace platefall::grain {

/// variance = floor + slope * signal, both >= 0.
struct VarianceLine {
    double floor = 0, slope = 0;

    /// Never below what rounding to half floats adds, so that ratios to it mean something.
    double at(float signal) const;
};

/// Whether every channel that can be judged has the variance that the lines say, within a factor of
/// e^`tolerance`.
bool agrees(const Block& block, const std::array<VarianceLine, 3>& lines, double tolerance);

/// The lines on which the quiet blocks lie: texture only ever adds variance. Starts from the low quantile of
/// each range of signal and then moves, by iterative reweighting, to the centre of the blocks around the
/// line. `spread` is the relative standard deviation of a block's variance when it holds nothing but noise.
std::array<VarianceLine, 3> fit_variance_lines(std::span<const Block> blocks, double spread);

/// Whether a variance is lost between one half float and the next.
bool is_rounding(double variance, float signal);

/// Whether what the line says is lost, for most blocks, between one half float and the next.
bool is_rounding(const VarianceLine& line, std::span<const Block> blocks, std::size_t channel);

/// The autocorrelation (1 at lag 0) that leaves `measured` (lag products of residuals, any scale) once a
/// quadratic surface is taken out of blocks.
Lags<double> correlation_of_noise(const Lags<double>& measured);

/// How much of the variance of noise with this autocorrelation is left in the residuals.
double variance_left(const Lags<double>& correlation);

/// Relative standard deviation of the variance of one block of such noise.
double variance_spread(const Lags<double>& correlation);

/// The symmetric 5x5 kernel of unit energy that gives white noise this autocorrelation, as nearly as one can.
std::array<float, 25> kernel_for(const Lags<double>& correlation);

/// Lower triangular, with rows of unit length; `correlations` are those of R with G, R with B and G with B.
std::array<std::array<float, 3>, 3> colour_mixture(const std::array<double, 3>& correlations);

}  // namespace platefall::grain
