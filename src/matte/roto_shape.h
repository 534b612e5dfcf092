/// Roto shapes: outlines that move over time, by keys or as the camera sees a box of the set.
#pragma once

#include "matte/box_outline.h"
#include "matte/coverage.h"
#include "matte/matte_algebra.h"

#include <platefall/frame.h>
#include <platefall/params.h>

#include <optional>
#include <string>
#include <vector>

namespace platefall::matte {

/// How an outline moves from one key to the next.
enum class Ease {
    linear,
    smooth, ///< starts and ends at rest: 3 t^2 - 2 t^3
    hold,   ///< stays, then jumps
};

/// An outline at one frame. Points are in full-resolution pixels of the display window: (0, 0) is the top
/// left corner of its top left pixel, y goes down.
struct ShapeKey {
    int frame = 0;
    Ease ease = Ease::linear;
    std::vector<Point> points;
};

struct RotoShape {
    std::string name;
    std::vector<ShapeKey> keys; ///< ascending by frame, each with as many points as the first
    std::optional<Box> box{};   ///< instead of keys
    bool smooth_curve = false;  ///< a closed smooth curve through the points instead of a polygon
    MatteOperation mode = MatteOperation::unite;
    float opacity = 1.0f;
    double feather_px = 0.0; ///< full-resolution pixels
    bool invert = false;
};

ParamSpecs shape_params();

/// `number` counts from 1 and names a shape that has no name. Faults are added, with their places.
RotoShape read_shape(const Params& params, int number, const ShotInfo& shot, Faults& faults);

/// The points of a shape with keys at a frame: interpolated between keys, held before the first and after the last.
std::vector<Point> points_at(const RotoShape& shape, int frame);

/// All shapes, each put onto those before it, at one frame. `display` is the plate's; the picture covers what
/// the shapes cover of `work`, beyond which nothing is drawn.
Image draw_shapes(const std::vector<RotoShape>& shapes, int frame, const ShotInfo& shot,
                  const Window& display, const Window& work);

} // namespace platefall::matte
