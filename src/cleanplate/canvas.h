/// What stood behind the holes, put together once for many frames in the coordinates of one of them.
#pragma once

#include "cleanplate/hole.h"
#include "cleanplate/motion/view_map.h"

#include <platefall/image.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace platefall::cleanplate {

/// Which frames one canvas serves. A planar picture cannot hold half a turn of the camera, so that a wide pan has
/// several.
struct CanvasPlan {
    std::size_t base = 0;               ///< index into Take::frames: whose pixels are the canvas' pixels
    std::vector<std::size_t> targets;   ///< indices into Take::frames, ascending
    Window plate;                       ///< the plate's data window
    Window window;                      ///< around all their holes; empty when there are none
};

/// The depths between which nearly all of the take's features lie, and the homography's own, 0; the latter alone where
/// nothing has parallax.
std::vector<double> depth_range(const Take& take);

/// Few canvases on which no hole is more than about twice as large or small as in its own frame, or sees much of what
/// the canvas' frame does not: by the parallax of the scene, and more strictly by that of what shows around the hole.
std::vector<CanvasPlan> plan_canvases(const Take& take, const std::vector<FrameMasks>& masks, const Window& plate);

struct Canvas {
    CanvasPlan plan;
    Image picture;                      ///< R G B, scene-linear
    /// "generated": 0 nothing here, 0.5 photographed, 1 synthesised. "noise": the part of the plate's noise variance
    /// that is left. "depth": ViewMap's, in the base frame, larger nearer.
    Image facts;
    float nearest = 0, farthest = 0;    ///< of the depths
    int nearness = 1;                   ///< what depths were multiplied by to be so; parallax has to be as well
    Mask hidden;                        ///< pixels that lie behind a hole in some target frame
};

inline constexpr float kPhotographed = 0.5f, kSynthesised = 1.0f;
inline constexpr std::size_t kGenerated = 0, kNoise = 1, kDepth = 2;   ///< channels of Canvas::facts

/// Where a frame's pixels lie on the canvas. The canvas is a surface of depths: the ray of each pixel is followed from
/// the nearest to the farthest until it meets the surface (relief mapping; Policarpo, Oliveira and Comba 2005). Where it
/// meets only the step between two surfaces, this frame looks behind the nearer one, and the farther goes on.
class CanvasFinder {
public:
    CanvasFinder(const Canvas& canvas, const ViewMap& frame_from_canvas);

    /// Nothing where the canvas has nothing.
    std::optional<Vec2> operator()(const Vec2& frame_pixel) const;

private:
    Vec2 at_depth(const Vec3& direction, double depth) const;
    double surface(const Vec2& at) const;
    Vec2 meet(const Vec3& direction) const;

    const Canvas& canvas_;
    std::array<double, 9> back_;       ///< of the homography
    Vec3 shift_;                       ///< the parallax, through it
    double nearest_ = 0, farthest_ = 0;
};

}  // namespace platefall::cleanplate
