#include "comp/layer_settings.h"

#include "stage/generated_layer.h"

#include <algorithm>
#include <iterator>

namespace platefall::comp {
namespace {

const std::string kMattePrefix = "matte.";

bool is_matte(const std::string& layer)
{
    return layer.starts_with(kMattePrefix);
}

/// Mattes are named with or without their prefix.
std::string matte_layer(const std::string& name)
{
    return is_matte(name) ? name : kMattePrefix + name;
}

void read_masks(const Params& params, LayerSettings& layer, Faults& faults)
{
    if (is_matte(layer.name)) {
        layer.seen_through = layer.name;
        layer.reads.push_back({layer.name, params.origin("name")});
    }
    if (params.has("matte")) {
        layer.matte = matte_layer(params.text("matte"));
        layer.reads.push_back({*layer.matte, params.origin("matte")});
    }
    layer.invert_matte = params.flag("invert_matte");
    if (layer.invert_matte && !layer.matte)
        faults.add(params.error("invert_matte", "'invert_matte' has no meaning without 'matte'"));
    layer.holdouts = params.texts("holdout");
    for (const std::string& holdout : layer.holdouts)
        layer.reads.push_back({holdout, params.origin("holdout")});
}

} // namespace

ParamSpecs layer_params()
{
    ParamSpecs specs{
        param::text("name",
                    "Layer; the name of a matte, as in 'matte.foreground', is the plate seen through it.")
            .must_be_given(),
        param::choice(
            "operation", operator_names(), "over",
            "How it merges with what is below, where A, a are its colour and alpha and B, b those below: "
            "over A+B(1-a), under B+A(1-b), in Ab, out A(1-b), atop Ab+B(1-a), xor A(1-b)+B(1-a), "
            "mask Ba, stencil B(1-a), plus A+B, multiply AB, screen A+B-AB, max, min, difference |A-B| "
            "(these five only where both are solid), copy A whatever its alpha."),
        param::text("matte", "Matte that the layer is multiplied by."),
        param::flag("invert_matte", false, "Whether the layer shows where the matte is not."),
        param::texts("holdout", "Layers, or mattes as 'matte.NAME', whose alpha is cut out of it."),
        param::number("opacity", 1.0, "How much of it shows.").between(0.0, 1.0),
        param::number("generated",
                      "How much of it counts as generated; if left out what the frame knows of it, else "
                      "0 for the plate and 1 for any other layer.")
            .between(0.0, 1.0),
    };
    std::ranges::move(grade_params(), std::back_inserter(specs));
    std::ranges::move(placement_params(), std::back_inserter(specs));
    std::ranges::move(layer_fit_params(), std::back_inserter(specs));
    return specs;
}

LayerSettings read_layer(const Params& params, bool is_bottom, Faults& faults)
{
    LayerSettings layer;
    layer.name = params.text("name");
    layer.layer = is_matte(layer.name) ? "plate" : layer.name;
    layer.reads.push_back({layer.layer, params.origin("name")});
    layer.op = parse_operator(params.text("operation"));
    if (is_bottom && layer.op != Operator::over)
        faults.add(params.error("operation", "there is nothing below the first layer", "leave it out"));

    read_masks(params, layer, faults);
    layer.opacity = static_cast<float>(params.number("opacity"));
    layer.grade = read_grade(params);
    layer.placement = read_placement(params, faults);
    layer.stmap_origin = params.origin("stmap");
    layer.fit = read_layer_fit(params);
    if (layer.fit.haze_per_m > 0)
        layer.reads.push_back({layer.fit.depth, params.origin(params.given("depth") ? "depth" : "haze")});
    if (is_bottom && layer.fit.wrap > 0)
        faults.add(params.error("wrap", "there is nothing around the first layer whose light could wrap", "leave it out"));
    if (params.has("generated")) {
        layer.generated = static_cast<float>(params.number("generated"));
    } else {
        layer.weight_layer = generated_layer(layer.layer);
        layer.reads.push_back({layer.weight_layer, params.origin("name"), true});
    }
    return layer;
}

} // namespace platefall::comp
