#include "pipeline/frame_key.h"

#include <cstring>

namespace platefall {
namespace {

/// Raised whenever the pipeline itself (reading, colour, windows, writing) would give other pixels.
constexpr int kPipelineVersion = 2;

void add_double(Hasher& hasher, double value)
{
    hasher.bytes(&value, sizeof value);
}

void add_shot(Hasher& hasher, const Shot& shot)
{
    hasher.number(kPipelineVersion).text(shot.info.name).number(static_cast<std::int64_t>(shot.info.seed));
    hasher.number(shot.info.proxy).text(shot.info.colorspace).text(shot.colours->fingerprint());
    add_double(hasher, shot.info.fps);
    hasher.text(shot.plate_params->canonical()).text(shot.plate_colorspace);
}

void add_output(Hasher& hasher, const Output& output)
{
    hasher.number(static_cast<int>(output.type)).number(static_cast<int>(output.window));
    hasher.text(output.file.compression).number(output.file.tile_px).text(output.colorspace).text(output.layer);
    add_double(hasher, output.file.quality ? *output.file.quality : -1.0);
    hasher.number(static_cast<std::int64_t>(output.aovs.size()));
    for (const std::string& aov : output.aovs)
        hasher.text(aov);
    hasher.number(output.aov_path.has_value());
}

void add_stage(Hasher& hasher, const PlannedStage& planned)
{
    hasher.text(planned.type->name).number(planned.type->version).text(planned.type->fingerprint);
    hasher.text(planned.params.canonical());
    hasher.digest(planned.prepare_key);
}

void add_camera(Hasher& hasher, const ShotInfo& info, int frame)
{
    if (!info.camera)
        return;
    const Camera camera = info.camera(frame);
    hasher.bytes(&camera.world_from_camera, sizeof camera.world_from_camera);
    add_double(hasher, camera.focal_length_mm);
    hasher.bytes(&camera.film_back_mm, sizeof camera.film_back_mm);
}

/// Content of a file, or that it is not there: when it comes, the key changes. A frame that is held is not the
/// frame itself, even if that had the same content.
void add_file(Hasher& hasher, Fingerprints& fingerprints, const InputFile& input)
{
    std::error_code none;
    hasher.text(input.substitution);
    if (std::filesystem::is_regular_file(input.path, none))
        hasher.digest(fingerprints.of(input.path));
    else
        hasher.text("absent");
}

/// Everything that is read for a frame by the first `stage_count` stages.
void add_inputs(Hasher& hasher, const Plan& plan, Fingerprints& fingerprints, int frame, std::size_t stage_count)
{
    hasher.number(frame);
    add_file(hasher, fingerprints, plan.shot.plate->input(frame, "plate", {}));
    for (std::size_t i = 0; i < stage_count; ++i)
        for (const InputFile& input : plan.stages[i].stage->inputs(frame))
            add_file(hasher, fingerprints, input);
    add_camera(hasher, plan.shot.info, frame);
}

}  // namespace

Digest frame_key(const Plan& plan, Fingerprints& fingerprints, int frame)
{
    Hasher hasher;
    add_shot(hasher, plan.shot);
    add_output(hasher, plan.shot.output);
    for (const PlannedStage& planned : plan.stages)
        add_stage(hasher, planned);
    add_inputs(hasher, plan, fingerprints, frame, plan.stages.size());
    return hasher.result();
}

Digest prepare_key(const Plan& plan, Fingerprints& fingerprints, std::size_t stage)
{
    Hasher hasher;
    add_shot(hasher, plan.shot);
    for (std::size_t i = 0; i <= stage; ++i)
        add_stage(hasher, plan.stages[i]);
    for (const int frame : plan.stages[stage].stage->prepare_frames())
        add_inputs(hasher, plan, fingerprints, frame, stage + 1);
    return hasher.result();
}

void key_stages(Plan& plan, Fingerprints& fingerprints)
{
    for (std::size_t i = 0; i < plan.stages.size(); ++i)
        plan.stages[i].prepare_key = prepare_key(plan, fingerprints, i);
}

}  // namespace platefall
