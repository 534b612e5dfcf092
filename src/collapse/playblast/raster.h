/// Polygons to pixels with a depth buffer, four samples a pixel.
#pragma once

#include "scene/vectors.h"

#include <platefall/camera.h>
#include <platefall/image.h>

#include <array>
#include <span>
#include <vector>

namespace platefall::collapse {

/// A pinhole camera over a display window.
class View {
public:
    View(const Camera& camera, const Window& display);

    /// In the camera: x right, y up, z the depth along its axis, in metres.
    Vec3f in_camera(const Vec3f& world) const;

    /// Pixel of a place in the camera whose depth is above 0.
    std::array<float, 2> pixel(const Vec3f& in_camera) const;

    Vec3f origin() const { return origin_; }
    Vec3f right() const { return {axes_[0][0], axes_[0][1], axes_[0][2]}; }
    Vec3f up() const { return {axes_[1][0], axes_[1][1], axes_[1][2]}; }

    /// Of length such that its depth along the camera's axis is 1.
    Vec3f direction(double x, double y) const;

private:
    std::array<std::array<float, 3>, 3> axes_{};   ///< right, up, forward in the world
    Vec3f origin_;
    double focal_px_, centre_x_, centre_y_;
};

/// A plane convex polygon in the world, counter-clockwise seen from outside.
struct Polygon {
    std::vector<Vec3f> corners;
    std::array<float, 3> colour{};
    bool holdout = false;           ///< hides, and shows nothing
};

Vec3f normal_of(std::span<const Vec3f> corners);

/// What of a polygon is in front of the camera and turned towards it.
struct ScreenPolygon {
    std::vector<std::array<float, 3>> corners;   ///< x, y in pixels, and one over depth
    std::array<float, 3> colour{};
    bool holdout = false;
    std::array<float, 4> bounds{};               ///< x0 y0 x1 y1
};

std::vector<ScreenPolygon> project(const std::vector<Polygon>& polygons, const View& view);

struct Covered {
    std::array<float, 3> colour{};    ///< premultiplied
    float coverage = 0;               ///< by what is not held out
    float distance = 1e9f;            ///< depth of the nearest sample, holdouts included
};

/// A band of the picture.
class Raster {
public:
    Raster(const std::vector<ScreenPolygon>& polygons, const Window& window);

    Covered at(int x, int y) const;

private:
    static constexpr int kAcross = 2;   // samples a pixel along an axis

    void draw(const ScreenPolygon& polygon);

    Window window_;
    std::vector<float> inverse_depth_;  ///< a sample; 0: nothing
    std::vector<const ScreenPolygon*> nearest_;
};

}  // namespace platefall::collapse
