#include "shot/camera_track.h"

#include "shot/camera_file.h"
#include "shot/camera_pose.h"
#include "shot/frame_range.h"

#include <platefall/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <iterator>

namespace platefall {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFaults = 20;   // of one file: a wrong file is wrong on every line

template <std::size_t N>
std::array<double, N> vector_of(const Params& params, const char* name)
{
    std::array<double, N> values{};
    std::ranges::copy(params.numbers(name), values.begin());
    return values;
}

/// Adds a fault for each parameter of `names` that was written down.
void refuse_given(const Params& params, std::initializer_list<const char*> names, const std::string& reason,
                  Faults& faults)
{
    for (const char* name : names)
        if (params.given(name))
            faults.add(params.error(name, fmt::format("'{}' {}", name, reason)));
}

void require(const Params& params, const char* name, const std::string& reason, Faults& faults)
{
    if (!params.has(name))
        faults.add(at(params.origin(), fmt::format("[camera] needs '{}': {}", name, reason)));
}

std::optional<Mat4> static_pose(const Params& params, Faults& faults)
{
    const Vec3 position_m = vector_of<3>(params, "position_m");
    if (params.has("look_at_m")) {
        refuse_given(params, {"rotation_deg", "rotation_order"}, "and 'look_at_m' exclude each other", faults);
        const auto pose = pose_looking_at(position_m, vector_of<3>(params, "look_at_m"));
        if (!pose)
            faults.add(params.error("look_at_m", "'look_at_m' is the camera's position, or straight above or below "
                                                 "it, which leaves the roll open; use 'rotation_deg'"));
        return pose;
    }
    if (!params.has("rotation_deg"))
        return pose_from_angles(position_m, {}, "xyz");
    require(params, "rotation_order", "the angles mean nothing without it", faults);
    return params.has("rotation_order") ? std::optional(pose_from_angles(position_m,
                                                                        vector_of<3>(params, "rotation_deg"),
                                                                        params.text("rotation_order")))
                                        : std::nullopt;
}

std::optional<Camera> read_static(const Params& params, Faults& faults)
{
    Faults own;
    refuse_given(params, {"up", "metres_per_unit"}, "is only for a camera that comes from a file", own);
    require(params, "position_m", "or 'path' for a camera that comes from a file", own);
    require(params, "film_back_mm", "the size of the sensor, which says how wide the lens sees", own);
    const bool focal = params.has("focal_length_mm"), fov = params.has("vertical_fov_deg");
    if (focal && fov)
        refuse_given(params, {"vertical_fov_deg"}, "and 'focal_length_mm' exclude each other", own);
    if (!focal && !fov)
        require(params, "focal_length_mm", "or 'vertical_fov_deg'", own);

    const auto pose = params.has("position_m") ? static_pose(params, own) : std::nullopt;
    faults.add(Error(own.all()));
    if (!own.empty() || !pose)
        return std::nullopt;
    const Vec2 film_back_mm = vector_of<2>(params, "film_back_mm");
    const double focal_length_mm = focal ? params.number("focal_length_mm")
                                         : focal_length_of_fov(params.number("vertical_fov_deg"), film_back_mm[1]);
    return Camera{*pose, focal_length_mm, film_back_mm};
}

CameraConventions conventions_of(const Params& params)
{
    CameraConventions conventions;
    conventions.rotation_order = params.has("rotation_order") ? params.text("rotation_order") : "";
    conventions.z_up = params.text("up") == "z";
    if (params.has("film_back_mm"))
        conventions.film_back_mm = vector_of<2>(params, "film_back_mm");
    conventions.metres_per_unit = params.number("metres_per_unit");
    return conventions;
}

Cameras read_file(const Params& params, const fs::path& path, Faults& faults)
{
    const std::string kind = path.extension().string();
    refuse_given(params, {"position_m", "rotation_deg", "look_at_m", "focal_length_mm", "vertical_fov_deg"},
                 "and 'path' exclude each other: the file says it", faults);
    if (kind != ".chan" && kind != ".json") {
        faults.add(params.error("path", fmt::format("camera '{}' must be a .chan or a .json file", path.string())));
        return {};
    }
    if (kind == ".chan") {
        require(params, "rotation_order", "a .chan file does not hold it", faults);
        require(params, "film_back_mm", "a .chan file does not hold it", faults);
    }
    if (!faults.empty())
        return {};

    Cameras cameras;
    try {
        cameras = (kind == ".chan" ? read_chan : read_camera_json)(path, conventions_of(params), faults);
    } catch (const Error& error) {
        faults.add(error);
    }
    if (cameras.empty() && faults.empty())
        faults.add(fmt::format("{}: there are no frames", path.string()));
    return cameras;
}

}  // namespace

Mat4 CameraConventions::in_our_world(Mat4 pose) const
{
    for (std::size_t i = 0; i < 3; ++i)
        pose[i][3] *= metres_per_unit;
    return z_up ? y_up_from_z_up(pose) : pose;
}

void add_camera(int frame, const Camera& camera, const std::string& place, Cameras& cameras, Faults& faults)
{
    if (!cameras.emplace(frame, camera).second)
        faults.add(fmt::format("{}: frame {} is there twice", place, frame));
}

ParamSpecs camera_params()
{
    return {
        param::path("path", "A .chan or .json file with the camera of every frame."),
        param::numbers("position_m", 3, "Where a static camera stands; y is up.").in("m"),
        param::numbers("rotation_deg", 3, "How a static camera is turned about x, y and z; unturned it looks along "
                                          "-z.").in("deg"),
        param::choice("rotation_order", {"xyz", "xzy", "yxz", "yzx", "zxy", "zyx"},
                      "The order of the rotations, here and in a file: 'xyz' turns about x first, then about y, then "
                      "about z, as in Blender and Nuke."),
        param::numbers("look_at_m", 3, "A point in the middle of a static camera's picture; the camera is level.")
            .in("m"),
        param::number("focal_length_mm", "The focal length of a static camera.").in("mm").between(0.1, 10000),
        param::number("vertical_fov_deg", "The field of view of a static camera over the height of the film back.")
            .in("deg").between(0.01, 179.99),
        param::numbers("film_back_mm", 2, "Width and height of the sensor; the picture shows its full width.")
            .in("mm").between(0.1, 10000),
        param::choice("up", {"y", "z"}, "y", "Which axis is up in the file."),
        param::number("metres_per_unit", 1.0, "How many metres a unit of the file is.").in("m").between(1e-6, 1e6),
    };
}

CameraTrack::CameraTrack(const Params& params, Faults& faults)
{
    Faults own;
    if (params.has("path")) {
        const fs::path path = params.path("path");
        name_ = path.string();
        frames_ = read_file(params, path, own);
    } else {
        still_ = read_static(params, own);
    }

    const std::size_t shown = std::min(own.all().size(), kMostFaults);
    for (std::size_t i = 0; i < shown; ++i)
        faults.add(own.all()[i]);
    if (shown < own.all().size())
        faults.add(fmt::format("{}: and {} more faults", name_, own.all().size() - shown));
}

Camera CameraTrack::at(int frame) const
{
    if (still_)
        return *still_;
    const auto found = frames_.find(frame);
    if (found != frames_.end())
        return found->second;
    std::vector<int> known;
    std::ranges::transform(frames_, std::back_inserter(known), [](const auto& entry) { return entry.first; });
    throw Error(fmt::format("camera '{}' has no frame {}; frames found: {}", name_, frame,
                            format_frame_range(known)));
}

std::vector<int> CameraTrack::missing(const std::vector<int>& frames) const
{
    std::vector<int> lacking;
    if (!still_)
        std::ranges::copy_if(frames, std::back_inserter(lacking),
                             [this](int frame) { return !frames_.contains(frame); });
    return lacking;
}

}  // namespace platefall
