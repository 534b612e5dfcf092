/// Per cell of a canvas: which frame it is copied from, and how much brighter that has to be.
#pragma once

#include "cleanplate/source_views.h"

#include <vector>

namespace platefall::cleanplate {

struct Choices {
    std::vector<int> source;                          ///< per cell, into the views; -1: no frame saw it
    /// Stops that each view's R G B are brightened by everywhere.
    std::vector<Colour> exposure;
    /// Stops added per cell on top, so that no seam shows.
    std::vector<Colour> correction;
};

/// Sources by nearness in time and agreement with the others (what passes by is outvoted), seams where both sides look
/// alike (Kwatra et al. 2003). Exposures by least squares over the overlaps; what is left at the seams is spread in the
/// gradient domain (Perez, Gangnet and Blake 2003), in stops, with the base frame's own pixels fixed. `depths` are
/// those of find_depths(), `nearness` is that of nearness().
Choices choose(const CellGrid& grid, const CanvasPlan& plan, const std::vector<SourceView>& views,
               const std::vector<float>& depths, int nearness);

}  // namespace platefall::cleanplate
