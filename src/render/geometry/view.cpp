#include "render/geometry/view.h"

#include <platefall/error.h>

#include <Imath/ImathMatrix.h>
#include <Imath/ImathMatrixAlgo.h>

#include <algorithm>

namespace platefall::render {
namespace {

Camera camera_or(const ShotInfo& shot, int frame, const Camera& fallback)
{
    if (!std::ranges::binary_search(shot.frames, frame))
        return fallback;
    try {
        return shot.camera(frame);
    } catch (const Error&) {
        return fallback;
    }
}

}  // namespace

View::Pose View::pose_of(const Camera& camera)
{
    // Imath's vectors are rows, so its matrices are ours transposed.
    Imath::M44f matrix;
    for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 4; ++column)
            matrix[column][row] = static_cast<float>(
                camera.world_from_camera[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)]);
    Imath::Quatf turn = Imath::extractQuat(matrix).normalized();
    return {matrix.translation(), turn};
}

View::Pose View::between(const Pose& a, const Pose& b, float t)
{
    return {a.position * (1 - t) + b.position * t, Imath::slerpShortestArc(a.turn, b.turn, t)};
}

View::View(const ShotInfo& shot, int frame, float shutter_frames)
{
    const Camera now = shot.camera(frame);
    const Pose here = pose_of(now);
    const float half = shutter_frames / 2;
    open_ = axes_of(between(here, pose_of(camera_or(shot, frame - 1, now)), half));
    close_ = axes_of(between(here, pose_of(camera_or(shot, frame + 1, now)), half));

    const Window& display = shot.plate_display;
    const double width = display.width(), height = display.height();
    focal_px_ = static_cast<float>(now.focal_length_mm / now.film_back_mm[0] * width);
    centre_x_ = static_cast<float>(display.x0 + width / 2);
    centre_y_ = static_cast<float>(display.y0 + height / 2);
}

View::Axes View::axes_of(const Pose& pose)
{
    return {pose.position, pose.turn.rotateVector(V3(1, 0, 0)), pose.turn.rotateVector(V3(0, 1, 0)),
            pose.turn.rotateVector(V3(0, 0, 1))};
}

View::Axes View::at(float t) const
{
    const auto mix = [t](const V3& a, const V3& b) { return a * (1 - t) + b * t; };
    return {mix(open_.position, close_.position), mix(open_.right, close_.right), mix(open_.up, close_.up),
            mix(open_.back, close_.back)};
}

Ray View::ray(float x, float y, float time) const
{
    const Axes axes = at(time);
    const float right = (x - centre_x_) / focal_px_, up = (centre_y_ - y) / focal_px_;
    return {.origin = axes.position, .direction = axes.right * right + axes.up * up - axes.back, .near = 0.01f,
            .time = time};
}

std::optional<V3> View::pixel(const V3& world, float time) const
{
    const Axes axes = at(time);
    const V3 from = world - axes.position;
    const float depth = -from.dot(axes.back);
    if (!(depth > 1e-3f))
        return std::nullopt;
    return V3(centre_x_ + focal_px_ * from.dot(axes.right) / depth, centre_y_ - focal_px_ * from.dot(axes.up) / depth,
              depth);
}

}  // namespace platefall::render
