#include "collapse/dust/swirl_noise.h"

#include "base/random_number.h"

#include <array>
#include <cstddef>

namespace platefall::collapse::dust {
namespace {

using Field = std::vector<Eigen::Array4f>;

constexpr int kSide = SwirlNoise::kSide;

// Lattice points of each octave along the tile. Their eddies are strongest at waves of three points: 8, 5.3
// and 3.6 cells of dust. Air carries by itself what is larger, and its dust cannot hold what is smaller.
constexpr std::array<int, 3> kPoints{12, 18, 27};

// The root mean square of a component of the curl where points lie one apart and take numbers evenly in -1..1: two
// derivatives, of variance 1/3 * (2/3) * (151/315)^2 each.
constexpr float kSpeedOfOne = 0.32f;

float between_minus_one_and_one(std::uint64_t number)
{
    return static_cast<float>(number >> 40) * 0x1p-23f - 1;
}

/// Random numbers on points^3.
Field white(int points, std::uint64_t seed)
{
    Field field(static_cast<std::size_t>(points) * points * points);
    for (std::size_t i = 0; i < field.size(); ++i)
        for (int axis = 0; axis < 4; ++axis)
            field[i][axis] = axis == 3 ? 0.0f : between_minus_one_and_one(random_number(seed, 3 * i + axis));
    return field;
}

/// Weights of the four points around a place that lies t behind the second of them.
std::array<float, 4> cubic(float t)
{
    const float s = 1 - t;
    return {s * s * s / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * s * s + 3 * s * s * s) / 6, t * t * t / 6};
}

/// Lines of `points` become lines of kSide. The axes change places, so that three calls treat all three of
/// them and leave them as they were.
Field smooth(const Field& from, int points)
{
    const std::size_t lines = from.size() / points;
    Field to(lines * kSide);
    for (int i = 0; i < kSide; ++i) {
        const float place = static_cast<float>(i * points) / kSide;
        const int whole = static_cast<int>(place);
        const std::array<float, 4> weights = cubic(place - static_cast<float>(whole));
        for (std::size_t line = 0; line < lines; ++line) {
            Eigen::Array4f sum = Eigen::Array4f::Zero();
            for (int tap = 0; tap < 4; ++tap)
                sum += weights[tap] * from[line * points + (whole + points - 1 + tap) % points];
            to[i * lines + line] = sum;
        }
    }
    return to;
}

}  // namespace

SwirlNoise::SwirlNoise(std::uint64_t seed)
    : tile_(static_cast<std::size_t>(kSide) * kSide * kSide, Eigen::Array4f::Zero())
{
    for (std::size_t octave = 0; octave < kPoints.size(); ++octave) {
        const int points = kPoints[octave];
        const float apart = static_cast<float>(kSide) / static_cast<float>(points);
        const float strength = apart * apart / kSpeedOfOne;       // as fast as a point's distance in a unit of time
        const Field octave_tile =
            smooth(smooth(smooth(white(points, random_number(seed, octave)), points), points), points);
        for (std::size_t i = 0; i < tile_.size(); ++i)
            tile_[i] += strength * octave_tile[i];
    }
}

}  // namespace platefall::collapse::dust
