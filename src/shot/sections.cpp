#include "shot/shot.h"

#include "image/write.h"

#include <limits>

namespace platefall {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

ManifestSection shot_section()
{
    return {
        "shot",
        "The shot itself: its name, its frames and the working colour space.",
        true,
        {
            param::text("name", "Name of the shot: letters, digits, '_', '.' and '-'.").must_be_given(),
            param::text("frames", "Frames of the shot, as in \"1001-1072\" or \"1001-1100x10,1200\".")
                .must_be_given(),
            param::number("fps", 24.0, "Frames a second.").in("frames/s").between(0.001, 1000),
            param::text("colorspace", "lin_rec709",
                        "Working colour space, scene-linear, of everything between plate and output."),
            param::path("ocio", "OpenColorIO configuration, instead of $OCIO and the built-in one."),
            param::text("version", "", "Version of the shot, as in \"v012\", for burn-ins and reports; no pixel depends on it."),
            param::integer("seed", 0, "Seed of every random choice: same seed, same frames, on any machine.")
                .between(0, kUnlimited),
        }};
}

ManifestSection plate_section()
{
    ParamSpecs params = sequence_params();
    params.push_back(param::text("colorspace", "Colour space of the plate; left out, that of the shot."));
    return {"plate", "The photographed plate that everything is put into.", true, std::move(params)};
}

ManifestSection camera_section()
{
    return {"camera", "The camera of the plate: static, or from a .chan or .json file. Metres, y up.", false,
            camera_params()};
}

ManifestSection output_section()
{
    return {
        "output",
        "The finished frames.",
        true,
        {
            param::path("path", "Finished frames: an EXR sequence, as in \"out/street.####.exr\".")
                .must_be_given(),
            param::choice("type", {"half", "float"}, "half",
                          "How samples are stored: 16-bit half or 32-bit float."),
            param::choice("compression", exr_compressions(), "zip", "EXR compression."),
            param::number("quality", "Level of dwaa and dwab compression; higher is smaller, 45 is usual.")
                .between(0, 10000),
            param::integer("tile", 0, "Edge of a tile; 0 writes scanlines.").in("px").between(0, 8192),
            param::text("colorspace", "Colour space of the finished frames; left out, that of the shot."),
            param::choice(
                "window", {"plate", "all", "display"}, "plate",
                "Data window that is written: the plate's, around all layers, or the display window."),
            param::text("layer", "comp",
                        "Layer that is written; without a stage that makes comp, the plate."),
            param::texts("aovs", "Further layers to write, as in [\"dust\", \"shadow\"]."),
            param::path("aov_path", "Sequence of its own for each of them, with {layer} in its name; left "
                                    "out, they are written into the same file as layer.channel."),
            param::path("movie", "Preview movie of the finished frames, .mp4 or .mov."),
        }};
}

ManifestSection cache_section()
{
    return {"cache",
            "Where results are kept between runs.",
            false,
            {param::path("path", "Folder of the cache; left out, '.platefall' beside the manifest.")}};
}

ManifestSection provenance_section()
{
    ParamSpecs model{
        param::text("name", "File of the model, as a stage names it.").must_be_given(),
        param::text("licence", "", "Licence that it is used under."),
        param::text("training_data", "", "What it was trained on, as its makers say."),
        param::text("source", "", "Where it came from."),
    };
    return {"provenance",
            "What a person has to say of how the shot is made, for reports and disclosures; no pixel depends on it.",
            false,
            {
                param::choice("approval", {"temp", "final"}, "temp", "Whether the frames are temporary or final."),
                param::text("operator", "Who renders; left out, $USER."),
                param::tables("models", std::move(model), "name", "Statements about neural models that stages use."),
                param::text("unowned_material", "", "Answer: do the outputs show material that the production does not own?"),
                param::text("keeps_inputs", "", "Answer: does any tool keep the inputs, or learn from them?"),
                param::text("secured_environment", "", "Answer: was the work done in a secured environment?"),
                param::text("talent", "", "Answer: was a performer's likeness, voice or performance made or changed?"),
            }};
}

}  // namespace

const std::vector<ManifestSection>& manifest_sections()
{
    static const std::vector<ManifestSection> sections{shot_section(), plate_section(), camera_section(),
                                                       output_section(), cache_section(),
                                                       provenance_section()};
    return sections;
}

const std::vector<NamedStageTable>& named_stage_tables()
{
    static const std::vector<NamedStageTable> tables{
        {"layer", "read", "An image sequence as the layer NAME."},
        {"matte", "matte", "A matte as the layer matte.NAME."},
    };
    return tables;
}

}  // namespace platefall
