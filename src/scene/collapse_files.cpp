#include "scene/collapse_files.h"

#include "scene/packed_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace platefall {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kSet = "platefall collapse set 1";

fs::path numbered(const fs::path& folder, const char* what, int index)
{
    return folder / fmt::format("{}.{:05}", what, index);
}

}  // namespace

int CollapseSet::index_of(int frame) const
{
    return std::clamp(frame - trigger, 0, std::max(0, frames - 1));
}

void save_set(const CollapseSet& set, const fs::path& motion_folder)
{
    PackedWriter file;
    file.put(set.ground_m);
    file.put(set.obstacles);
    file.put(set.footprint);
    file.put(set.trigger);
    file.put(set.frames);
    file.put(set.first_moving);
    file.put(set.fps);
    file.save(motion_folder / "set", kSet);
}

CollapseSet load_set(const fs::path& motion_folder)
{
    PackedReader file(motion_folder / "set", kSet);
    CollapseSet set;
    set.ground_m = file.get<float>();
    set.obstacles = file.get_all<SetBox>();
    set.footprint = file.get_all<Vec3f>();
    set.trigger = file.get<int>();
    set.frames = file.get<int>();
    set.first_moving = file.get<int>();
    set.fps = file.get<double>();
    return set;
}

void save_pieces(const Debris& debris, const fs::path& motion_folder)
{
    save_debris(debris, motion_folder / "pieces");
}

Debris load_pieces(const fs::path& motion_folder)
{
    return load_debris(motion_folder / "pieces");
}

void save_poses(const DebrisFrame& poses, const fs::path& motion_folder, int index)
{
    save_debris_frame(poses, numbered(motion_folder, "poses", index));
}

DebrisFrame load_poses(const fs::path& motion_folder, int index)
{
    return load_debris_frame(numbered(motion_folder, "poses", index));
}

void save_all_chips(const Chips& chips, const fs::path& chips_folder)
{
    save_chips(chips, chips_folder / "chips");
}

Chips load_all_chips(const fs::path& chips_folder)
{
    return load_chips(chips_folder / "chips");
}

void save_chip_poses(const ChipsFrame& poses, const fs::path& chips_folder, int index)
{
    save_chips_frame(poses, numbered(chips_folder, "chips", index));
}

ChipsFrame load_chip_poses(const fs::path& chips_folder, int index)
{
    return load_chips_frame(numbered(chips_folder, "chips", index));
}

void save_dust(const DustFrame& dust, const fs::path& dust_folder, int index)
{
    save_dust_frame(dust, numbered(dust_folder, "dust", index));
}

DustFrame load_dust(const fs::path& dust_folder, int index)
{
    return load_dust_frame(numbered(dust_folder, "dust", index));
}

}  // namespace platefall
