/// A quick look at a collapse over its plate: flat-shaded debris, chips as small squares, dust in sunlight, no motion blur.
#pragma once

#include "scene/collapse_files.h"

#include <platefall/camera.h>
#include <platefall/image.h>

#include <span>
#include <vector>

namespace platefall::collapse {

struct PlayblastScene {
    const Debris& debris;
    const DebrisFrame& poses;
    const DustFrame& dust;
    std::span<const SetBox> holdouts;   ///< hide what is behind; themselves they are not drawn, the plate shows them
    Vec3f to_sun;                       ///< of length 1
    std::span<const Chip> chips{};
    std::span<const DebrisPose> chip_poses{};
};

struct Playblast {
    Image picture;                      ///< R G B, scene-linear, mid grey near 0.18
    Image generated;                    ///< one channel: how much of a pixel is not the plate
};

/// The plate with the collapse over it, on the plate's windows. Debris has four samples a pixel; dust is
/// marched a pixel at a time, lit by the sun through itself. Same bits for any number of threads.
Playblast draw_playblast(const Image& plate, const Camera& camera, const PlayblastScene& scene);

}  // namespace platefall::collapse
