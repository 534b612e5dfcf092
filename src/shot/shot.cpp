#include "shot/shot.h"

#include "base/spelling.h"
#include "shot/frame_range.h"
#include "shot/sections_layout.h"
#include "shot/shot_output.h"

#include <cstdlib>
#include <map>

namespace platefall {
namespace {

/// The checked sections of a manifest. One with faults of its own still has values for everything else.
class Sections {
public:
    Sections(const ManifestLayout& layout, const Manifest& manifest, Faults& faults)
    {
        for (const ManifestSection& section : manifest_sections()) {
            const auto found = layout.sections.find(section.name);
            const bool there = found != layout.sections.end() && found->second;
            const ParamTable absent{{}, {manifest.root.origin.file, 0, 0, ""}};
            Faults own;
            Params params = Params::check(there ? *found->second : absent, section.params,
                                          "[" + section.name + "]", manifest.folder, own);
            if (there)
                for (const std::string& fault : own.all())
                    faults.add(fault);
            all_.insert_or_assign(section.name, Section{std::move(params), there, own.empty()});
        }
    }

    const Params& operator[](const std::string& name) const { return all_.at(name).params; }

    /// It is written down, and nothing in it was refused.
    bool good(const std::string& name) const { return all_.at(name).there && all_.at(name).good; }

private:
    struct Section {
        Params params;
        bool there, good;
    };
    std::map<std::string, Section> all_;
};

/// Runs `work`, and keeps what it throws about the user's input as a fault at `origin`.
template <typename Work>
void guarded(Faults& faults, const Origin& origin, Work&& work)
{
    try {
        work();
    } catch (const Error& error) {
        faults.add(at(origin, error.what()));
    }
}

void read_name_and_frames(const Params& params, ShotInfo& info, Faults& faults)
{
    if (params.has("name")) {
        info.name = params.text("name");
        if (!is_plain_name(info.name, "_.-"))
            faults.add(
                params.error("name", "'name' has letters, digits, '_', '.' and '-' only, since it becomes "
                                     "file names (is '"
                                         + info.name + "')"));
    }
    if (params.has("frames"))
        guarded(faults, params.origin("frames"),
                [&] { info.frames = parse_frame_range(params.text("frames")); });
    info.fps = params.number("fps");
    info.seed = static_cast<std::uint64_t>(params.integer("seed"));
    info.colorspace = params.text("colorspace");
}

std::shared_ptr<const ColourSpaces> read_colours(const Params& params, Faults& faults)
{
    std::shared_ptr<const ColourSpaces> colours;
    guarded(faults, params.origin("ocio"), [&] {
        const bool named = params.has("ocio");
        colours = std::make_shared<ColourSpaces>(named ? params.path("ocio") : std::filesystem::path());
    });
    return colours;
}

void require_colour_space(const Params& params, const std::string& name, const ColourSpaces* colours,
                          Faults& faults)
{
    if (!colours || colours->has(name))
        return;
    std::string hint = did_you_mean(name, colours->names());
    if (hint.empty())
        hint = "the configuration has " + join_with_and(colours->names());
    const std::string by_default = params.given("colorspace") ? "" : ", which is the default";
    faults.add(params.error("colorspace", "unknown colour space '" + name + "'" + by_default, hint));
}

/// The colour space that a section names, or else the shot's.
std::string section_colour_space(const Params& params, const Shot& shot, Faults& faults)
{
    if (!params.given("colorspace"))
        return shot.info.colorspace;
    require_colour_space(params, params.text("colorspace"), shot.colours.get(), faults);
    return params.text("colorspace");
}

void read_plate(const Params& params, Shot& shot, Faults& faults)
{
    shot.plate_colorspace = section_colour_space(params, shot, faults);
    shot.plate_params = params;
    if (!params.has("path"))
        return;
    try {
        shot.plate.emplace(params);
    } catch (const Error& error) {
        faults.add(error);
    }
}

void read_camera(const Params& params, Shot& shot, Faults& faults)
{
    Faults own;
    const auto track = std::make_shared<const CameraTrack>(params, own);
    if (!own.empty()) {
        for (const std::string& fault : own.all())
            faults.add(fault);
        return;
    }
    if (const std::vector<int> missing = track->missing(shot.info.frames); !missing.empty())
        faults.add(
            params.error("path", "the camera lacks frames " + format_frame_range(missing) + " of the shot"));
    shot.camera = track;
    shot.info.camera = [track](int frame) { return track->at(frame); };
}

/// Not asked of the system's user database, which may be a service that is talked to through a socket.
std::string user_of_environment()
{
    for (const char* name : {"USER", "LOGNAME"})
        if (const char* value = std::getenv(name); value && *value)
            return value;
    return "";
}

Provenance read_provenance(const Params& params)
{
    Provenance provenance{.is_final = params.text("approval") == "final",
                          .operator_name = params.has("operator") ? params.text("operator") : user_of_environment(),
                          .unowned_material = params.text("unowned_material"),
                          .keeps_inputs = params.text("keeps_inputs"),
                          .secured_environment = params.text("secured_environment"),
                          .talent = params.text("talent")};
    for (const Params& model : params.tables("models"))
        provenance.models.push_back(
            {model.text("name"), model.text("licence"), model.text("training_data"), model.text("source")});
    return provenance;
}

}  // namespace

Shot read_shot(Manifest manifest, int proxy, Faults& faults)
{
    Faults own;
    Shot shot;
    shot.manifest = std::move(manifest);
    ManifestLayout layout = lay_out(shot.manifest.root, own);
    const Sections sections(layout, shot.manifest, own);
    shot.stages = std::move(layout.stages);
    shot.info.proxy = proxy;

    read_name_and_frames(sections["shot"], shot.info, own);
    shot.colours = read_colours(sections["shot"], own);
    require_colour_space(sections["shot"], shot.info.colorspace, shot.colours.get(), own);
    if (shot.colours)
        shot.info.to_working_space = [colours = shot.colours,
                                      to = shot.info.colorspace](Image& image, const std::string& from) {
            colours->convert(image, from, to);
            if (colours->is_data(from))
                for (Channel& channel : image.channels())
                    channel.data = true;
        };

    read_plate(sections["plate"], shot, own);
    if (sections.good("camera"))
        read_camera(sections["camera"], shot, own);

    shot.output = read_output(sections["output"], shot, own);
    shot.output.colorspace = section_colour_space(sections["output"], shot, own);
    shot.provenance = read_provenance(sections["provenance"]);
    shot.version = sections["shot"].text("version");
    const Params& cache = sections["cache"];
    shot.cache_folder = cache.has("path") ? cache.path("path") : shot.manifest.folder / ".platefall";

    for (const std::string& fault : in_file_order(own.all(), shot.manifest))
        faults.add(fault);
    return shot;
}

}  // namespace platefall
