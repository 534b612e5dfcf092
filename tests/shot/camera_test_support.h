/// What the tests of the camera share.
#pragma once

#include "shot/camera_track.h"
#include "shot/manifest.h"

#include <gtest/gtest.h>

#include <string>

namespace platefall::test {

/// The track of a [camera] table; its faults go to `faults`.
inline CameraTrack camera_track(const std::string& keys, const std::filesystem::path& folder, Faults& faults)
{
    const Manifest manifest = parse_manifest("[camera]\n" + keys, folder / "shot.toml");
    const Params params = Params::check(std::get<ParamTable>(manifest.root.find("camera")->value.data),
                                        camera_params(), "[camera]", folder, faults);
    faults.throw_if_any();
    return CameraTrack(params, faults);
}

/// The same, where there must be no fault.
inline CameraTrack camera_track(const std::string& keys, const std::filesystem::path& folder = "/shots")
{
    Faults faults;
    CameraTrack track = camera_track(keys, folder, faults);
    faults.throw_if_any();
    return track;
}

/// What is wrong with a table.
inline std::vector<std::string> camera_faults(const std::string& keys, const std::filesystem::path& folder = "/shots")
{
    Faults faults;
    const CameraTrack track = camera_track(keys, folder, faults);
    return faults.all();
}

inline void expect_pixel(const std::optional<Vec2>& pixel, double x, double y, double tolerance)
{
    ASSERT_TRUE(pixel.has_value());
    EXPECT_NEAR((*pixel)[0], x, tolerance);
    EXPECT_NEAR((*pixel)[1], y, tolerance);
}

}  // namespace platefall::test
