#include "grain/noise_fit.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace platefall::grain {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

double at(const Lags<double>& lags, int dx, int dy)
{
    if (dy < 0)
        return at(lags, -dx, -dy);
    return dy > kFurthestLag || std::abs(dx) > kFurthestLag ? 0 : lags[dy][dx + kFurthestLag];
}

/// The surface's terms over the pixels of a block.
Matrix surface_basis()
{
    const auto& side = side_polynomials();
    Matrix basis(kBlockPixels, kSurfaceTerms);
    int term = 0;
    for (int down = 0; down < 3; ++down)
        for (int across = 0; across + down < 3; ++across, ++term)
            for (int i = 0; i < kBlockPixels; ++i)
                basis(i, term) = static_cast<double>(side[down][i / kBlock]) * side[across][i % kBlock];
    return basis;
}

/// The expected lag products of the residuals, over those of the noise at lag 0.
Lags<double> expected_products(const Lags<double>& correlation)
{
    static const Matrix basis = surface_basis();
    Matrix covariance(kBlockPixels, kBlockPixels);
    for (int i = 0; i < kBlockPixels; ++i)
        for (int j = 0; j < kBlockPixels; ++j)
            covariance(i, j) = at(correlation, j % kBlock - i % kBlock, j / kBlock - i / kBlock);
    covariance -= basis * (basis.transpose() * covariance).eval();
    covariance -= (covariance * basis).eval() * basis.transpose();

    Lags<double> products{};
    for (int i = 0; i < kBlockPixels; ++i)
        for (int dy = 0; dy <= kFurthestLag && i / kBlock + dy < kBlock; ++dy)
            for (int dx = -kFurthestLag; dx <= kFurthestLag; ++dx)
                if (const int x = i % kBlock + dx; x >= 0 && x < kBlock)
                    products[dy][dx + kFurthestLag] += covariance(i, i + dy * kBlock + dx) / kBlockPixels;
    return products;
}

using Kernel = Eigen::Matrix<double, 25, 1>;

/// Zero-phase: the inverse Fourier transform of the root of the power spectrum, cut to 5x5.
Kernel spectral_kernel(const Lags<double>& correlation)
{
    constexpr int kSize = 16;
    const auto cosine = [](int turns) { return std::cos(2 * std::numbers::pi * (turns % kSize) / kSize); };
    Kernel kernel = Kernel::Zero();
    for (int v = 0; v < kSize; ++v)
        for (int u = 0; u < kSize; ++u) {
            double power = 0;
            for (int dy = -kFurthestLag; dy <= kFurthestLag; ++dy)
                for (int dx = -kFurthestLag; dx <= kFurthestLag; ++dx)
                    power += at(correlation, dx, dy) * cosine(u * dx + v * dy);
            const double gain = std::sqrt(std::max(power, 0.0)) / (kSize * kSize);
            for (int i = 0; i < 25; ++i)
                kernel[i] += gain * cosine(u * (i % 5 - 2) + v * (i / 5 - 2));
        }
    return kernel;
}

double tap(const Kernel& kernel, int x, int y)
{
    return std::abs(x) <= 2 && std::abs(y) <= 2 ? kernel[(y + 2) * 5 + x + 2] : 0;
}

/// One damped Gauss-Newton step towards the autocorrelation, over kernels that are symmetric about their
/// centre.
Kernel refine(const Kernel& kernel, const Lags<double>& correlation)
{
    constexpr int kFree = 13, kEquations = (kFurthestLag + 1) * kLagColumns;
    Matrix jacobian = Matrix::Zero(kEquations, kFree);
    Vector miss(kEquations);
    for (int equation = 0; equation < kEquations; ++equation) {
        const int dy = equation / kLagColumns, dx = equation % kLagColumns - kFurthestLag;
        double product = 0;
        for (int i = 0; i < 25; ++i) {
            const int x = i % 5 - 2, y = i / 5 - 2;
            product += kernel[i] * tap(kernel, x + dx, y + dy);
            jacobian(equation, std::min(i, 24 - i)) +=
                tap(kernel, x + dx, y + dy) + tap(kernel, x - dx, y - dy);
        }
        miss[equation] = at(correlation, dx, dy) - product;
    }
    const Matrix normal = jacobian.transpose() * jacobian + 1e-3 * Matrix::Identity(kFree, kFree);
    const Vector step = normal.ldlt().solve(jacobian.transpose() * miss);
    Kernel refined = kernel;
    for (int i = 0; i < 25; ++i)
        refined[i] += step[std::min(i, 24 - i)];
    return refined;
}

}  // namespace

Lags<double> correlation_of_noise(const Lags<double>& measured)
{
    constexpr int kIterations = 8;
    constexpr double kLimit = 0.98;  // keeps long-range texture from running away
    const double own = measured[0][kFurthestLag];
    Lags<double> correlation{};
    correlation[0][kFurthestLag] = 1;
    if (!(own > 0))
        return correlation;
    for (int iteration = 0; iteration < kIterations; ++iteration) {
        const Lags<double> expected = expected_products(correlation);
        for (int dy = 0; dy <= kFurthestLag; ++dy)
            for (int i = 0; i < kLagColumns; ++i) {
                const double miss = measured[dy][i] / own - expected[dy][i] / expected[0][kFurthestLag];
                correlation[dy][i] = std::clamp(correlation[dy][i] + miss, -kLimit, kLimit);
            }
        correlation[0][kFurthestLag] = 1;
    }
    return correlation;
}

double variance_left(const Lags<double>& correlation)
{
    return expected_products(correlation)[0][kFurthestLag] * kBlockPixels / (kBlockPixels - kSurfaceTerms);
}

double variance_spread(const Lags<double>& correlation)
{
    double squares = 0;
    for (int dy = -kFurthestLag; dy <= kFurthestLag; ++dy)
        for (int dx = -kFurthestLag; dx <= kFurthestLag; ++dx)
            squares += std::pow(at(correlation, dx, dy), 2);
    return std::sqrt(2 * squares / (kBlockPixels - kSurfaceTerms));
}

std::array<float, 25> kernel_for(const Lags<double>& correlation)
{
    constexpr int kSteps = 30;
    Kernel kernel = spectral_kernel(correlation).normalized();
    for (int step = 0; step < kSteps; ++step)
        kernel = refine(kernel, correlation);
    kernel.normalize();
    std::array<float, 25> taps;
    for (int i = 0; i < 25; ++i)
        taps[i] = static_cast<float>(kernel[i]);
    return taps;
}

std::array<std::array<float, 3>, 3> colour_mixture(const std::array<double, 3>& correlations)
{
    // Cholesky; where sampling errors left a matrix that no noise can have, the nearest row that there is.
    const auto limited = [](double value) { return std::clamp(value, -0.999, 0.999); };
    const double rg = limited(correlations[0]), rb = limited(correlations[1]);
    const double gg = std::sqrt(1 - rg * rg);
    const double room = std::sqrt(1 - rb * rb);
    const double gb = std::clamp((correlations[2] - rg * rb) / gg, -room, room);
    const double bb = std::sqrt(std::max(room * room - gb * gb, 0.0));
    return {{{1, 0, 0},
             {static_cast<float>(rg), static_cast<float>(gg), 0},
             {static_cast<float>(rb), static_cast<float>(gb), static_cast<float>(bb)}}};
}

}  // namespace platefall::grain
