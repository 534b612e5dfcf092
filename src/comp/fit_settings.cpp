#include "comp/fit_settings.h"

#include <vector>

namespace platefall::comp {
namespace {

std::optional<std::array<float, 3>> colour(const Params& params, const char* name)
{
    if (!params.has(name))
        return std::nullopt;
    const std::vector<double> values = params.numbers(name);
    return std::array{static_cast<float>(values[0]), static_cast<float>(values[1]),
                      static_cast<float>(values[2])};
}

} // namespace

ParamSpecs layer_fit_params()
{
    return {
        param::number("softness", 0.0,
                      "Softens its picture as the plate's lens does: 1 as much as the plate's sharpest "
                      "edges are, 0.5 half as much.")
            .between(0.0, 10.0),
        param::number("blacks", 0.0, "How far its blacks are lifted to the plate's black level: 1 all the way.")
            .between(0.0, 1.0),
        param::number("haze", 0.0,
                      "Extinction of the air between it and the camera; 3.9 over the distance at which nothing "
                      "is seen any more.")
            .in("1/m")
            .between(0.0, 10.0),
        param::text("depth", "depth",
                    "Layer with its distance along the camera's axis, channel Z in metres, for 'haze'."),
        param::number("wrap", 0.0,
                      "Light wrap: how much of the brighter light around it, of layers above and below alike, "
                      "bleeds over its edges.")
            .between(0.0, 1.0),
        param::number("wrap_px", 8.0, "How far the light wrap reaches in.").in("px").between(0.5, 500.0),
        param::number("grain",
                      "How much of the stage's grain it gets; left out 0 for what has the plate's own (the "
                      "plate, 'comp', 'clean') and for blends, what darkening took for multiply, else 1.")
            .between(0.0, 1.0),
    };
}

LayerFit read_layer_fit(const Params& params)
{
    LayerFit fit{.softness = params.number("softness"),
                 .blacks = static_cast<float>(params.number("blacks")),
                 .haze_per_m = params.number("haze"),
                 .depth = params.text("depth"),
                 .wrap = static_cast<float>(params.number("wrap")),
                 .wrap_px = params.number("wrap_px")};
    if (params.has("grain"))
        fit.grain = static_cast<float>(params.number("grain"));
    return fit;
}

float grain_of(const LayerFit& fit, const std::string& layer, Operator op)
{
    if (fit.grain)
        return *fit.grain;
    switch (op) {
    case Operator::plus:
    case Operator::screen:
    case Operator::max:
    case Operator::min:
    case Operator::difference:
        return 0.0f;
    case Operator::over:
    case Operator::under:
    case Operator::in:
    case Operator::out:
    case Operator::atop:
    case Operator::exclusive:
    case Operator::mask:
    case Operator::stencil:
    case Operator::multiply:
    case Operator::copy:
        break;
    }
    const bool has_its_own = layer == "plate" || layer == "comp" || layer == "clean";
    return has_its_own ? 0.0f : 1.0f;
}

ParamSpecs plate_fit_params()
{
    return {
        param::number("grain", 0.0,
                      "The plate's own grain on generated pixels, by how much of a pixel is generated: 1 as much "
                      "as the plate has, 0 none.")
            .between(0.0, 4.0),
        param::number("softness_px",
                      "The lens softness that 'softness' goes by: standard deviation of a Gaussian; left out, "
                      "measured on the plate's sharpest edges.")
            .in("px")
            .between(0.0, 50.0),
        param::numbers("black_level", 3,
                       "R, G and B that 'blacks' lifts to; left out, the darkest that the plate shows."),
        param::numbers("haze_colour", 3,
                       "R, G and B of haze without end; left out, the plate's sky at the horizon."),
    };
}

PlateFit read_plate_fit(const Params& params)
{
    PlateFit fit{.grain = static_cast<float>(params.number("grain")),
                 .black_level = colour(params, "black_level"),
                 .haze_colour = colour(params, "haze_colour")};
    if (params.has("softness_px"))
        fit.softness_px = params.number("softness_px");
    return fit;
}

} // namespace platefall::comp
