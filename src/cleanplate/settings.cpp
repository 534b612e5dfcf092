#include "cleanplate/settings.h"

#include "base/hash.h"

#include <algorithm>
#include <iterator>

namespace platefall::cleanplate {
namespace {

Method method_of(const std::string& name)
{
    if (name == "propagate")
        return Method::propagate;
    return name == "patch" ? Method::patch : Method::automatic;
}

std::string checked_name(const Params& params)
{
    const std::string& name = params.text("name");
    if (name.empty() || name.find('.') != std::string::npos || name == "plate" || name == "comp"
        || name == "generated")
        throw params.error("name", "a clean plate cannot be called '" + name + "'", "choose another name");
    return name;
}

}  // namespace

ParamSpecs cleanplate_params()
{
    ParamSpecs specs{
        param::text("matte", "Matte of what is taken out, as in 'building' for [matte.building].").must_be_given(),
        param::texts("foreground", "Mattes of what stands in front of it or moves: neither filled nor copied from."),
        param::texts("regions", "Mattes of things that are made each from itself alone, front to back: of sky, a house, a wall; "
                                "what none of them covers is one more."),
        param::choice("method", {"auto", "propagate", "patch"}, "auto",
                      "What fills the hole: auto copies from other frames and makes up what none of them saw, propagate "
                      "only copies and leaves the rest smooth, patch makes up all of it from one frame."),
        param::number("grow", 3.0, "Moves the edge of every matte outwards, past its blur.").in("px").between(0.0, 200.0),
        param::number("feather", 2.0, "Width over which the plate takes over, outside the grown matte.")
            .in("px")
            .between(0.0, 200.0),
        param::integer("unite_frames", 1, "Frames before and after whose mattes are united with each one's own.")
            .in("frame")
            .between(0, 10),
        param::number("grain", 1.0, "How much of the plate's own grain is given back to what lost it.").between(0.0, 1.0),
        param::flag("use_camera", true, "Whether the shot's camera, where there is one, says how the frames move."),
        param::path("depth", "Sequence of any few frames with a channel Z, metres along the view axis, rendered or "
                             "tracked, that says with the camera where the planes of the set lie."),
        param::text("name", "clean", "Name of the layer that is written."),
    };
    std::ranges::move(prior_params(), std::back_inserter(specs));
    return specs;
}

Settings read_settings(const Params& params, const ShotInfo& shot)
{
    Settings settings;
    settings.name = checked_name(params);
    settings.hole.matte = "matte." + params.text("matte");
    settings.reads = {{"plate", params.origin()}, {settings.hole.matte, params.origin("matte")}};
    for (const std::string& name : params.texts("foreground")) {
        settings.hole.foreground.push_back("matte." + name);
        settings.reads.push_back({"matte." + name, params.origin("foreground")});
    }
    for (const std::string& name : params.texts("regions")) {
        if (std::ranges::count(params.texts("regions"), name) > 1)
            throw params.error("regions", "'regions' names '" + name + "' twice", "front to back, each once");
        settings.regions.push_back("matte." + name);
        settings.reads.push_back({"matte." + name, params.origin("regions")});
    }
    settings.method = method_of(params.text("method"));
    settings.hole.grow_px = shot.px(params.number("grow"));
    settings.hole.unite_frames = static_cast<int>(params.integer("unite_frames"));
    settings.feather_px = shot.px(params.number("feather"));
    settings.grain = static_cast<float>(params.number("grain"));
    settings.use_camera = params.flag("use_camera");
    if (params.has("depth")) {
        if (!shot.camera)
            throw params.error("depth", "'depth' needs a camera to say where it looks from", "add [camera] to the manifest");
        settings.depth = SequencePath(params.path("depth"));
    }
    settings.seed = Hasher().number(static_cast<std::int64_t>(shot.seed)).text("cleanplate").text(settings.name).result().low;
    settings.prior = read_prior(params, settings.seed);
    return settings;
}

}  // namespace platefall::cleanplate
