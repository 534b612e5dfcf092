/// A shot: the manifest with its meaning, apart from the stages' parameters, which the plan checks.
#pragma once

#include "image/colour.h"
#include "image/write.h"
#include "shot/camera_track.h"
#include "shot/manifest.h"
#include "shot/sequence.h"
#include "shot/sequence_path.h"

#include <platefall/frame.h>
#include <platefall/params.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace platefall {

/// One table of the manifest and what may stand in it, for the check, the schema and the documentation.
struct ManifestSection {
    std::string name;  ///< "shot", "plate", ...
    std::string summary;
    bool required = false;
    ParamSpecs params;
};

/// [shot] [plate] [camera] [output] [cache] [provenance]. Besides these a manifest has named_stage_tables() and [[stage]].
const std::vector<ManifestSection>& manifest_sections();

/// Tables that hold one stage each under a name: [layer.NAME] is a stage `read`, [matte.NAME] a stage
/// `matte`, with `name` = NAME. They come before all [[stage]]s.
struct NamedStageTable {
    std::string name;  ///< "layer"
    std::string use;   ///< "read"
    std::string summary;
};
const std::vector<NamedStageTable>& named_stage_tables();

enum class OutputWindow {
    plate,
    all,
    display
};  ///< data window of what is written; all: union of everything

struct Output {
    SequencePath path;
    ChannelType type = ChannelType::half_float;
    WriteOptions file;
    std::string colorspace;
    OutputWindow window = OutputWindow::plate;
    std::string layer;                     ///< what is written: "comp", or the plate if no stage makes one
    std::vector<std::string> aovs;         ///< further layers to write
    std::optional<SequencePath> aov_path;  ///< with {layer}; absent: into the same file as layer.channel
    std::filesystem::path movie;           ///< empty: none
    std::optional<Params> params;          ///< to point at their values in errors
};

/// What a person has to say of how the shot is made; nothing of it changes a pixel.
struct Provenance {
    struct Model {
        std::string name;            ///< file name, as a stage names it
        std::string licence, training_data, source;
    };
    bool is_final = false;           ///< else temporary
    std::string operator_name;
    std::vector<Model> models{};
    std::string unowned_material, keeps_inputs, secured_environment, talent;   ///< answers; "": still open
};

/// A stage as the manifest names it, unchecked.
struct StageEntry {
    std::string use;
    Origin origin;     ///< of the value of `use`, or of the [matte.NAME] table's name
    ParamTable table;  ///< without `use`; a [matte.NAME] table has `name` added
};

struct Shot {
    Manifest manifest;
    ShotInfo info;  ///< plate windows still empty: they need the plate
    std::optional<Params> plate_params;
    std::optional<Sequence> plate;
    std::string plate_colorspace;
    std::shared_ptr<const ColourSpaces> colours;
    std::shared_ptr<const CameraTrack> camera;
    Output output;
    std::string version;              ///< of the shot, "v012"; "" for none
    Provenance provenance;
    std::vector<StageEntry> stages;  ///< [layer.*], [matte.*], then [[stage]] in order
    std::filesystem::path cache_folder;
};

/// Reads every section of the manifest; all faults are collected. `proxy` scales output paths too: 2 writes
/// into a folder "proxy2" beside the finals.
Shot read_shot(Manifest manifest, int proxy, Faults& faults);

}  // namespace platefall
