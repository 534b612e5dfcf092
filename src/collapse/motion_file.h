/// A motion in the cache, with all its digits: dust that is simulated later must see what was simulated first.
#pragma once

#include "collapse/motion/motion.h"
#include "collapse/structure.h"
#include "scene/debris.h"

#include <filesystem>

namespace platefall::collapse {

void save_motion(const Motion& motion, const std::filesystem::path& path);

/// Throws Error for a file that is damaged.
Motion load_motion(const std::filesystem::path& path);

/// The pieces as render knows them.
Debris debris_of(const Structure& structure);

/// Poses of a frame as render knows them; `time_scale` turns simulated seconds into the shot's.
DebrisFrame debris_frame_of(const std::vector<Pose>& poses, double time_scale);

}  // namespace platefall::collapse
