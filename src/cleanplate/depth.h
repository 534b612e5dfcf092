/// How far away what a canvas shows is, where parallax makes that matter.
#pragma once

#include "cleanplate/source_views.h"

#include <vector>

namespace platefall::cleanplate {

/// Depth per cell (ViewMap's, in the canvas' base frame), 0 everywhere when the take has no parallax. A plane sweep
/// (Collins 1996): at each of a few dozen depths the frames that see a cell either agree on its colour or do not; features of known
/// depth speak for theirs; semi-global matching (Hirschmueller 2008) makes neighbours agree except at edges. Cells
/// that no two frames see take over what lies around them.
std::vector<float> find_depths(const CellGrid& grid, const Take& take, const CanvasPlan& plan,
                               const std::vector<SourceView>& views);

/// 1 when larger depths are nearer, -1 when it is the other way round. With a camera depth is one over metres; projective
/// geometry alone leaves it open: where two cells of different depth fall on each other in a view, the one whose colour the
/// view shows is in front.
int nearness(const CellGrid& grid, const Take& take, const std::vector<SourceView>& views, const std::vector<float>& depths);

}  // namespace platefall::cleanplate
