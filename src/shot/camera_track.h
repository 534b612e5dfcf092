/// The camera of every frame, from the manifest, a .chan file or JSON.
///
/// A .chan file has one line a frame, eight numbers apart by spaces; '#' begins a comment:
///
///     frame tx ty tz rx ry rz vertical_fov        (rotations and field of view in degrees)
///
/// A .json file has one object a frame. Besides "frames" its top level may hold anything:
///
///     {"frames": [
///         {"frame": 1001,
///          "world_from_camera": [[1, 0, 0, 0], [0, 1, 0, 1.7], [0, 0, 1, 45], [0, 0, 0, 1]],
///          "focal_length_mm": 22, "film_back_mm": [36, 20.25]},
///         {"frame": 1002, "position": [0, 1.7, 45], "rotation_deg": [11, -7.4, 0], "vertical_fov_deg": 49.4}
///     ]}
///
/// The matrix is row-major and takes column vectors; it must only turn and move. film_back_mm may be left to
/// the manifest. In both files the camera looks along its own -z with its own +y up, whatever is up in the world.
#pragma once

#include <platefall/camera.h>
#include <platefall/params.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace platefall {

/// What [camera] may say. Static: position_m with rotation_deg (and rotation_order) or look_at_m, and
/// focal_length_mm or vertical_fov_deg, with film_back_mm. From a file: path (.chan or .json), and what the
/// .chan file does not hold: rotation_order, up ("y" or "z"), film_back_mm, metres_per_unit.
ParamSpecs camera_params();

class CameraTrack {
public:
    /// Faults of the table and of the file (with its lines) are added; the track is then not to be used.
    CameraTrack(const Params& params, Faults& faults);

    /// Throws Error naming the frames there are when the file has no such frame.
    Camera at(int frame) const;

    /// Frames of the list that the track lacks.
    std::vector<int> missing(const std::vector<int>& frames) const;

private:
    std::optional<Camera> still_;
    std::map<int, Camera> frames_;
    std::string name_;
};

}  // namespace platefall
