/// Where solids leave the sun to the dust.
#pragma once

#include "render/dust/grid.h"

#include <functional>

namespace platefall::render::dust {

/// 1 in the sun, 0 in the shadow of something solid; 1 where there is no dust nearby.
struct OpenSun {
    Grid<float> sharp;        ///< soft by a cell, so that no steps show
    Grid<float> diffused;     ///< as light sees it that was scattered often
};

/// Asks `blocked` at the middle of every cell that has dust in it or beside it, on all threads. It may be empty.
OpenSun open_sun(const Grid<float>& extinction, const std::function<bool(const V3& at)>& blocked);

}  // namespace platefall::render::dust
