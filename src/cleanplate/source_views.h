/// What other frames show of the places behind the holes, cell by cell.
#pragma once

#include "cleanplate/cell_grid.h"
#include "cleanplate/fill/colour.h"
#include "cleanplate/motion/view_map.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace platefall::cleanplate {

/// R G B of the plate of a take's frame, by index. Called for several frames at once.
using PlateReader = std::function<std::shared_ptr<const Image>(std::size_t index)>;

/// The frames worth copying from: greedy, each the one that brings what is hidden closest in time to a frame that shows
/// it (the gain is submodular, so greedy is near the best: Nemhauser, Wolsey and Fisher 1978). The base is always
/// among them. Ascending.
std::vector<std::size_t> choose_sources(const CellGrid& grid, const Take& take, const std::vector<FrameMasks>& masks,
                                        const CanvasPlan& plan);

/// One frame in cells of the grid's size: where it can be looked at, and what is there.
class SourceView {
public:
    /// `plate` in R G B.
    SourceView(std::size_t index, const CellGrid& grid, const FrameMasks& masks, const Image& plate,
               const ViewMap& view_from_canvas);

    std::size_t index() const { return index_; }   ///< into Take::frames
    const ViewMap& view_from_canvas() const { return map_; }
    const Window& cells() const { return colour_.data_window(); }

    /// Log-encoded R G B of a canvas' pixel at a depth; nothing where that is hidden from this view or outside it.
    std::optional<Colour> at(const Vec2& canvas_pixel, double depth) const;

private:
    std::size_t index_;
    ViewMap map_;
    int size_;
    Window inside_;
    Mask blocked_;    ///< in cells
    Image colour_;    ///< in cells, log-encoded
};

std::vector<SourceView> view_sources(const CellGrid& grid, const Take& take, const std::vector<FrameMasks>& masks,
                                     const CanvasPlan& plan, const std::vector<std::size_t>& sources,
                                     const PlateReader& plate_of);

/// Mean over R G B of how far two log-encoded colours are apart, in stops.
float distance(const Colour& a, const Colour& b);

/// Per channel; changes the order of what it is given.
Colour median_colour(std::vector<Colour>& colours);

}  // namespace platefall::cleanplate
