/// A collapse in files that other packages read: debris as USD, dust as OpenVDB.
#pragma once

#include "scene/debris.h"
#include "scene/dust_frame.h"

#include <filesystem>
#include <vector>

namespace platefall {

/// The frames of a shot, evenly spaced.
struct DebrisShot {
    double fps = 24;
    int first_frame = 1001;
    std::vector<DebrisFrame> frames;
};

/// USD ASCII (.usda): a Mesh a piece under /debris, metres, y up, with translate and orient as time samples,
/// the primvar `outer` a face (1: surface of the building as it stood), and of our own platefall:velocity, spin,
/// material,
/// element, kind, floor and mass. Throws Error when the disk does not take it.
void write_usd(const Debris& debris, const DebrisShot& shot, const std::filesystem::path& path);

/// OpenVDB (.vdb) with the fog volumes `density` (kg/m3, both classes together) and `coarse`, and the vector
/// volume `vel` (m/s), half precision. Throws Error when the disk does not take it.
void write_vdb(const DustFrame& frame, const std::filesystem::path& path);

}  // namespace platefall
