#include "comp/placement.h"

#include "image/read.h"

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace platefall::comp {
namespace {

std::array<double, 2> pair(const std::vector<double>& values)
{
    return {values[0], values[1]};
}

Reconstruction parse_filter(const std::string& name)
{
    return name == "nearest"  ? Reconstruction::nearest
           : name == "linear" ? Reconstruction::linear
                              : Reconstruction::cubic;
}

Image read_stmap(const Placement& placement, const std::string& layer, Frame& frame)
{
    ReadOptions options;
    options.proxy = frame.shot->proxy;
    ImageFile map = read_image(placement.stmap->at(frame.number), options);
    for (const std::string& warning : map.warnings)
        frame.warnings.push_back("stmap of layer " + layer + ": " + warning);
    return std::move(map.image);
}

} // namespace

bool Placement::moves() const
{
    return translate_px != std::array{0.0, 0.0} || rotate_deg != 0.0 || scale != std::array{1.0, 1.0};
}

ParamSpecs placement_params()
{
    return {
        param::numbers("translate_px", {0.0, 0.0}, "Moves the picture right and down.").in("px"),
        param::number("rotate_deg", 0.0, "Turns the picture counter-clockwise about its pivot.").in("deg"),
        param::numbers("scale", {1.0, 1.0}, "Scales the picture about its pivot, before it is turned."),
        param::numbers("pivot_px", 2,
                       "Fixed point of scale and turn; the display window's middle if left out.")
            .in("px"),
        param::choice("filter", {"nearest", "linear", "cubic"}, "cubic",
                      "How pixels of a moved or distorted picture are made from their neighbours."),
        param::path("stmap", "STMap that distorts the picture: a still, or a sequence."),
    };
}

Placement read_placement(const Params& params, Faults& faults)
{
    Placement placement{.translate_px = pair(params.numbers("translate_px")),
                        .rotate_deg = params.number("rotate_deg"),
                        .scale = pair(params.numbers("scale")),
                        .pivot_px = {},
                        .filter = parse_filter(params.text("filter")),
                        .stmap = {}};
    if (placement.scale[0] == 0.0 || placement.scale[1] == 0.0)
        faults.add(params.error("scale", "'scale' must not be 0; nothing would be left"));
    if (params.has("pivot_px"))
        placement.pivot_px = pair(params.numbers("pivot_px"));
    if (params.has("stmap")) {
        try {
            placement.stmap = SequencePath(params.path("stmap"));
        } catch (const Error& error) {
            faults.add(params.error("stmap", error.what()));
        }
    }
    return placement;
}

Affine transform_of(const Placement& placement, const Window& display, const ShotInfo& shot)
{
    std::array<double, 2> pivot{0.5 * (display.x0 + display.x1), 0.5 * (display.y0 + display.y1)};
    if (placement.pivot_px)
        pivot = {display.x0 + shot.px((*placement.pivot_px)[0]),
                 display.y0 + shot.px((*placement.pivot_px)[1])};

    // Counter-clockwise on a screen whose y goes down.
    const double angle = placement.rotate_deg * std::numbers::pi / 180.0;
    const double c = std::cos(angle), s = std::sin(angle);
    const double m0 = c * placement.scale[0], m1 = s * placement.scale[1];
    const double m3 = -s * placement.scale[0], m4 = c * placement.scale[1];
    return {m0, m1, pivot[0] + shot.px(placement.translate_px[0]) - m0 * pivot[0] - m1 * pivot[1],
            m3, m4, pivot[1] + shot.px(placement.translate_px[1]) - m3 * pivot[0] - m4 * pivot[1]};
}

Image placed(const Image& picture, const Placement& placement, Reconstruction filter, const Window& limit,
             const std::string& layer, Frame& frame)
{
    const auto distorted = [&](const Image& flat) {
        return apply_stmap(flat, read_stmap(placement, layer, frame), filter);
    };
    if (!placement.moves())
        return distorted(picture);
    // A distortion can pull in what lies outside the frame, so nothing is cut away before it.
    const Window room = placement.stmap ? unite(limit, picture.data_window()) : limit;
    Image moved =
        transform(picture, transform_of(placement, picture.display_window(), *frame.shot), filter, room);
    return placement.stmap ? distorted(moved) : std::move(moved);
}

} // namespace platefall::comp
