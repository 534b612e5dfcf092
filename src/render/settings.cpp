#include "render/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace platefall::render {
namespace {

constexpr std::array<std::string_view, 11> kAovNames{"depth",      "normal",       "velocity",   "albedo",
                                                     "direct",     "sky",          "dust_depth", "dust_density",
                                                     "dust_front", "crypto_piece", "crypto_element"};

ParamSpecs light_params()
{
    return {
        param::number("sun_azimuth", "Where the sun stands, seen from above: 0 is +x, 90 is +z.")
            .in("degrees")
            .between(-360, 360),
        param::number("sun_height", "How high the sun stands.").in("degrees").between(1, 90),
        param::points("sun_marks",
                      "Instead of the two, three pixels of the plate at 'freeze': the top of something upright, its foot on "
                      "level ground, the tip of its shadow there.")
            .in("px"),
        param::number("sun_angle", 0.53, "Across the sun's disc; wider is softer.").in("degrees").between(0, 20),
        param::number("turbidity", 3.0, "Of the clear sky: 2 is deep blue, 10 is haze.").between(2, 10),
        param::path("hdri", "Lat-long picture of the sky instead of the clear one, y up, without the sun."),
        param::number("hdri_turn", 0.0, "Turns it: where its left edge points to, as 'sun_azimuth'.")
            .in("degrees")
            .between(-360, 360),
        param::numbers("lit", 2, "Pixel [x, y] of the plate at 'freeze' on level, grey ground in the sun; with 'shaded'.")
            .in("px"),
        param::numbers("shaded", 2, "Pixel [x, y] of the same ground in a shadow: tells how bright and which colour sun and sky are.").in("px"),
        param::numbers("sun_gain", {1, 1, 1}, "Multiplies the sun."),
        param::numbers("sky_gain", {1, 1, 1}, "Multiplies the sky."),
        param::numbers("ground_albedo", {0.2, 0.2, 0.2}, "What the ground reflects."),
        param::number("facade_albedo", 0.35,
                      "What the building's walls reflect where the plate shows them in the sun: tells how bright the light is.")
            .between(0.02, 0.95),
        param::number("light_level",
                      "How bright a white surface that faces the sun would be in the plate, instead of 'facade_albedo'.")
            .between(1e-4, 1e4),
    };
}

ParamSpecs picture_params()
{
    return {
        param::text("matte", "Matte of the building; takes the edges along that its model does not have."),
        param::texts("foreground", "Mattes of what stands in front of it: never projected onto pieces."),
        param::integer("freeze", "Frame whose plate becomes the skin of the pieces. Left out, the shot's first.")
            .in("frame"),
        param::number("shutter", 180.0, "Shutter angle, centred on the frame.").in("degrees").between(0, 360),
        param::integer("samples", 8, "Samples a pixel of debris.").between(1, 1024),
        param::integer("dust_samples", 2, "Rays a pixel through the dust, at most 'samples'.").between(1, 1024),
        param::integer("shadow_samples", 4, "Rays a pixel to the sun, for shadows on the plate; half as many to the sky.")
            .between(1, 1024),
        param::integer("overscan", 0, "Pixels rendered beyond the plate on every side, for lens distortion.")
            .in("px")
            .between(0, 4096),
        param::number("dust_extinction", 1.0, "Multiplies how much the dust hides.").between(0, 100),
        param::number("dust_detail", 1.0, "Structure finer than the simulated cells.").between(0, 4),
        param::numbers("dust_albedo", {0.93, 0.92, 0.90}, "Colour of the dust: what it scatters of what it takes."),
        param::texts("aovs", "Further layers: depth, normal, velocity, albedo, direct, sky, dust_depth, dust_density, "
                             "dust_front, crypto_piece, crypto_element."),
        param::path("deep", "Sequence of deep EXRs with debris and dust as samples in depth."),
    };
}

Colour colour_of(const Params& params, const char* name)
{
    const std::vector<double> v = params.numbers(name);
    if (v.size() != 3 || std::ranges::any_of(v, [](double x) { return !(x >= 0); }))
        throw params.error(name, fmt::format("'{}' is three numbers, red, green and blue, none below 0", name));
    return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
}

std::optional<std::array<V2, 2>> mark_of(const Params& params, const ShotInfo& shot)
{
    if (params.has("lit") != params.has("shaded"))
        throw params.error(params.has("lit") ? "lit" : "shaded", "'lit' and 'shaded' belong together", "give both or none");
    if (!params.has("lit"))
        return std::nullopt;
    const auto point = [&](const char* name) {
        const auto v = params.numbers(name);
        return V2(static_cast<float>(shot.px(v[0])), static_cast<float>(shot.px(v[1])));
    };
    return std::array{point("lit"), point("shaded")};
}

/// Where the sun stands is said in one of two ways.
std::optional<SunMarks> sun_marks_of(const Params& params, const ShotInfo& shot)
{
    const bool by_angles = params.has("sun_azimuth") && params.has("sun_height");
    if (by_angles == params.has("sun_marks") || (!by_angles && (params.has("sun_azimuth") || params.has("sun_height"))))
        throw Error(at(params.origin(), "render: where the sun stands is said either by 'sun_azimuth' and 'sun_height' or by "
                                        "'sun_marks'",
                       by_angles ? "remove one of them" : "give one of them"));
    if (by_angles)
        return std::nullopt;
    const auto marks = params.points("sun_marks");
    if (marks.size() != 3)
        throw params.error("sun_marks", fmt::format("'sun_marks' are three pixels: top, foot and tip of the shadow (has {})",
                                                    marks.size()));
    const auto pixel = [&](std::size_t i) {
        return V2(static_cast<float>(shot.px(marks[i][0])), static_cast<float>(shot.px(marks[i][1])));
    };
    return SunMarks{pixel(0), pixel(1), pixel(2)};
}

DaylightSettings light_of(const Params& params, const ShotInfo& shot)
{
    DaylightSettings light;
    const auto number = [&](const char* name) { return static_cast<float>(params.number(name)); };
    light.sun_marks = sun_marks_of(params, shot);
    if (!light.sun_marks) {
        light.sun_azimuth_deg = number("sun_azimuth");
        light.sun_height_deg = number("sun_height");
    }
    light.sun_angle_deg = number("sun_angle");
    light.turbidity = number("turbidity");
    light.sun_gain = colour_of(params, "sun_gain");
    light.sky_gain = colour_of(params, "sky_gain");
    light.ground_albedo = colour_of(params, "ground_albedo");
    light.facade_albedo = number("facade_albedo");
    light.hdri_turn_deg = number("hdri_turn");
    light.marked_shadow = mark_of(params, shot);
    if (params.has("hdri"))
        light.hdri = params.path("hdri");
    if (params.has("light_level"))
        light.light_level = number("light_level");
    return light;
}

std::string matte_layer(const std::string& name)
{
    return name.starts_with("matte.") ? name : "matte." + name;
}

void read_mattes(const Params& params, Settings& settings)
{
    settings.reads.push_back({"plate", params.origin()});
    if (params.has("matte")) {
        settings.matte = matte_layer(params.text("matte"));
        settings.reads.push_back({settings.matte, params.origin("matte")});
    }
    for (const std::string& name : params.texts("foreground")) {
        settings.foreground.push_back(matte_layer(name));
        settings.reads.push_back({settings.foreground.back(), params.origin("foreground")});
    }
}

std::vector<Aov> aovs_of(const Params& params)
{
    std::vector<Aov> aovs;
    for (const std::string& name : params.texts("aovs")) {
        const auto found = std::ranges::find(kAovNames, name);
        if (found == kAovNames.end())
            throw params.error("aovs", fmt::format("'{}' is not an AOV of the stage render (there are: {})", name,
                                                   fmt::join(kAovNames, ", ")));
        aovs.push_back(static_cast<Aov>(found - kAovNames.begin()));
    }
    return aovs;
}

}  // namespace

std::string_view name_of(Aov aov)
{
    return kAovNames[static_cast<std::size_t>(aov)];
}

bool Settings::wants(Aov aov) const
{
    return std::ranges::find(aovs, aov) != aovs.end();
}

ParamSpecs render_params()
{
    ParamSpecs specs = light_params();
    std::ranges::move(picture_params(), std::back_inserter(specs));
    return specs;
}

Settings read_settings(const Params& params, const ShotInfo& shot)
{
    Settings settings;
    settings.light = light_of(params, shot);
    read_mattes(params, settings);
    settings.freeze = params.has("freeze") ? static_cast<int>(params.integer("freeze")) : shot.frames.front();
    if (!std::ranges::binary_search(shot.frames, settings.freeze))
        throw params.error("freeze", fmt::format("frame {} is not part of the shot", settings.freeze));
    settings.shutter_deg = params.number("shutter");
    settings.samples = static_cast<int>(params.integer("samples"));
    settings.dust_samples = static_cast<int>(params.integer("dust_samples"));
    if (settings.dust_samples > settings.samples)
        throw params.error("dust_samples", fmt::format("{} rays through the dust are more than the {} samples a pixel",
                                                       settings.dust_samples, settings.samples));
    settings.shadow_samples = static_cast<int>(params.integer("shadow_samples"));
    settings.overscan_px = static_cast<int>(std::ceil(shot.px(static_cast<double>(params.integer("overscan")))));
    settings.dust_extinction = params.number("dust_extinction");
    settings.dust_detail = params.number("dust_detail");
    settings.dust_albedo = colour_of(params, "dust_albedo");
    settings.aovs = aovs_of(params);
    if (settings.wants(Aov::dust_front) && settings.foreground.empty())
        throw params.error("aovs", "'dust_front' is dust in front of the foreground, and there is none",
                           "name its mattes in 'foreground'");
    if (params.has("deep"))
        settings.deep = SequencePath(params.path("deep"));
    settings.seed = shot.seed;
    return settings;
}

}  // namespace platefall::render
