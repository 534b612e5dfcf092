/// One entry of the layer list, as the manifest writes it.
#pragma once

#include "comp/fit_settings.h"
#include "comp/grade.h"
#include "comp/operators.h"
#include "comp/placement.h"

#include <platefall/stage.h>

#include <optional>
#include <string>
#include <vector>

namespace platefall::comp {

struct LayerSettings {
    std::string name;                        ///< as it is listed: "cg", or "matte.foreground"
    std::string layer;                       ///< the layer of the frame: "cg"; the plate for a matte's name
    std::optional<std::string> seen_through; ///< the matte of such an entry: "matte.foreground"
    Operator op = Operator::over;
    std::optional<std::string> matte; ///< a layer: "matte.building"
    bool invert_matte = false;
    std::vector<std::string> holdouts; ///< layers
    float opacity = 1.0f;
    std::optional<Grade> grade;
    Placement placement;
    LayerFit fit;
    std::optional<float> generated; ///< overrides what the frame knows of the layer
    std::string weight_layer;       ///< where the frame may know it; empty where it is overridden
    std::vector<LayerUse::Read> reads;
    Origin stmap_origin;

    /// The list itself makes the layer transparent, whatever its picture.
    bool is_cut() const { return seen_through || matte || !holdouts.empty() || opacity != 1.0f; }
};

ParamSpecs layer_params();
LayerSettings read_layer(const Params& params, bool is_bottom, Faults& faults);

} // namespace platefall::comp
