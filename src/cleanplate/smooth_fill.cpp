#include "cleanplate/smooth_fill.h"

#include "base/parallel.h"

namespace platefall::cleanplate {
namespace {

constexpr int kSweeps = 60;   // on every level; the level above has already settled what is farther away

struct Coarser {
    Grid<std::uint8_t> known;
    Grid<float> values;
};

Coarser halve(const Grid<std::uint8_t>& known, const Grid<float>& values)
{
    const int w = (known.width() + 1) / 2, h = (known.height() + 1) / 2;
    Coarser half{{w, h, 0, 0}, {w, h, 0, 0.0f}};
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
            float sum = 0;
            int count = 0;
            for (int i = 0; i < 4; ++i)
                if (const int fx = 2 * x + i % 2, fy = 2 * y + i / 2;
                    known.contains(fx, fy) && known(fx, fy)) {
                    sum += values(fx, fy);
                    ++count;
                }
            half.known(x, y) = count > 0;
            half.values(x, y) = count > 0 ? sum / static_cast<float>(count) : 0.0f;
        }
    return half;
}

float mean_of_neighbours(const Grid<float>& values, int x, int y)
{
    float sum = 0;
    int count = 0;
    for (const auto& [nx, ny] : {std::pair{x - 1, y}, std::pair{x + 1, y}, std::pair{x, y - 1}, std::pair{x, y + 1}})
        if (values.contains(nx, ny)) {
            sum += values(nx, ny);
            ++count;
        }
    return count > 0 ? sum / static_cast<float>(count) : values(x, y);
}

/// Gauss-Seidel on the squares of one colour of a chess board, which do not touch each other.
void relax(const Grid<std::uint8_t>& known, int colour, Grid<float>& values)
{
    parallel_rows(0, known.height(), [&](int first, int last) {
        for (int y = first; y < last; ++y)
            for (int x = (y + colour) % 2; x < known.width(); x += 2)
                if (!known(x, y))
                    values(x, y) = mean_of_neighbours(values, x, y);
    });
}

bool all_known(const Grid<std::uint8_t>& known)
{
    for (int y = 0; y < known.height(); ++y)
        for (int x = 0; x < known.width(); ++x)
            if (!known(x, y))
                return false;
    return true;
}

}  // namespace

void fill_smoothly(const Grid<std::uint8_t>& known, Grid<float>& values)
{
    if (all_known(known) || (known.width() <= 1 && known.height() <= 1))
        return;
    Coarser half = halve(known, values);
    fill_smoothly(half.known, half.values);
    for (int y = 0; y < known.height(); ++y)
        for (int x = 0; x < known.width(); ++x)
            if (!known(x, y))
                values(x, y) = half.values(x / 2, y / 2);
    for (int i = 0; i < 2 * kSweeps; ++i)
        relax(known, i % 2, values);
}

}  // namespace platefall::cleanplate
