/// Dust in the air at one frame. SI units, y up; what collapse writes and render reads.
#pragma once

#include "scene/vectors.h"

#include <array>
#include <filesystem>
#include <vector>

namespace platefall {

/// Density on cubic cells, velocity on cells twice as wide. Arrays have x fastest, then y, then z.
struct DustFrame {
    Vec3f low;                                  ///< corner of the box with the least x, y, z
    float cell_m = 1;
    std::array<int, 3> cells{};                 ///< even
    std::array<std::vector<float>, 2> density;  ///< kg/m3 of fine and of coarse dust, one a cell; empty: none at all
    std::vector<Vec3f> velocity;  ///< m/s of shot time, one a 2 x 2 x 2 block of cells; empty with density
    std::vector<float> strain;                  ///< rate of strain in 1/s, as velocity: where detail is young

    std::array<int, 3> blocks() const { return {cells[0] / 2, cells[1] / 2, cells[2] / 2}; }
    bool is_clear() const { return density[0].empty(); }
};

/// Files of the cache: 16-bit floats, and only the 8 x 8 x 8 tiles with dust in them. Thinner than a
/// thousandth of a gram a cubic metre is none. Loading throws Error for a file that is damaged.
void save_dust_frame(const DustFrame& frame, const std::filesystem::path& path);
DustFrame load_dust_frame(const std::filesystem::path& path);

}  // namespace platefall
