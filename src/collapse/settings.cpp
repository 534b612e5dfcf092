#include "collapse/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace platefall::collapse {
namespace {

Style style_of(const std::string& name)
{
    static const std::map<std::string, Style> styles{{"implosion", Style::implosion},
                                                     {"topple", Style::topple},
                                                     {"progressive", Style::progressive},
                                                     {"blast", Style::blast}};
    return styles.at(name);
}

/// What a director means by a style, where the manifest says nothing else.
double strength_of(Style style)
{
    switch (style) {
    case Style::implosion: return 0.45;
    case Style::topple: return 20;
    case Style::progressive: return 0.4;
    case Style::blast: return 0.5;
    }
    return 1;
}

Eigen::Vector3d point_of(const Params& params, const char* name)
{
    const std::vector<double> values = params.numbers(name);
    return {values[0], values[1], values[2]};
}

ParamSpecs box_fields()
{
    return {param::numbers("low", 3, "Corner with the least x, y and z.").in("m").must_be_given(),
            param::numbers("high", 3, "Corner with the greatest x, y and z.").in("m").must_be_given()};
}

Box box_of(const Params& params)
{
    const Box box{point_of(params, "low"), point_of(params, "high")};
    if (!(box.low.array() < box.high.array()).all())
        throw params.error("high", "'high' must be greater than 'low' along x, y and z");
    return box;
}

std::vector<Box> boxes_of(const Params& params, const char* name)
{
    std::vector<Box> boxes;
    for (const Params& row : params.tables(name))
        boxes.push_back(box_of(row));
    return boxes;
}

// ------------------------------------------------------------------------------------------ building

ParamSpecs building_params()
{
    return {
        param::points("footprint", "Corners [x, z] of the building on the ground.").in("m"),
        param::path("mesh", "Model of the building instead of a footprint: closed parts, metres, y up."),
        param::numbers("mesh_offset", {0, 0, 0}, "Moves the mesh.").in("m"),
        param::number("ground", 0.0, "Height of the ground that it stands on.").in("m"),
        param::integer("floors", 10, "Number of storeys.").between(0, 200),
        param::number("floor_height", 3.0, "From floor to floor.").in("m").between(2, 20),
        param::number("bay", 5.0, "About how far columns stand apart.").in("m").between(2, 20),
        param::number("slab", 0.25, "Thickness of the floor slabs.").in("m").between(0.1, 1),
        param::number("column", 0.45, "Side of a column.").in("m").between(0.2, 2),
        param::number("beam", 0.5, "Depth of the beams below the slabs; 0 for flat slabs.").in("m").between(0, 2),
        param::choice("walls", {"masonry", "concrete"}, "masonry", "What the outer walls are made of."),
        param::number("wall", 0.2, "Thickness of the outer walls.").in("m").between(0.1, 1),
        param::number("openings", 0.4, "Share of the outer walls that is windows.").between(0, 0.8),
        param::number("sill", 1.0, "Height of the windows' lower edge over the floor.").in("m").between(0, 2),
        param::number("parapet", 0.9, "Height of the wall around the roof.").in("m").between(0, 3),
        param::number("core", 0.08, "Share of the footprint inside a core of concrete walls.").between(0, 0.5),
        param::number("partitions", 0.3, "Share of the inner bay lines with partition walls.").between(0, 1),
    };
}

BuildingPlan plan_of(const Params& params)
{
    BuildingPlan plan;
    if (params.has("footprint"))
        for (const auto& [x, z] : params.points("footprint"))
            plan.footprint.push_back({x, z});
    plan.ground_m = params.number("ground");
    plan.floors = static_cast<int>(params.integer("floors"));
    plan.floor_height_m = params.number("floor_height");
    plan.bay_m = params.number("bay");
    plan.slab_m = params.number("slab");
    plan.column_m = params.number("column");
    plan.beam_m = params.number("beam");
    plan.walls = params.text("walls") == "concrete" ? Material::concrete : Material::masonry;
    plan.wall_m = params.number("wall");
    plan.openings = params.number("openings");
    plan.sill_m = params.number("sill");
    plan.parapet_m = params.number("parapet");
    plan.core = params.number("core");
    plan.partitions = params.number("partitions");
    return plan;
}

void read_building_settings(const Params& params, Settings& settings)
{
    settings.plan = plan_of(params);
    settings.mesh_offset = point_of(params, "mesh_offset");
    if (params.has("mesh"))
        settings.mesh = params.path("mesh");
    if (params.has("mesh") == params.has("footprint"))
        throw Error(at(params.origin(), "collapse: a building is described by either 'footprint' or 'mesh'",
                       params.has("mesh") ? "remove one of them" : "add footprint = [[x, z], [x, z], [x, z], ...]"));
    if (settings.plan.floors < 1)
        throw params.error("floors", "a building without floors cannot fall", "at least 1");
}

// ------------------------------------------------------------------------------------------- failure

ParamSpecs failure_params()
{
    return {
        param::choice("style", {"implosion", "topple", "progressive", "blast"}, "implosion",
                      "How it falls: straight down; over to one side; from one corner on; blown out."),
        param::integer("trigger", "Frame of the first charge.").in("frame").must_be_given(),
        param::number("direction", 0.0,
                      "Where it topples, unzips from or is blown to, seen from above: 0 is +x, 90 is +z.")
            .in("degrees")
            .between(-360, 360),
        param::number("strength",
                      "Multiplies the strength of everything; under about 0.2 it falls by itself. Left "
                      "out, it is the style's.")
            .between(0.01, 100),
        param::number("storey_time",
                      "The guide: a storey gives way at the latest this long after the one below or "
                      "above it; 0 for none. Left out, it is the style's.")
            .in("s")
            .between(0, 10),
        param::tables(
            "charges",
            {param::integer("floor", 0, "Storey whose columns and walls it cuts; 0 is the ground floor.")
                 .between(0, 200),
             param::numbers("at", 2, "Place [x, z]; left out, all columns of the floor or of a side.")
                 .in("m"),
             param::number("azimuth", "Only outer columns on this side, as 'direction'.")
                 .in("degrees")
                 .between(-360, 360),
             param::number("width", 90.0, "Of that side.").in("degrees").between(1, 360),
             param::number("delay", 0.0, "After the trigger.").in("s").between(0, 60),
             param::number("radius", 1.5, "How far around a place it cuts.").in("m").between(0.2, 20),
             param::number("push", 0.0, "Impulse outwards, shared by the pieces within.")
                 .in("N s")
                 .between(0, 1e9)},
            "", "Charges instead of the style's own."),
        param::tables("keep_standing", box_fields(), "",
                      "Boxes; pieces whose middle is inside never break or move."),
        param::tables("obstacles", box_fields(), "", "Boxes that stop debris and dust: neighbours."),
        param::number("time_scale", 1.0, "Slow motion below 1.").between(0.01, 10),
        param::number("gravity", 9.81, "Gravity.").in("m/s^2").between(0.1, 100),
    };
}

ChargeRow charge_of(const Params& row, int floors)
{
    ChargeRow charge;
    charge.floor = static_cast<int>(row.integer("floor"));
    if (row.has("at")) {
        const auto place = row.numbers("at");
        charge.at = Eigen::Vector2d(place[0], place[1]);
    }
    if (row.has("azimuth"))
        charge.azimuth_deg = row.number("azimuth");
    charge.width_deg = row.number("width");
    charge.delay_s = row.number("delay");
    charge.radius_m = row.number("radius");
    charge.push_Ns = row.number("push");
    if (charge.floor >= floors)
        throw row.error("floor", fmt::format("the charge is outside the building, which has {} floors", floors),
                        fmt::format("0 to {}", floors - 1));
    if (charge.at && charge.azimuth_deg)
        throw row.error("azimuth", "a charge has either 'at' or 'azimuth'", "remove one of them");
    return charge;
}

void read_failure_settings(const Params& params, Settings& settings)
{
    settings.style = style_of(params.text("style"));
    settings.trigger = static_cast<int>(params.integer("trigger"));
    settings.direction_deg = params.number("direction");
    settings.fracture.strength = params.has("strength") ? params.number("strength") : strength_of(settings.style);
    if (params.has("storey_time"))
        settings.storey_time_s = params.number("storey_time");
    for (const Params& row : params.tables("charges"))
        settings.charges.push_back(charge_of(row, settings.plan.floors));
    settings.keep_standing = boxes_of(params, "keep_standing");
    settings.obstacles = boxes_of(params, "obstacles");
    settings.time_scale = params.number("time_scale");
    settings.motion.gravity_m_s2 = params.number("gravity");
}

// ------------------------------------------------------------------------------------ pieces and dust

ParamSpecs piece_params()
{
    return {
        param::integer("seed", 0, "Same seed, same rubble, on any machine."),
        param::number("piece_size", 1.2, "Median size of a piece.").in("m").between(0.2, 20),
        param::number("piece_spread", 0.35, "How much sizes differ: sigma of their logarithm.").between(0, 1.5),
        param::integer("most_pieces", 2500, "More than this is refused.").between(1, 20000),
        param::integer("steps", 120, "Steps of the rigid bodies a second.").in("1/s").between(60, 960),
    };
}

ParamSpecs chip_params()
{
    return {param::number("chips", 1.0, "How many chips fly: grit, shards and spall; 0 for none.").between(0, 20)};
}

ParamSpecs dust_params()
{
    return {
        param::number("dust", 1.0, "How dusty it is; 0 for none.").between(0, 20),
        param::number("dust_cell", 0.5, "Size of a cell of the dust.").in("m").between(0.05, 10),
        param::numbers("dust_low", 3,
                       "Corner with the least x, y, z of the dust's box; left out, it is predicted.")
            .in("m"),
        param::numbers("dust_high", 3, "The opposite corner.").in("m"),
        param::number("dust_settling", 0.4, "How fast the coarse dust sinks.").in("m/s").between(0, 5),
        param::number("dust_vorticity", 0.3, "Strengthens small swirls.").between(0, 1),
        param::number("dust_detail", 1.0, "How strong small swirls are that the grid is too coarse for.")
            .between(0, 4),
        param::numbers("wind", {0, 0, 0}, "Wind.").in("m/s"),
        param::number("dust_memory", 2048.0, "More than this is refused.").in("MB").between(16, 1e6),
    };
}

void read_piece_settings(const Params& params, const ShotInfo& shot, Settings& settings)
{
    settings.fracture.seed = shot.seed * 0x9e3779b97f4a7c15u + static_cast<std::uint64_t>(params.integer("seed"));
    settings.fracture.size_m = params.number("piece_size");
    settings.fracture.spread = params.number("piece_spread");
    settings.fracture.most_pieces = static_cast<int>(params.integer("most_pieces"));
    settings.motion.steps_per_s = static_cast<int>(params.integer("steps"));
    settings.chips = params.number("chips");
}

void read_dust_settings(const Params& params, Settings& settings)
{
    DustPlan& dust = settings.dust;
    dust.amount = params.number("dust");
    dust.cell_m = params.number("dust_cell");
    if (params.has("dust_low") != params.has("dust_high"))
        throw Error(at(params.origin(), "collapse: the dust's box needs both 'dust_low' and 'dust_high'"));
    if (params.has("dust_low")) {
        dust.box = Box{point_of(params, "dust_low"), point_of(params, "dust_high")};
        if (!(dust.box->low.array() < dust.box->high.array()).all())
            throw params.error("dust_high", "'dust_high' must be greater than 'dust_low' along x, y and z");
    }
    dust.settling_m_s = params.number("dust_settling");
    dust.vorticity = params.number("dust_vorticity");
    dust.detail = params.number("dust_detail");
    dust.wind = point_of(params, "wind");
    dust.memory_MB = params.number("dust_memory");
}

// -------------------------------------------------------------------------------------------- output

ParamSpecs output_params()
{
    return {
        param::path("debris_file", "USD file (.usda) of all debris, written once for other packages."),
        param::path("dust_files", "OpenVDB files (.####.vdb) of the dust, written once for other packages."),
        param::flag("playblast", false,
                    "Whether the layer 'playblast' is made: shaded debris and dust over the plate."),
        param::text("over", "plate", "The layer that the playblast lies over: the plate, or a clean plate."),
        param::number("sun_azimuth", 60.0, "Where the playblast's light comes from, as 'direction'.")
            .in("degrees")
            .between(-360, 360),
        param::number("sun_height", 40.0, "How high it stands.").in("degrees").between(1, 90),
    };
}

void read_output_settings(const Params& params, Settings& settings)
{
    if (params.has("debris_file"))
        settings.debris_file = params.path("debris_file");
    if (params.has("dust_files"))
        settings.dust_files = SequencePath(params.path("dust_files"));
    settings.playblast = params.flag("playblast");
    settings.over = params.text("over");
    settings.sun_azimuth_deg = params.number("sun_azimuth");
    settings.sun_height_deg = params.number("sun_height");
}

}  // namespace

ParamSpecs collapse_params()
{
    ParamSpecs all;
    for (const ParamSpecs& some : {failure_params(), building_params(), piece_params(), chip_params(), dust_params(), output_params()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

Settings read_settings(const Params& params, const ShotInfo& shot)
{
    Settings settings;
    read_building_settings(params, settings);
    read_failure_settings(params, settings);
    read_piece_settings(params, shot, settings);
    read_dust_settings(params, settings);
    read_output_settings(params, settings);
    for (const ParamSpecs& some : {failure_params(), building_params(), piece_params()})
        settings.motion_made_from += params.canonical(some);
    settings.motion_made_from += fmt::format("shot.seed={};fps={};", shot.seed, shot.fps);
    settings.chips_made_from = params.canonical(chip_params());
    settings.dust_made_from = params.canonical(dust_params());
    settings.motion.fps = shot.fps;
    settings.motion.time_scale = settings.time_scale;
    settings.motion.ground_m = settings.plan.ground_m;
    for (const Box& box : settings.obstacles)
        settings.motion.obstacles.push_back({box.low, box.high});
    return settings;
}

}  // namespace platefall::collapse
