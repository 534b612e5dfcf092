/// Which frames do not see what a canvas shows because something nearer on the canvas stands in front of it.
#pragma once

#include "cleanplate/source_views.h"

#include <vector>

namespace platefall::cleanplate {

/// A step in depth that no slope makes from one cell to the next.
float step_between_surfaces(const std::vector<float>& depths);

/// The canvas' surface as one view sees it: all active cells are moved there, and the nearest stay (a depth buffer; Catmull
/// 1974). `nearness` is that of nearness().
class SurfaceInView {
public:
    SurfaceInView(const CellGrid& grid, const SourceView& view, const std::vector<float>& depths, int nearness);

    /// Whether it stands in front of a canvas' pixel that lies at a depth.
    bool hides(const Vec2& canvas_pixel, float depth) const;

private:
    struct Landing;
    Landing land(const Vec2& canvas_pixel, float depth) const;

    ViewMap map_;
    int size_;
    int nearness_;
    float step_;
    Image nearest_;      ///< in the view's cells: one over its own depth there
};

std::vector<SurfaceInView> surface_in_views(const CellGrid& grid, const std::vector<SourceView>& views,
                                            const std::vector<float>& depths, int nearness);

}  // namespace platefall::cleanplate
