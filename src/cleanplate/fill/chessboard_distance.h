/// How far it is to the nearest pixel of some kind.
#pragma once

#include "cleanplate/fill/raster.h"

#include <algorithm>

namespace platefall::cleanplate {

/// Steps to the nearest pixel for which `is_goal(x, y)`, diagonal ones counted as one; `far` where none is
/// nearer. Has a margin of 1, which is `far` as well.
template <class Test>
Raster<int> chessboard_distance(int width, int height, int far, Test is_goal)
{
    Raster<int> distance(width, height, 1, far);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            distance(x, y) = is_goal(x, y)
                                 ? 0
                                 : std::min({far, distance(x - 1, y) + 1, distance(x - 1, y - 1) + 1,
                                             distance(x, y - 1) + 1, distance(x + 1, y - 1) + 1});
    for (int y = height - 1; y >= 0; --y)
        for (int x = width - 1; x >= 0; --x)
            distance(x, y) = std::min({distance(x, y), distance(x + 1, y) + 1, distance(x + 1, y + 1) + 1,
                                       distance(x, y + 1) + 1, distance(x - 1, y + 1) + 1});
    return distance;
}

}  // namespace platefall::cleanplate
