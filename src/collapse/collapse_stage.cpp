#include "collapse/collapse_stage.h"

#include "base/files.h"
#include "collapse/playblast/playblast.h"
#include "collapse/simulation.h"
#include "scene/scene_files.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace platefall::collapse {
namespace fs = std::filesystem;
namespace {

/// Writes a file for other packages unless it is there and was made from the same: `key` is kept in the cache.
void export_once(const PrepareContext& context, const std::string& what, const std::string& key, const fs::path& path,
                 const std::function<void()>& write)
{
    bool written = false;
    context.part("export", what + key + path.string(), [&](const fs::path& marker) {
        write();
        written = true;
        write_file_atomically(marker / "written", path.string());
    });
    if (!written && !fs::exists(path))
        write();
}

class CollapseStage final : public Stage {
public:
    CollapseStage(const Params& params, const ShotInfo& shot)
        : settings_(read_settings(params, shot)), over_(params.origin("over")), frames_(shot.frames),
          display_(shot.plate_display)
    {
        if (settings_.playblast && !shot.camera)
            throw params.error("playblast", "a playblast needs a camera to look through",
                               "add [camera] to the manifest");
        try {
            simulation_.emplace(settings_, shot);
        } catch (const Error& error) {
            throw Error(at(params.origin(), error.what()));
        }
    }

    LayerUse layers() const override
    {
        LayerUse use{.gives = {"collapse.motion"}};
        if (settings_.chips > 0)
            use.gives.emplace_back("collapse.chips");
        if (settings_.dust.amount > 0)
            use.gives.emplace_back("collapse.dust");
        if (settings_.playblast) {
            use.reads = {{settings_.over, over_}};
            use.writes = {"playblast", "generated.playblast"};
        }
        return use;
    }

    std::vector<InputFile> inputs(int /*frame*/) const override
    {
        return settings_.mesh ? std::vector<InputFile>{{*settings_.mesh, {}, {}}} : std::vector<InputFile>();
    }

    /// Pieces are larger far from the camera of this frame, so that it is part of every frame's key.
    std::vector<int> prepare_frames() const override
    {
        return {std::clamp(settings_.trigger, frames_.front(), frames_.back())};
    }

    void prepare(const PrepareContext& context) override
    {
        const auto progress = [&](double fraction, const std::string& doing) { context.progress(fraction, doing); };
        motion_ = context.part("motion", simulation_->motion_key(), [&](const fs::path& folder) {
            simulation_->simulate_motion(folder, progress);
        });
        pieces_ = load_pieces(motion_);
        context.give("collapse.motion", motion_);
        set_ = load_set(motion_);
        if (settings_.chips > 0)
            chips_ = context.part("chips", simulation_->chips_key(), [&](const fs::path& folder) {
                simulation_->simulate_chips(motion_, folder, progress);
            });
        if (!chips_.empty())
            context.give("collapse.chips", chips_);
        all_chips_ = chips_.empty() ? Chips() : load_all_chips(chips_);
        if (settings_.dust.amount > 0)
            dust_ = context.part("dust", simulation_->dust_key(), [&](const fs::path& folder) {
                simulation_->simulate_dust(motion_, folder, progress);
            });
        if (!dust_.empty())
            context.give("collapse.dust", dust_);
        export_files(context);
    }

    void process(Frame& frame) const override
    {
        if (!settings_.playblast)
            return;
        const int index = simulation_->index_of(frame.number);
        const DebrisFrame poses = load_poses(motion_, index);
        const ChipsFrame chip_poses = chips_.empty() ? ChipsFrame() : load_chip_poses(chips_, index);
        const DustFrame dust = dust_.empty() ? DustFrame() : load_dust(dust_, index);
        Playblast made = draw_playblast(frame.layer(settings_.over), frame.shot->camera(frame.number),
                                        {pieces_, poses, dust, set_.obstacles, to_sun(), all_chips_, chip_poses});
        frame.set("playblast", std::move(made.picture));
        frame.set("generated.playblast", std::move(made.generated));
    }

    /// Three numbers a cell of dust and a few a block of cells, and the samples of a picture.
    std::size_t scratch_bytes() const override
    {
        const auto pixels = static_cast<std::size_t>(display_.width()) * static_cast<std::size_t>(display_.height());
        return settings_.playblast ? pixels * 48 + simulation_->dust_cells() * 20 : 0;
    }

private:
    void export_files(const PrepareContext& context) const
    {
        if (settings_.debris_file)
            export_once(context, "debris", simulation_->motion_key(), *settings_.debris_file, [&] { export_debris(); });
        if (settings_.dust_files && !dust_.empty())
            for (const int frame : frames_) {
                const fs::path path = settings_.dust_files->at(frame);
                export_once(context, "dust", simulation_->dust_key() + std::to_string(frame), path, [&] {
                    context.progress(0, "writing " + path.filename().string());
                    write_vdb(load_dust(dust_, simulation_->index_of(frame)), path);
                });
            }
    }

    void export_debris() const
    {
        DebrisShot shot{.fps = settings_.motion.fps, .first_frame = frames_.front(), .frames = {}};
        for (int frame = frames_.front(); frame <= frames_.back(); ++frame)
            shot.frames.push_back(load_poses(motion_, simulation_->index_of(frame)));
        write_usd(pieces_, shot, *settings_.debris_file);
    }

    Vec3f to_sun() const
    {
        constexpr double kPerDegree = std::numbers::pi / 180;
        const double azimuth = settings_.sun_azimuth_deg * kPerDegree, height = settings_.sun_height_deg * kPerDegree;
        return {static_cast<float>(std::cos(height) * std::cos(azimuth)), static_cast<float>(std::sin(height)),
                static_cast<float>(std::cos(height) * std::sin(azimuth))};
    }

    Settings settings_;
    Origin over_;
    std::vector<int> frames_;
    Window display_;
    std::optional<Simulation> simulation_;
    fs::path motion_, chips_, dust_;
    Debris pieces_;
    CollapseSet set_;
    Chips all_chips_;
};

}  // namespace

StageType collapse_stage()
{
    return {.name = "collapse",
            .summary = "Breaks a building, lets it fall and fills the street with dust.",
            .version = 4,
            .params = collapse_params(),
            .make = [](const Params& params, const ShotInfo& shot) {
                return std::make_unique<CollapseStage>(params, shot);
            }};
}

}  // namespace platefall::collapse
