/// The camera while the shutter is open.
#pragma once

#include "render/vectors.h"

#include <platefall/frame.h>

#include <Imath/ImathQuat.h>

#include <optional>

namespace platefall::render {

/// Pixels to rays and back. Places between frames lie on a straight line, turns on the shortest arc.
class View {
public:
    /// Of a frame of the shot, which must have a camera; the shutter is open for `shutter_frames`, centred on it. Frames that
    /// the camera does not have stand still.
    View(const ShotInfo& shot, int frame, float shutter_frames);

    /// Through a point of the picture in pixels, y down. The direction's length is such that distances along the ray are
    /// depths along the camera's axis.
    Ray ray(float x, float y, float time) const;

    /// Where a place in the world is seen at `time`, and how deep; nothing behind the camera.
    std::optional<V3> pixel(const V3& world, float time) const;

    /// Width of a pixel at a depth of 1 m, in metres.
    float pixel_m() const { return 1.0f / focal_px_; }

    V3 position(float time) const { return open_.position * (1 - time) + close_.position * time; }

private:
    struct Pose {
        V3 position;
        Imath::Quatf turn;            ///< world from camera
    };
    /// The camera's axes in the world. Between two that differ by a shutter's turn, the straight line will do.
    struct Axes {
        V3 position, right, up, back;
    };
    static Pose pose_of(const Camera& camera);
    static Pose between(const Pose& a, const Pose& b, float t);
    static Axes axes_of(const Pose& pose);
    Axes at(float time) const;

    Axes open_, close_;
    float focal_px_, centre_x_, centre_y_;
};

}  // namespace platefall::render
