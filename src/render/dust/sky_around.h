/// What sky and ground add to the light of dust.
#pragma once

#include "render/dust/dust_volume.h"
#include "render/dust/grid.h"

namespace platefall::render::dust {

/// R, G, B that dust scatters, a unit of extinction, and of the sky's irradiance on something level what gets through the
/// dust. Fourteen directions; the ground shines as far as dust lets sun and sky onto it. `towards_sun` holds optical depths.
Grid<Four> sky_around(const Grid<float>& extinction, const Grid<float>& towards_sun, const DustLook& look,
                      const Light& light);

}  // namespace platefall::render::dust
