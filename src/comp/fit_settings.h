/// What makes a layer sit in the plate, as the manifest writes it: amounts by layer, and what the plate looks like
/// where it is given instead of measured.
#pragma once

#include "comp/operators.h"

#include <platefall/params.h>

#include <array>
#include <optional>
#include <string>

namespace platefall::comp {

/// Of one layer. All 0: the layer stays as it is.
struct LayerFit {
    double softness = 0;   ///< in lens softnesses of the plate
    float blacks = 0;      ///< 1: no darker than the plate's black level
    double haze_per_m = 0; ///< extinction
    std::string depth;     ///< the layer that says how far away it is
    float wrap = 0;        ///< how strongly light wraps around its edges
    double wrap_px = 0;    ///< how far; full-resolution pixels
    std::optional<float> grain{}; ///< how much of its share of a pixel wants grain

    bool changes_picture() const { return softness > 0 || blacks > 0 || haze_per_m > 0; }
};

/// softness, blacks, haze, depth, wrap, wrap_px, grain.
ParamSpecs layer_fit_params();
LayerFit read_layer_fit(const Params& params);

/// The manifest's word on grain, or: none for what has the plate's already (the plate, an earlier comp, the clean
/// plate 'clean') and for blends, which keep the grain below; for multiply what the darkening took; else all.
float grain_of(const LayerFit& fit, const std::string& layer, Operator op);

/// Of the whole stage. What is absent is measured on the plate.
struct PlateFit {
    float grain = 0; ///< of the variance of the plate's own
    std::optional<double> softness_px{};
    std::optional<std::array<float, 3>> black_level{}, haze_colour{};
};

/// grain, softness_px, black_level, haze_colour.
ParamSpecs plate_fit_params();
PlateFit read_plate_fit(const Params& params);

} // namespace platefall::comp
