/// The folders of the cache that a collapse leaves behind: which file holds what. A frame is known by its index: 0 is
/// the trigger, when the building stands whole.
#pragma once

#include "scene/chips.h"
#include "scene/debris.h"
#include "scene/dust_frame.h"

#include <filesystem>
#include <vector>

namespace platefall {

/// A box along the axes of the world.
struct SetBox {
    Vec3f low, high;
    bool operator==(const SetBox&) const = default;
};

/// Where a collapse takes place, and when.
struct CollapseSet {
    float ground_m = 0;                ///< height of the street
    std::vector<SetBox> obstacles;     ///< neighbours: stop debris and dust, and are seen in the plate
    std::vector<Vec3f> footprint;      ///< corners of the building on the ground
    int trigger = 0;                   ///< frame of the shot with index 0
    int frames = 0;                    ///< how many indices there are
    int first_moving = 0;              ///< the first index at which a piece has moved; `frames` when none does
    double fps = 24;
    bool operator==(const CollapseSet&) const = default;

    /// Of a frame of the shot: 0 up to the trigger, and the last one after it.
    int index_of(int frame) const;
};

// What the rigid bodies leave in their folder.
void save_set(const CollapseSet& set, const std::filesystem::path& motion_folder);
CollapseSet load_set(const std::filesystem::path& motion_folder);
void save_pieces(const Debris& debris, const std::filesystem::path& motion_folder);
Debris load_pieces(const std::filesystem::path& motion_folder);
void save_poses(const DebrisFrame& poses, const std::filesystem::path& motion_folder, int index);
DebrisFrame load_poses(const std::filesystem::path& motion_folder, int index);

// Chips and dust have folders of their own.
void save_all_chips(const Chips& chips, const std::filesystem::path& chips_folder);
Chips load_all_chips(const std::filesystem::path& chips_folder);
void save_chip_poses(const ChipsFrame& chips, const std::filesystem::path& chips_folder, int index);
ChipsFrame load_chip_poses(const std::filesystem::path& chips_folder, int index);
void save_dust(const DustFrame& dust, const std::filesystem::path& dust_folder, int index);
DustFrame load_dust(const std::filesystem::path& dust_folder, int index);

}  // namespace platefall
