/// The camera of every frame, from the manifest, a .chan file or JSON.
#pragma once

#include <platefall/camera.h>
#include <platefall/params.h>

#include <functional>
#include <map>
#include <optional>
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
