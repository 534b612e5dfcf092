#include "render/dust/open_sun.h"

namespace platefall::render::dust {
namespace {

constexpr int kDiffusions = 3;        // passes over neighbours: light that is scattered often goes so many cells astray

constexpr float kNotAsked = -1;

bool dust_near(const Grid<float>& extinction, int x, int y, int z)
{
    const std::array<int, 3>& cells = extinction.box.cells;
    for (int k = std::max(z - 1, 0); k < std::min(z + 2, cells[2]); ++k)
        for (int j = std::max(y - 1, 0); j < std::min(y + 2, cells[1]); ++j)
            for (int i = std::max(x - 1, 0); i < std::min(x + 2, cells[0]); ++i)
                if (extinction.at(i, j, k) > 0)
                    return true;
    return false;
}

/// The mean of what was asked around a cell, near ones weighing more.
float mean_around(const Grid<float>& open, int x, int y, int z)
{
    const std::array<int, 3>& cells = open.box.cells;
    float sum = 0, weights = 0;
    for (int k = std::max(z - 1, -1); k <= std::min(z + 1, cells[2]); ++k)
        for (int j = std::max(y - 1, -1); j <= std::min(y + 1, cells[1]); ++j)
            for (int i = std::max(x - 1, -1); i <= std::min(x + 1, cells[0]); ++i) {
                const float value = open.at(i, j, k), weight = value == kNotAsked ? 0.0f
                                    : (i == x ? 2.0f : 1.0f) * (j == y ? 2.0f : 1.0f) * (k == z ? 2.0f : 1.0f);
                sum += weight * value;
                weights += weight;
            }
    return sum / weights;
}

Grid<float> softened(const Grid<float>& open)
{
    Grid<float> soft = open;
    everywhere(open.box, [&](int x, int y, int z) {
        if (open.at(x, y, z) != kNotAsked)
            soft.at(x, y, z) = mean_around(open, x, y, z);
    });
    return soft;
}

Grid<float> answered(Grid<float> open)
{
    std::replace(open.values.begin(), open.values.end(), kNotAsked, 1.0f);
    return open;
}

}  // namespace

OpenSun open_sun(const Grid<float>& extinction, const std::function<bool(const V3& at)>& blocked)
{
    if (!blocked)
        return {Grid<float>(extinction.box, 1.0f), Grid<float>(extinction.box, 1.0f)};
    Grid<float> open(extinction.box, kNotAsked);
    everywhere(open.box, [&](int x, int y, int z) {
        if (dust_near(extinction, x, y, z))
            open.at(x, y, z) = blocked(open.box.middle(x, y, z)) ? 0.0f : 1.0f;
    });
    open = softened(open);
    Grid<float> diffused = open;
    for (int i = 0; i < kDiffusions; ++i)
        diffused = softened(diffused);
    return {answered(std::move(open)), answered(std::move(diffused))};
}

}  // namespace platefall::render::dust
