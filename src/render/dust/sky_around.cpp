#include "render/dust/sky_around.h"

#include "render/dust/lighting.h"
#include "render/dust/sweep.h"

#include <cmath>
#include <numbers>

namespace platefall::render::dust {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

/// A part of all directions.
struct Sector {
    V3 middle;
    Colour shines{0};                 ///< radiance times solid angle
    float level = 0;                  ///< of the irradiance on something level, which is 1 in all
    float part = 0;                   ///< of all directions
    Grid<float> depth;                ///< optical, on the way there
};

/// Towards the faces and the corners of a cube: lines that go from middle to middle of cells.
std::vector<Sector> cube_directions()
{
    std::vector<Sector> sectors;
    for (int z = -1; z <= 1; ++z)
        for (int y = -1; y <= 1; ++y)
            for (int x = -1; x <= 1; ++x)
                if (const int axes = std::abs(x) + std::abs(y) + std::abs(z); axes == 1 || axes == 3)
                    sectors.push_back({V3(float(x), float(y), float(z)).normalized(), Colour(0), 0, 0, {}});
    return sectors;
}

Sector& nearest(std::vector<Sector>& sectors, const V3& direction)
{
    return *std::max_element(sectors.begin(), sectors.end(), [&](const Sector& a, const Sector& b) {
        return a.middle.dot(direction) < b.middle.dot(direction);
    });
}

/// Each with what shines from the directions that it is the nearest to.
std::vector<Sector> sectors_of(const Sky& sky)
{
    constexpr int kRows = 32, kColumns = 64;
    std::vector<Sector> sectors = cube_directions();
    for (int row = 0; row < kRows; ++row)
        for (int column = 0; column < kColumns; ++column) {
            const float polar = kPi * (float(row) + 0.5f) / kRows, azimuth = 2 * kPi * (float(column) + 0.5f) / kColumns;
            const float solid_angle = 2 * kPi * kPi / (kRows * kColumns) * std::sin(polar);
            const V3 d(std::sin(polar) * std::cos(azimuth), std::cos(polar), std::sin(polar) * std::sin(azimuth));
            Sector& sector = nearest(sectors, d);
            sector.shines += solid_angle * sky.radiance(d);
            sector.part += solid_angle / (4 * kPi);
            sector.level += solid_angle / kPi * std::max(d.y, 0.0f);
        }
    return sectors;
}

Grid<float> kept_by(const std::vector<Sector>& sectors, const Box& box)
{
    Grid<float> kept(box, 0.0f);
    everywhere(box, [&](int x, int y, int z) {
        float leaves = 0;
        for (const Sector& sector : sectors)
            leaves += sector.part * std::exp(-sector.depth.at(x, y, z));
        kept.at(x, y, z) = std::clamp(1 - leaves, 0.0f, 1.0f);
    });
    return kept;
}

/// Adds what reaches every cell from a sector. `lit` is by how much the sector shines on the way there.
template <class Lit> void add(SkyAround& around, const Sector& sector, const DustLook& look, const Lit& lit)
{
    const Octaves octaves(look);
    std::array<Four, 3> scattered = octaves.scattered;
    for (int c = 0; c < 3; ++c)
        scattered[std::size_t(c)] *= sector.shines[c] / (4 * kPi);
    everywhere(around.light.box, [&](int x, int y, int z) {
        const float through = sector.depth.at(x, y, z);
        const Four left = (octaves.extinction * -through).exp() * Octaves::kept(around.kept.at(x, y, z)) * lit(x, y, z);
        around.light.at(x, y, z) += Four((scattered[0] * left).sum(), (scattered[1] * left).sum(), (scattered[2] * left).sum(),
                                         sector.level > 0 ? sector.level * gets_through(look, through) : 0);
    });
}

/// By how much the ground below the box is as bright as without dust.
std::vector<float> lit_ground(const Grid<Four>& sky, const Grid<float>& towards_sun, const DustLook& look,
                              const Light& light)
{
    const Box& box = sky.box;
    const float by_sun = luminance(light.sun) * std::max(light.to_sun.y, 0.0f);
    const float by_sky = luminance(light.sky.irradiance({0, 1, 0})), all = std::max(by_sun + by_sky, 1e-20f);
    std::vector<float> lit;
    for (int z = -1; z <= box.cells[2]; ++z)
        for (int x = -1; x <= box.cells[0]; ++x) {
            V3 place = box.middle(x, 0, z);
            place.y = box.low.y;
            const Box& sun = towards_sun.box;
            const float depth = trilinear(towards_sun, place_in(sun, sun.in_grid(place))).value;
            lit.push_back((by_sun * gets_through(look, depth) + by_sky * sky.at(x, 0, z)[3]) / all);
        }
    return lit;
}

/// Where a line leaves the box through its bottom, the ground there; 1 where it leaves elsewhere.
struct Below {
    const Box& box;
    const std::vector<float>& lit;
    int dx, dz;                       ///< cells aside for each one down

    float operator()(int x, int y, int z) const
    {
        const int i = x + dx * (y + 1), k = z + dz * (y + 1);
        const bool inside = i >= -1 && k >= -1 && i <= box.cells[0] && k <= box.cells[2];
        return inside ? lit[static_cast<std::size_t>((k + 1) * box.along_y() + i + 1)] : 1.0f;
    }
};

}  // namespace

SkyAround sky_around(const Grid<float>& extinction, const Grid<float>& towards_sun, const DustLook& look, const Light& light)
{
    std::vector<Sector> sectors = sectors_of(light.sky);
    for (Sector& sector : sectors)
        sector.depth = depth_towards(extinction, sector.middle);
    SkyAround around{Grid<Four>(extinction.box, Four(0, 0, 0, 0)), kept_by(sectors, extinction.box)};
    for (const Sector& sector : sectors)
        if (sector.middle.y >= 0)
            add(around, sector, look, [](int, int, int) { return 1.0f; });
    const std::vector<float> ground = lit_ground(around.light, towards_sun, look, light);
    for (const Sector& sector : sectors)
        if (sector.middle.y < 0) {
            const auto aside = [&](float along) { return static_cast<int>(std::lround(along / -sector.middle.y)); };
            add(around, sector, look, Below{extinction.box, ground, aside(sector.middle.x), aside(sector.middle.z)});
        }
    return around;
}

}  // namespace platefall::render::dust
