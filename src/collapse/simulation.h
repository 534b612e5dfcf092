/// A collapse from the manifest to the cache, in steps: the rigid bodies, the chips that fly off them, and the
/// dust that they raise.
#pragma once

#include "collapse/dust/dust_solver.h"
#include "collapse/settings.h"
#include "scene/collapse_files.h"

#include <filesystem>
#include <functional>
#include <string>

namespace platefall::collapse {

using Progress = std::function<void(double fraction, const std::string& doing)>;

/// The box that dust will fill: given, or predicted from the building's size. It stays as it is for the whole
/// shot, since a window that follows the dust would shake in render.
DustGrid dust_grid(const Settings& settings, const Elements& building);

/// What a collapse is at one frame. Frames before the trigger are the first: the building stands.
class Simulation {
public:
    /// Throws Error for what is wrong before anything is simulated: a building that cannot be built, a camera inside
    /// it, a charge that finds nothing, a trigger after the last frame, more dust than memory is allowed for.
    Simulation(Settings settings, const ShotInfo& shot);

    /// Fractures and simulates into an empty folder.
    void simulate_motion(const std::filesystem::path& folder, const Progress& progress) const;

    /// Lets chips fly off a motion that is in `motion_folder`, into an empty folder.
    void simulate_chips(const std::filesystem::path& motion_folder, const std::filesystem::path& folder,
                        const Progress& progress) const;

    /// Simulates the dust of a motion that is in `motion_folder` into an empty folder.
    void simulate_dust(const std::filesystem::path& motion_folder, const std::filesystem::path& folder,
                       const Progress& progress) const;

    /// Everything that each step depends on.
    std::string motion_key() const;
    std::string chips_key() const;
    std::string dust_key() const;

    int frame_count() const { return settings_.motion.frames; }
    int index_of(int frame) const;                      ///< of a frame of the shot: 0 up to the trigger
    std::size_t dust_cells() const;                     ///< 0: there is no dust

private:
    Structure structure() const;
    CollapseSet set_of(const Structure& structure, const Motion& motion) const;

    Settings settings_;
    Elements building_;
};

}  // namespace platefall::collapse
