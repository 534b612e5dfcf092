#include "render/dust/billows.h"

#include "base/parallel.h"
#include "base/random_number.h"
#include "render/sampling.h"

#include <cmath>

namespace platefall::render::dust {
namespace {

constexpr float kSamplesPerCell = 4;
constexpr float kPeriod_s = 1.0f;             // of a layer: eddies of a metre or two turn over in about that
constexpr std::array kBumps{5, 11, 23};       // a tile's side, an octave: 3.2, 1.5 and 0.7 cells of dust each

float unit(std::uint64_t number)
{
    return static_cast<float>(number >> 40) * 0x1p-24f;
}

/// One point in each of bumps^3 cells of the tile.
std::vector<V3> points_of(int bumps, std::uint64_t seed)
{
    std::vector<V3> points(static_cast<std::size_t>(bumps) * bumps * bumps);
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = {unit(random_number(seed, 3 * i)), unit(random_number(seed, 3 * i + 1)),
                     unit(random_number(seed, 3 * i + 2))};
    return points;
}

/// Squared distance to the nearest point, in cells; `at` in cells.
float nearest(const std::vector<V3>& points, int bumps, const V3& at)
{
    const std::array<int, 3> cell{static_cast<int>(at.x), static_cast<int>(at.y), static_cast<int>(at.z)};
    const V3 rest = at - V3(static_cast<float>(cell[0]), static_cast<float>(cell[1]), static_cast<float>(cell[2]));
    float least = 3;
    for (int z = -1; z <= 1; ++z)
        for (int y = -1; y <= 1; ++y) {
            const int row = ((cell[2] + z + bumps) % bumps * bumps + (cell[1] + y + bumps) % bumps) * bumps;
            for (int x = -1; x <= 1; ++x) {
                const V3& point = points[static_cast<std::size_t>(row + (cell[0] + x + bumps) % bumps)];
                const V3 apart = point + V3(static_cast<float>(x), static_cast<float>(y), static_cast<float>(z)) - rest;
                least = std::min(least, apart.length2());
            }
        }
    return least;
}

/// Mean 0 and variance 1.
void normalise(std::vector<float>& values)
{
    double sum = 0, squares = 0;
    for (const float value : values) {
        sum += value;
        squares += static_cast<double>(value) * value;
    }
    const double count = static_cast<double>(values.size()), mean = sum / count;
    const double deviation = std::sqrt(squares / count - mean * mean);
    for (float& value : values)
        value = static_cast<float>((value - mean) / deviation);
}

/// An orthonormal frame that lies askew to the axes of the world, so that the tile's repeats do so too.
constexpr std::array<std::array<float, 3>, 3> kAskew{{{0.6124f, 0.6124f, 0.5f},
                                                      {-0.7071f, 0.7071f, 0.0f},
                                                      {-0.3536f, -0.3536f, 0.8660f}}};

Four column(std::size_t axis, bool other_way, float by)
{
    return other_way ? by * Four(kAskew[axis][0], kAskew[axis][1], kAskew[axis][2], 0)
                     : by * Four(kAskew[0][axis], kAskew[1][axis], kAskew[2][axis], 0);
}

}  // namespace

BillowTile::BillowTile(std::uint64_t seed) : values_(static_cast<std::size_t>(kSide) * kSide * kSide, 0.0f)
{
    for (std::size_t octave = 0; octave < kBumps.size(); ++octave) {
        const int bumps = kBumps[octave];
        const std::vector<V3> points = points_of(bumps, random_number(seed, octave));
        const float scale = static_cast<float>(bumps) / kSide, amplitude = 1 / static_cast<float>(bumps);
        parallel_rows(0, kSide, [&](int first, int last) {
            auto* to = values_.data() + static_cast<std::size_t>(first) * kSide * kSide;
            for (int z = first; z < last; ++z)
                for (int y = 0; y < kSide; ++y)
                    for (int x = 0; x < kSide; ++x)
                        *to++ -= amplitude * nearest(points, bumps, scale * V3(float(x), float(y), float(z)));
        });
    }
    normalise(values_);
}

Billows::Billows(std::uint64_t seed, float time_s, float cell_m, float height_m) : tile_(seed), height_m_(height_m)
{
    const float turns = time_s / kPeriod_s;
    float squares = 0;
    for (std::size_t i = 0; i < 2; ++i) {
        const float turn = turns + 0.5f * static_cast<float>(i), whole = std::floor(turn), rest = turn - whole;
        Layer& layer = layers_[i];
        layer.age_s = (rest - 0.5f) * kPeriod_s;
        layer.weight = 1 - std::abs(2 * rest - 1);
        squares += layer.weight * layer.weight;
        const float samples = kSamplesPerCell / cell_m * (i == 0 ? 1.0f : 0.87f);
        for (std::size_t axis = 0; axis < 3; ++axis)
            layer.axes[axis] = column(axis, i == 1, samples);
        const auto draw = [&](std::uint64_t number) {
            const auto cycle = static_cast<std::uint64_t>(static_cast<std::int64_t>(whole));
            return BillowTile::kSide * unit(random_number(random_number(seed, cycle), 4 * i + number));
        };
        layer.origin = Four(draw(0), draw(1), draw(2), 0);
    }
    for (Layer& layer : layers_)
        layer.weight /= std::sqrt(squares);
    // The means, over places that know nothing of the tile's samples.
    std::array<std::array<double, kSteps + 1>, 2> sums{};
    constexpr int kPlaces = 20000;
    for (std::uint64_t n = 0; n < kPlaces; ++n) {
        const Four place(unit(random_number(1, 3 * n)), unit(random_number(1, 3 * n + 1)), unit(random_number(1, 3 * n + 2)), 0);
        const float billow = tile_.at(static_cast<float>(BillowTile::kSide) * place);
        for (std::size_t i = 0; i < 2; ++i) {
            const double step = std::exp(billow * layers_[i].weight * kSteepest / kSteps);
            double power = 1;
            for (double& sum : sums[i]) {
                sum += power;
                power *= step;
            }
        }
    }
    for (std::size_t step = 0; step <= kSteps; ++step)
        mean_[step] = static_cast<float>(std::log(sums[0][step] / kPlaces) + std::log(sums[1][step] / kPlaces));
}

float Billows::at(const V3& place, const Four& velocity) const
{
    float sum = 0;
    for (const Layer& layer : layers_) {
        const float x = place.x - velocity[0] * layer.age_s, y = place.y - velocity[1] * layer.age_s,
                    z = place.z - velocity[2] * layer.age_s;
        sum += layer.weight * tile_.at(layer.origin + layer.axes[0] * x + layer.axes[1] * y + layer.axes[2] * z);
    }
    return sum;
}

}  // namespace platefall::render::dust
