/// The pass over the pixels: every layer merged into a row while that row is in the cache.
#pragma once

#include "comp/layer_rows.h"

#include <platefall/image.h>

#include <vector>

namespace platefall::comp {

struct Merged {
    Image picture;
    Image generated;
};

/// How much of each pixel comes from some of the layers, followed through the merge as the generated weight is:
/// held out by what lies above, 0 where none of them shows.
struct Share {
    enum class Of {
        alpha, ///< of what the layer covers
        grain, ///< of what it generated, and so brings no grain; of a multiplying layer see darkening()
    };
    Of of = Of::alpha;
    std::vector<float> layers; ///< how much of each counts, 0..1
    Image image{};             ///< the result, one channel on the picture's window
};

/// Merges the layers, bottom first, into `canvas`: an image of the result's windows and channels, which holds
/// what passes through and, when `canvas_holds_bottom`, the bottom layer's pixels already.
Merged merge(const std::vector<LayerRows>& layers, Image canvas, bool canvas_holds_bottom,
             std::vector<Share>& shares);

/// The share of its grain that a photograph lost where a layer multiplied it by r: 1 - sqrt(r), 0 from 1 up.
/// Photon noise grows with the root of the light, multiplying scales it with the light: a shadow that was only
/// multiplied is too quiet by that much.
void darkening(const RowPlanes& layer, int colours, float* share, int count);

} // namespace platefall::comp
