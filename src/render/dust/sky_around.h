/// What sky and ground add to the light of dust.
#pragma once

#include "render/dust/dust_volume.h"
#include "render/dust/grid.h"

namespace platefall::render::dust {

/// From fourteen directions; the ground shines as far as dust lets sun and sky onto it.
struct SkyAround {
    Grid<Four> light;         ///< R, G, B that dust scatters, a unit of extinction; of the sky's irradiance, what gets through
    Grid<float> kept;         ///< of light that a place scatters everywhere, what dust scatters again
};

/// `towards_sun` holds optical depths.
SkyAround sky_around(const Grid<float>& extinction, const Grid<float>& towards_sun, const DustLook& look, const Light& light);

}  // namespace platefall::render::dust
