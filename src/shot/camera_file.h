/// Cameras from files; the formats are described in camera_track.h.
#pragma once

#include <platefall/camera.h>
#include <platefall/error.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace platefall {

/// What a file leaves to the manifest.
struct CameraConventions {
    std::string rotation_order;          ///< "" when not named
    bool z_up = false;
    std::optional<Vec2> film_back_mm;
    double metres_per_unit = 1;

    /// From the world of a file to ours.
    Mat4 in_our_world(Mat4 pose) const;
};

using Cameras = std::map<int, Camera>;   ///< by frame

/// Adds a camera, or a fault that begins with `place` when the frame has one.
void add_camera(int frame, const Camera& camera, const std::string& place, Cameras& cameras, Faults& faults);

/// Faults are added with file, line and column. Throws Error when the file cannot be read. Rotation order and
/// film back must be there.
Cameras read_chan(const std::filesystem::path& path, const CameraConventions& conventions, Faults& faults);

/// Faults are added with file and index of the frame. Throws Error when the file cannot be read, is not JSON or
/// has no frames.
Cameras read_camera_json(const std::filesystem::path& path, const CameraConventions& conventions, Faults& faults);

}  // namespace platefall
