#include "cleanplate/cleanplate_stage.h"

#include "base/log.h"
#include "cleanplate/preparation.h"
#include "cleanplate/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace platefall::cleanplate {
namespace {

/// Puts R G B back into a picture that has other channels as well, or only Y.
void set_colours(Image& picture, const Image& colours)
{
    const auto step = static_cast<std::size_t>(picture.channel_count());
    for (std::size_t c = 0; c < 3; ++c) {
        const auto channel = picture.channel_index(c == 0 && !picture.channel_index("R") ? "Y" : colours.channels()[c].name);
        if (!channel)
            continue;
        for (std::size_t i = 0; i < picture.sample_count() / step; ++i)
            picture.data()[i * step + static_cast<std::size_t>(*channel)] = colours.data()[i * 3 + c];
    }
}

class CleanplateStage final : public Stage {
public:
    CleanplateStage(const Params& params, const ShotInfo& shot)
        : settings_(read_settings(params, shot)), frames_(shot.frames), plate_(shot.plate_data)
    {
    }

    LayerUse layers() const override
    {
        return {.reads = settings_.reads, .writes = {settings_.name, "generated." + settings_.name}};
    }

    std::vector<InputFile> inputs(int frame) const override
    {
        std::vector<InputFile> files;
        if (settings_.depth && std::filesystem::exists(settings_.depth->at(frame)))
            files.push_back({settings_.depth->at(frame), {}, {}});
        if (settings_.prior)
            for (const std::filesystem::path& file : settings_.prior->files)
                files.push_back({file, {}, {}});
        return files;
    }

    std::vector<int> prepare_frames() const override { return frames_; }

    void prepare(const PrepareContext& context) override
    {
        auto folder = context.cached();
        if (!folder)
            folder = context.store([&](const std::filesystem::path& to) { save(prepare_shot(context, settings_), to); });
        prepared_ = load_prepared(*folder);
        if (settings_.grain > 0 && prepared_.noise.is_silent())
            log_detail(fmt::format("cleanplate: the plate has no grain that could be measured; none is given to '{}'",
                                   settings_.name));
        is_empty_ = std::ranges::all_of(prepared_.frames, [](const auto& entry) { return entry.second.hole.empty(); });
    }

    void process(Frame& frame) const override
    {
        const Image& plate = frame.layer("plate");
        const PreparedFrame& own = prepared_.frames.at(frame.number);
        for (const std::string& note : own.notes)
            frame.warnings.push_back("cleanplate: " + note);
        if (is_empty_)
            frame.warnings.push_back(fmt::format("cleanplate: '{}' is empty in every frame; '{}' is the plate as it is",
                                                 settings_.hole.matte, settings_.name));
        if (own.is_lost)
            throw Error(fmt::format("cleanplate: '{}' and the foreground cover the frame, and no other frame shows what is "
                                    "behind; check the mattes and 'grow'",
                                    settings_.hole.matte));
        Image clean = plate;
        Image generated(plate.data_window(), plate.display_window(), {{"generated"}});
        if (!own.hole.empty()) {
            FrameMasks masks = masks_of(frame, settings_.hole);
            masks.hole = own.hole;
            masks.blocked = unite(masks.blocked, own.hole);
            Restored restored = restore(colours_of(plate), frame.number, masks, prepared_.canvases[own.canvas],
                                        own.frame_from_canvas, prepared_.noise,
                                        {settings_.feather_px, settings_.grain, settings_.seed});
            if (restored.missed > 0)
                frame.warnings.push_back(fmt::format("cleanplate: {} pixels could be neither copied nor made up and are "
                                                     "only smooth",
                                                     restored.missed));
            set_colours(clean, restored.clean);
            generated = std::move(restored.generated);
        }
        frame.set(settings_.name, std::move(clean));
        frame.set("generated." + settings_.name, std::move(generated));
    }

    /// Plate in R G B, the same restored, what lies around the hole, and grain.
    std::size_t scratch_bytes() const override
    {
        return static_cast<std::size_t>(plate_.width()) * static_cast<std::size_t>(plate_.height()) * 16 * sizeof(float);
    }

private:
    Settings settings_;
    std::vector<int> frames_;
    Window plate_;
    Prepared prepared_;
    bool is_empty_ = false;
};

}  // namespace

StageType cleanplate_stage()
{
    return {.name = "cleanplate",
            .summary = "Takes what a matte covers out of the plate and puts back what stood behind it.",
            .version = 3,
            .params = cleanplate_params(),
            .make = [](const Params& params, const ShotInfo& shot) {
                return std::make_unique<CleanplateStage>(params, shot);
            }};
}

}  // namespace platefall::cleanplate
