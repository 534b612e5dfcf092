/// How the camera moved: the planes of the scene and, for each, the homography of every frame.
#pragma once

#include "cleanplate/motion/homography.h"

#include <platefall/image.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace platefall::cleanplate {

/// What one frame shows, reduced to what registration needs; a few hundred kilobytes, whatever the frame's size.
struct FrameFeatures {
    int frame = 0;
    Window window;                             ///< the plate's data window
    bool covered = false;                      ///< all of it is blocked, so that it may move as any other
    std::vector<Vec2> points;                  ///< pixels, full resolution of this render
    std::vector<std::uint8_t> descriptors;     ///< 128 a point (RootSIFT)
};

/// What wider plates are reduced to before features are found.
inline constexpr int kWorkingWidth_px = 800;

/// Features of the plate outside `blocked` (one channel on any window; above 0.01 nothing is seen; may be null) and
/// a few pixels away from it. Found on log-encoded luminance. Pure: may be called for many frames at once, and gives
/// the same bits whatever the number of threads.
FrameFeatures find_features(int frame, const Image& plate, const Image* blocked);

/// What is known of the camera and the scene beforehand.
struct KnownGeometry {
    std::function<Camera(int frame)> camera;   ///< empty: unknown
    Window display;                            ///< the display window that the camera's film back spans

    /// Planar distance in metres along the view axis, one channel "Z"; not finite or >= 1e9: infinitely far. Blocked
    /// pixels are already taken out (Z <= 0).
    struct Depth {
        int frame;
        Image z;
    };
    std::vector<Depth> depths;                 ///< of any few frames; needs the camera
};

/// Frames between two cuts, and how a place that stands still is seen in each of them: plane and parallax,
///
///     pixel of frame t ~ frame_from_base[t] (x, y, 1) + depth parallax[t]
///
/// for a pixel (x, y) of the base frame with inverse depth `depth` relative to the plane.
struct Take {
    std::vector<int> frames;                     ///< ascending
    std::size_t base = 0;                        ///< index of the frame whose pixels are the base's
    std::vector<Homography> frame_from_base;     ///< of the plane on which most features lie; in the order of frames
    std::vector<Vec3> parallax;                  ///< at the scale of frame_from_base; all zero where there is none

    /// Features with known depth, at most a few thousand.
    struct Support {
        Vec2 base_point;
        double depth;
        std::size_t seen_in = 0;                 ///< index of a frame that shows it
    };
    std::vector<Support> supports;
    bool locked_off = false;                     ///< nothing moves: every homography is exactly the identity
    bool by_camera = false;                      ///< the motion is that of the known camera
    std::vector<bool> lost;                      ///< matched no other: moves as those around it; empty when none is

    bool is_lost(std::size_t index) const { return !lost.empty() && lost[index]; }
};

struct Motion {
    std::vector<Take> takes;
    /// For the user, each with the frame it is about: "1013 is too blurred to register; its motion is interpolated
    /// from 1012 and 1014", "cut between 1040 and 1041: ...".
    struct Note {
        int frame;
        std::string text;
    };
    std::vector<Note> notes;
};

/// Registers frames, which must be in ascending order. Without a camera: neighbours and wider pairs are matched
/// (Lowe's ratio test, MAGSAC), the homographies of all pairs refined together, so that chains do not drift, and parallax
/// found by projective bundle adjustment. A frame that cannot be matched, between neighbours that match each other, takes
/// interpolated motion; frames that cannot be matched across start a new take. One frame makes a locked-off take. Covered
/// frames before the first or after the last that shows something belong to its take where that is locked off.
///
/// With a camera: the plane is the one at infinity, depth is one over metres along the base's view axis, and a new take
/// starts only where frames that see the same by the camera do not match. Supports come from the depths, or where there
/// are none from features. A camera that does not fit the plate is left aside, with a note. Deterministic.
Motion register_frames(const std::vector<FrameFeatures>& frames, const KnownGeometry& known);

}  // namespace platefall::cleanplate
