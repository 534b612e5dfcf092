#include "render/prepared.h"

#include "image/read.h"
#include "render/geometry/set_mesh.h"

#include <fmt/format.h>

#include <numbers>

namespace platefall::render {
namespace {

/// Linear Rec. 709 into the working space: a matrix, learnt from its three primaries.
std::function<Colour(const Colour&)> working_space_of(const ShotInfo& shot)
{
    if (!shot.to_working_space)
        return [](const Colour& colour) { return colour; };
    std::array<Colour, 3> primaries;
    for (int c = 0; c < 3; ++c) {
        Image one({0, 0, 1, 1}, {0, 0, 1, 1}, {{"R"}, {"G"}, {"B"}});
        one.pixel(0, 0)[c] = 1;
        shot.to_working_space(one, "lin_rec709");
        primaries[static_cast<std::size_t>(c)] = {one.pixel(0, 0)[0], one.pixel(0, 0)[1], one.pixel(0, 0)[2]};
    }
    return [primaries](const Colour& c) { return primaries[0] * c.x + primaries[1] * c.y + primaries[2] * c.z; };
}

std::vector<std::string> names_of_pieces(const Debris& debris)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < debris.pieces.size(); ++i)
        names.push_back(fmt::format("piece_{:04}", i));
    return names;
}

/// "column_f3_0045".
std::vector<std::string> names_of_elements(const Debris& debris)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < debris.elements.size(); ++i)
        names.push_back(fmt::format("{}_f{}_{:04}", name_of(debris.elements[i].kind), debris.elements[i].floor, i));
    return names;
}

/// In units of the plate: what the walls reflect, or what a white surface would, tells.
float light_factor(const DaylightSettings& settings, const Light& light, const RestScenes& rest,
                   const PlateTexture& skin)
{
    if (settings.light_level) {
        const float level = luminance(light.sun + light.sky.irradiance(light.to_sun)) / std::numbers::pi_v<float>;
        return *settings.light_level / level;
    }
    return skin.light_factor(Illumination(light, {&rest.set, &rest.building, nullptr}), settings.facade_albedo);
}

void check_freeze(const Settings& settings, const CollapseSet& set)
{
    const int moving = set.trigger + set.first_moving;
    if (settings.freeze >= moving && set.first_moving < set.frames)
        throw Error(fmt::format("render: the building has already moved in frame {}, whose plate is to be its skin; "
                                "'freeze' must be before frame {}",
                                settings.freeze, moving));
}

}  // namespace

PreparedShot::PreparedShot(const Settings& settings, const ShotInfo& shot, const CollapseFolders& from,
                           const FreezeFrame& freeze)
    : set(load_set(from.motion)), folders(from), debris(load_pieces(from.motion)),
      chips(from.chips ? load_all_chips(*from.chips) : Chips()), mesh(debris), set_triangles(set_mesh(set)),
      rest{TraceScene(device_, set_triangles), TraceScene(device_, mesh.at_rest())},
      piece_names(names_of_pieces(debris)), element_names(names_of_elements(debris)),
      shutter_s(static_cast<float>(settings.shutter_frames() / shot.fps))
{
    check_freeze(settings, set);
    const auto to_working = working_space_of(shot);
    const std::optional<Image> hdri =
        settings.light.hdri ? std::optional(read_image(*settings.light.hdri).image) : std::nullopt;
    const View view(shot, settings.freeze, 0);
    const V3 to_sun = settings.light.sun_marks
                          ? sun_direction(*settings.light.sun_marks, view, set.ground_m)
                          : direction_of(settings.light.sun_azimuth_deg, settings.light.sun_height_deg);
    const Light relative = daylight(settings.light, to_sun, to_working, hdri ? &*hdri : nullptr, &freeze.plate);

    skin.emplace(freeze.plate, freeze.hidden ? &*freeze.hidden : nullptr, view, mesh, rest,
                 find_skin(mesh, rest.building));
    light = scaled(relative, light_factor(settings.light, relative, rest, *skin));
    at_rest_.emplace(light, Obstruction{&rest.set, &rest.building, nullptr});
    look.emplace(debris, mesh, &*skin, to_working);
}

DebrisNow PreparedShot::debris_at(int index) const
{
    DebrisNow now{.mesh = &mesh,
                  .moment = mesh.moment(load_poses(folders.motion, index), shutter_s),
                  .chips = nullptr,
                  .chip_poses = {},
                  .chips_shown = {},
                  .piece_triangles = 0};
    if (folders.chips) {
        now.chips = &chips;
        now.chip_poses = load_chip_poses(*folders.chips, index);
        now.moment.anything_moved = now.moment.anything_moved || !now.chip_poses.empty();
    }
    return now;
}

DustFrame PreparedShot::dust_at(int index) const
{
    return folders.dust ? load_dust(*folders.dust, index) : DustFrame();
}

}  // namespace platefall::render
