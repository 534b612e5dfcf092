#include "cleanplate/cleanplate_stage.h"

#include "base/log.h"
#include "cleanplate/preparation.h"
#include "cleanplate/regions.h"
#include "cleanplate/restore.h"
#include "image/windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

namespace platefall::cleanplate {
namespace {

/// Puts R G B back into a picture that has other channels as well, or only Y.
void set_colours(Image& picture, const Image& colours)
{
    const Window& window = colours.data_window();
    for (int c = 0; c < 3; ++c) {
        const auto channel = picture.channel_index(c == 0 && !picture.channel_index("R") ? "Y" : colours.channels()[c].name);
        if (!channel)
            continue;
        for (int y = window.y0; y < window.y1; ++y)
            for (int x = window.x0; x < window.x1; ++x)
                picture.pixel(x, y)[*channel] = colours.pixel(x, y)[c];
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
        Image clean = plate;
        Image generated(plate.data_window(), plate.display_window(), {{"generated"}});
        if (!own.hole.empty()) {
            FrameMasks masks = masks_of(frame, settings_.hole);
            masks.hole = own.hole;
            masks.blocked = unite(masks.blocked, own.hole);
            const Image colours = colours_of(plate);
            Restored restored = settings_.regions.empty()
                                    ? restored_region(colours, frame.number, masks, own.regions.at(0))
                                    : restored_regions(colours, frame, masks, own.regions);
            if (restored.missed > 0)
                frame.warnings.push_back(fmt::format("cleanplate: {} pixels could be neither copied nor made up and are "
                                                     "only smooth",
                                                     restored.missed));
            set_colours(clean, restored.clean);
            generated = with_data_window(std::move(restored.generated), plate.data_window());
        }
        frame.set(settings_.name, std::move(clean));
        frame.set("generated." + settings_.name, std::move(generated));
    }

    /// Plate in R G B, the same restored, what lies around the hole, and grain; and what is kept of each region.
    std::size_t scratch_bytes() const override
    {
        return static_cast<std::size_t>(plate_.width()) * static_cast<std::size_t>(plate_.height())
               * (16 + 5 * (settings_.regions.size() + 1)) * sizeof(float);
    }

private:
    /// `plate` is R G B.
    Restored restored_region(const Image& plate, int frame, const FrameMasks& masks, const PreparedRegion& region) const
    {
        if (region.is_lost)
            throw Error(fmt::format("cleanplate: '{}' and the foreground cover the frame, and no other frame shows what is "
                                    "behind; check the mattes and 'grow'",
                                    settings_.hole.matte));
        return restore(plate, frame, masks, prepared_.canvases[region.canvas], region.frame_from_canvas, prepared_.noise,
                       {settings_.feather_px, settings_.grain, settings_.seed});
    }

    /// A region that shows nowhere is no fault where it only shimmers through along the edges of others.
    Restored restored_regions(const Image& plate, const Frame& frame, const FrameMasks& masks,
                              const std::vector<PreparedRegion>& regions) const
    {
        std::vector<Image> shares = shares_of_regions(frame, settings_.regions);
        std::vector<RestoredRegion> parts;
        for (const PreparedRegion& region : regions) {
            Image& share = shares[region.region];
            const Mask hole = hole_within(masks.hole, share);
            if (region.is_lost && is_mostly_there(share, hole))
                throw Error(lost_text(region.region));
            if (region.is_lost)
                continue;
            std::optional<Restored> restored;
            if (!hole.empty())
                restored = restored_region(plate, frame.number, within(masks, share, reach_of(hole, settings_.feather_px)), region);
            parts.push_back({std::move(restored), std::move(share)});
        }
        return join(plate, parts);
    }

    static bool is_mostly_there(const Image& share, const Mask& hole)
    {
        for (int y = hole.window().y0; y < hole.window().y1; ++y)
            for (int x = hole.window().x0; x < hole.window().x1; ++x)
                if (hole.at(x, y) && *share.pixel(x, y) > 0.5f)
                    return true;
        return false;
    }

    std::string lost_text(std::size_t region) const
    {
        if (region == settings_.regions.size())
            return fmt::format("cleanplate: what 'regions' leave of '{}' shows nowhere outside it, so that nothing is left "
                               "to make it from; cover it with one of the regions",
                               settings_.hole.matte);
        return fmt::format("cleanplate: region '{}' shows nowhere outside '{}' and the foreground, so that nothing is left "
                           "to make it from; let its matte reach beyond, or take it out of 'regions'",
                           settings_.regions[region], settings_.hole.matte);
    }

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
            .version = 9,
            .params = cleanplate_params(),
            .make = [](const Params& params, const ShotInfo& shot) {
                return std::make_unique<CleanplateStage>(params, shot);
            }};
}

}  // namespace platefall::cleanplate
