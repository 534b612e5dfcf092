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

/// Merges the layers, bottom first, into `canvas`: an image of the result's windows and channels, which holds
/// what passes through and, when `canvas_holds_bottom`, the bottom layer's pixels already.
Merged merge(const std::vector<LayerRows>& layers, Image canvas, bool canvas_holds_bottom);

} // namespace platefall::comp
