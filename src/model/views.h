/// How a hole is shown to a model: whole and small, or in tiles.
#pragma once

#include "model/model.h"

#include <platefall/image.h>

#include <vector>

namespace platefall::model {

/// Of the sizes a model takes, pixels of the model.
struct ViewSettings {
    bool in_tiles = false;   ///< at the picture's own size; else all at once, made smaller until it fits
    int size = 512;          ///< of the longer side, for a model that takes any
    int divisor = 8;         ///< of both sides, for a model that takes any
    int overlap = 64;        ///< of tiles
};

/// A part of the picture, averaged down to width x height pixels. It may reach over the edge of the picture, whose
/// outermost pixels then go on.
struct View {
    Window region;
    int width = 0, height = 0;
};

struct ViewPlan {
    Window whole;        ///< around all views
    int overlap = 0;     ///< over which they take over from each other
    std::vector<View> views;
};

/// The views that together show `wanted`, in rows. Nothing is ever shown larger than it is: what is smaller than the
/// model's size is shown with more around it.
ViewPlan plan_views(const Window& wanted, const Window& picture, const Model& model, const ViewSettings& settings);

/// How much a view counts at a pixel, more than 0: 1 in its middle and at edges of the whole, and a raised cosine over
/// the overlap at edges where another view takes over.
float weight_of(const View& view, const ViewPlan& plan, int x, int y);

}  // namespace platefall::model
