#include "scene/dust_frame.h"

#include "scene/packed_file.h"

#include <Imath/half.h>

#include <algorithm>

namespace platefall {
namespace {

constexpr std::string_view kKind = "platefall dust frame 1";
constexpr int kTile = 8;
constexpr float kNone = 1e-6f;   // kg/m3
constexpr float kLargest = 65504;
constexpr float kStored = 1000;  // g/m3, which 16-bit floats hold better

/// One number a cell of a box, seen tile by tile.
struct Tiles {
    std::array<int, 3> cells;

    std::array<int, 3> count() const
    {
        return {(cells[0] + kTile - 1) / kTile, (cells[1] + kTile - 1) / kTile, (cells[2] + kTile - 1) / kTile};
    }

    /// Calls use(index of a cell in the box) for every cell of the tile that lies inside the box.
    template <class Use> void each(int tile, Use use) const
    {
        const auto [nx, ny, nz] = count();
        const int x0 = tile % nx * kTile, y0 = tile / nx % ny * kTile, z0 = tile / nx / ny * kTile;
        for (int z = z0; z < std::min(z0 + kTile, cells[2]); ++z)
            for (int y = y0; y < std::min(y0 + kTile, cells[1]); ++y)
                for (int x = x0; x < std::min(x0 + kTile, cells[0]); ++x)
                    use((static_cast<std::size_t>(z) * static_cast<std::size_t>(cells[1]) + static_cast<std::size_t>(y))
                            * static_cast<std::size_t>(cells[0])
                        + static_cast<std::size_t>(x));
    }
};

/// Tiles that `wanted` says yes to for any cell.
template <class Wanted> std::vector<int> tiles_with(const Tiles& tiles, Wanted wanted)
{
    std::vector<int> found;
    const auto count = tiles.count();
    for (int tile = 0; tile < count[0] * count[1] * count[2]; ++tile) {
        bool any = false;
        tiles.each(tile, [&](std::size_t cell) { any = any || wanted(cell); });
        if (any)
            found.push_back(tile);
    }
    return found;
}

/// `value(cell)` of all cells of the tiles, as halves; what is too large for one as the largest, since infinity spreads.
template <class Value>
void put_tiles(PackedWriter& file, const Tiles& tiles, const std::vector<int>& chosen, Value value)
{
    std::vector<std::uint16_t> halves;
    for (const int tile : chosen)
        tiles.each(tile, [&](std::size_t cell) { halves.push_back(Imath::half(std::clamp(value(cell), -kLargest, kLargest)).bits()); });
    file.put(halves);
}

template <class Take>
void get_tiles(PackedReader& file, const Tiles& tiles, const std::vector<int>& chosen, Take take)
{
    const auto halves = file.get_all<std::uint16_t>();
    std::size_t next = 0;
    for (const int tile : chosen)
        tiles.each(tile, [&](std::size_t cell) {
            Imath::half bits;
            bits.setBits(next < halves.size() ? halves[next] : std::uint16_t{0});
            ++next;
            take(cell, static_cast<float>(bits));
        });
}

std::size_t volume(const std::array<int, 3>& cells)
{
    return static_cast<std::size_t>(cells[0]) * static_cast<std::size_t>(cells[1]) * static_cast<std::size_t>(cells[2]);
}

float dusty(const DustFrame& frame, std::size_t cell)
{
    return std::max(frame.density[0][cell], frame.density[1][cell]);
}

}  // namespace

void save_dust_frame(const DustFrame& frame, const std::filesystem::path& path)
{
    PackedWriter file;
    file.put(frame.low);
    file.put(frame.cell_m);
    file.put(frame.cells);
    const Tiles cells{frame.cells}, blocks{frame.blocks()};
    const auto thick = frame.is_clear()
                           ? std::vector<int>()
                           : tiles_with(cells, [&](std::size_t cell) { return dusty(frame, cell) > kNone; });
    file.put(thick);
    for (const auto& density : frame.density)
        put_tiles(file, cells, thick, [&](std::size_t cell) { return density[cell] * kStored; });
    // Velocity is stored wherever anything moves: dust is carried from where it is not yet.
    const auto moving = thick.empty() ? std::vector<int>() : tiles_with(blocks, [&](std::size_t block) {
        const Vec3f& v = frame.velocity[block];
        return v.x * v.x + v.y * v.y + v.z * v.z > 1e-4f;
    });
    file.put(moving);
    put_tiles(file, blocks, moving, [&](std::size_t block) { return frame.velocity[block].x; });
    put_tiles(file, blocks, moving, [&](std::size_t block) { return frame.velocity[block].y; });
    put_tiles(file, blocks, moving, [&](std::size_t block) { return frame.velocity[block].z; });
    put_tiles(file, blocks, moving, [&](std::size_t block) { return frame.strain[block]; });
    file.save(path, kKind);
}

DustFrame load_dust_frame(const std::filesystem::path& path)
{
    PackedReader file(path, kKind);
    DustFrame frame;
    frame.low = file.get<Vec3f>();
    frame.cell_m = file.get<float>();
    frame.cells = file.get<std::array<int, 3>>();
    const Tiles cells{frame.cells}, blocks{frame.blocks()};
    const auto thick = file.get_all<int>();
    for (auto& density : frame.density) {
        if (!thick.empty())
            density.resize(volume(frame.cells));
        get_tiles(file, cells, thick, [&](std::size_t cell, float value) { density[cell] = value / kStored; });
    }
    const auto moving = file.get_all<int>();
    if (!thick.empty()) {
        frame.velocity.resize(volume(frame.blocks()));
        frame.strain.resize(frame.velocity.size());
    }
    get_tiles(file, blocks, moving, [&](std::size_t block, float value) { frame.velocity[block].x = value; });
    get_tiles(file, blocks, moving, [&](std::size_t block, float value) { frame.velocity[block].y = value; });
    get_tiles(file, blocks, moving, [&](std::size_t block, float value) { frame.velocity[block].z = value; });
    get_tiles(file, blocks, moving, [&](std::size_t block, float value) { frame.strain[block] = value; });
    return frame;
}

}  // namespace platefall
