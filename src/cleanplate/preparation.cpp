#include "cleanplate/preparation.h"

#include "base/log.h"
#include "base/parallel.h"
#include "cleanplate/complete.h"
#include "cleanplate/gather.h"
#include "cleanplate/grain/take_grain.h"
#include "cleanplate/regions.h"
#include "image/read.h"
#include "image/windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace platefall::cleanplate {
namespace {

/// What one look at every frame leaves behind.
struct Survey {
    std::vector<FrameFeatures> features;
    std::vector<FrameMasks> masks;
    NoiseModel noise;
    Window plate;
};

/// Evenly spread frames are enough to measure noise.
bool measures_noise(std::size_t index, std::size_t count)
{
    constexpr std::size_t kMeasured = 24;
    return index % ((count + kMeasured - 1) / kMeasured) == 0;
}

/// Plates that are looked at several times, as many as fit: the first to come stay.
class PlateShelf {
public:
    std::shared_ptr<const Image> find(int frame) const
    {
        const std::lock_guard lock(mutex_);
        const auto at = plates_.find(frame);
        return at == plates_.end() ? nullptr : at->second;
    }

    void put(int frame, std::shared_ptr<const Image> plate)
    {
        constexpr std::size_t kBytes = std::size_t{1} << 30;   // 40 plates of 1080p, 10 of 4K
        const std::lock_guard lock(mutex_);
        if (bytes_ + plate->bytes() > kBytes)
            return;
        bytes_ += plate->bytes();
        plates_.emplace(frame, std::move(plate));
    }

private:
    mutable std::mutex mutex_;
    std::map<int, std::shared_ptr<const Image>> plates_;
    std::size_t bytes_ = 0;
};

class Preparation {
public:
    Preparation(const PrepareContext& context, const Settings& settings)
        : context_(context), settings_(settings), frames_(context.shot().frames)
    {
    }

    Prepared run()
    {
        survey();
        const Motion motion = register_all();
        measure_noise(motion.takes);
        for (const Take& take : motion.takes)
            prepare_take(take);
        for (const Motion::Note& note : motion.notes)
            prepared_.frames[note.frame].notes.push_back(note.text);
        prepared_.noise = survey_.noise;
        return std::move(prepared_);
    }

private:
    void survey()
    {
        survey_.features.resize(frames_.size());
        survey_.masks.resize(frames_.size());
        std::vector<Window> windows(frames_.size());
        parallel_each(static_cast<int>(frames_.size()), [&](int i) {
            const auto index = static_cast<std::size_t>(i);
            tell(0.0, 0.3, "looking at the plates", frames_.size());
            const Frame frame = context_.upstream(frames_[index]);
            const auto kept = std::make_shared<const Image>(colours_of(frame.layer("plate")));
            shelf_.put(frames_[index], kept);
            const Image& plate = *kept;
            windows[index] = plate.data_window();
            survey_.masks[index] = masks_of(frame, settings_.hole);
            const Image blocked = picture_of(survey_.masks[index].blocked, plate.display_window());
            survey_.features[index] = find_features(frames_[index], plate, &blocked);
            survey_.features[index].covered = covers(survey_.masks[index].blocked, plate.data_window());
        });
        survey_.plate = windows.front();
        for (const Window& window : windows)
            survey_.plate = unite(survey_.plate, window);
        if (std::ranges::all_of(survey_.masks, [&](const FrameMasks& masks) { return covers(masks.hole, survey_.plate); }))
            throw Error(fmt::format("'{}' covers every pixel of every frame, so that nothing is left to fill it from; "
                                    "check the matte (is it inverted?) and 'grow'",
                                    settings_.hole.matte));
    }

    /// One frame after the other, as the meter wants it; the plates are still on the shelf.
    void measure_noise(const std::vector<Take>& takes)
    {
        grain::NoiseMeter meter;
        for (const Take& take : takes)
            for (std::size_t i = 0; i < take.frames.size(); ++i)
                if (measures_noise(index_of(take.frames[i]), frames_.size())) {
                    context_.progress(0.4, "measuring the grain");
                    measure_noise(take, i, meter);
                }
        survey_.noise = meter.fit();
    }

    void measure_noise(const Take& take, std::size_t index, grain::NoiseMeter& meter) const
    {
        const auto plate = plate_of(take.frames[index]);
        const Image blocked = blocked_in(take.frames[index]);
        const auto other = frame_to_compare(take, index, survey_.plate);
        if (!other) {
            meter.add(*plate, &blocked);
            return;
        }
        const auto other_plate = plate_of(take.frames[*other]);
        const Image other_blocked = blocked_in(take.frames[*other]);
        const grain::Neighbour neighbour{*other_plate, &other_blocked, view_map(take, *other, index), nearest_depth(take, index)};
        meter.add(*plate, &blocked, &neighbour);
    }

    Image blocked_in(int frame) const
    {
        return picture_of(survey_.masks[index_of(frame)].blocked, context_.shot().plate_display);
    }

    std::shared_ptr<const Image> plate_of(int frame) const
    {
        if (auto plate = shelf_.find(frame))
            return plate;
        return std::make_shared<const Image>(colours_of(context_.upstream(frame).layer("plate")));
    }

    Motion register_all()
    {
        context_.progress(0.3, "registering the frames");
        KnownGeometry known;
        known.display = context_.shot().plate_display;
        if (settings_.use_camera)
            known.camera = context_.shot().camera;
        if (settings_.depth && known.camera)
            read_depths(known);
        Motion motion = register_frames(survey_.features, known);
        for (const Take& take : motion.takes)
            if (take.by_camera)
                log_detail(fmt::format("cleanplate: frames {} to {} move as the camera does; {} of the shot's frames have depth",
                                       take.frames.front(), take.frames.back(), known.depths.size()));
        return motion;
    }

    void read_depths(KnownGeometry& known) const
    {
        for (std::size_t i = 0; i < frames_.size(); ++i) {
            const auto file = settings_.depth->at(frames_[i]);
            if (!std::filesystem::exists(file))
                continue;
            Image z = read_image(file, {.channels = {"Z"}, .proxy = context_.shot().proxy}).image;
            const Window& window = z.data_window();
            for (int y = window.y0; y < window.y1; ++y)
                for (int x = window.x0; x < window.x1; ++x)
                    if (survey_.masks[i].blocked.at(x, y))
                        *z.pixel(x, y) = 0;
            known.depths.push_back({frames_[i], std::move(z)});
        }
    }

    void prepare_take(const Take& take)
    {
        std::vector<FrameMasks> masks;
        for (const int frame : take.frames)
            masks.push_back(survey_.masks[index_of(frame)]);
        unite_over_time(masks, take, settings_.hole, survey_.plate);
        for (std::size_t i = 0; i < masks.size(); ++i)
            prepared_.frames[take.frames[i]].hole = masks[i].hole;
        if (settings_.regions.empty())
            prepare_region(take, masks);
        else
            for (region_ = 0; region_ <= settings_.regions.size(); ++region_) {
                std::vector<FrameMasks> own = within_region(take, masks);
                const std::size_t first = prepared_.canvases.size();
                prepare_region(seen_within(take, own), own);
                if (context_.shot().proxy > 1 && is_region_lost(take))
                    prepare_from_everything(take, masks, own, first);
            }
    }

    bool is_region_lost(const Take& take) const
    {
        const auto is_lost = [&](const PreparedRegion& region) { return region.region == region_ && region.is_lost; };
        return std::ranges::any_of(take.frames, [&](int frame) {
            return std::ranges::any_of(prepared_.frames.at(frame).regions, is_lost);
        });
    }

    /// A narrow region may have no pixel of its own left in a small picture, and a proxy must not fail where the shot does not.
    void prepare_from_everything(const Take& take, const std::vector<FrameMasks>& masks, std::vector<FrameMasks>& own,
                                 std::size_t first_canvas)
    {
        log_warning(fmt::format("cleanplate: at this size {} shows nowhere outside '{}'; it is made from all that is around it",
                                region_ < settings_.regions.size() ? "region '" + settings_.regions[region_] + "'"
                                                                   : "what 'regions' leave",
                                settings_.hole.matte));
        prepared_.canvases.erase(prepared_.canvases.begin() + static_cast<std::ptrdiff_t>(first_canvas), prepared_.canvases.end());
        for (std::size_t i = 0; i < own.size(); ++i) {
            own[i].blocked = masks[i].blocked;
            std::erase_if(prepared_.frames[take.frames[i]].regions,
                          [&](const PreparedRegion& region) { return region.region == region_; });
        }
        prepare_region(take, own);
    }

    /// Mattes are looked at once more for each region, so that there is never more than one region's to remember.
    std::vector<FrameMasks> within_region(const Take& take, const std::vector<FrameMasks>& masks) const
    {
        std::vector<FrameMasks> own(masks.size());
        parallel_each(static_cast<int>(masks.size()), [&](int i) {
            const auto index = static_cast<std::size_t>(i);
            const Frame frame = context_.upstream(take.frames[index]);
            own[index] = within(masks[index], shares_of_regions(frame, settings_.regions)[region_], survey_.plate);
        });
        return own;
    }

    void prepare_region(const Take& take, const std::vector<FrameMasks>& masks)
    {
        const std::size_t first = prepared_.canvases.size();
        for (const CanvasPlan& plan : plan_canvases(take, masks, survey_.plate)) {
            if (plan.window.empty())
                continue;
            const Canvas& canvas = prepared_.canvases.emplace_back(make_canvas(take, masks, plan, first));
            for (const std::size_t index : plan.targets) {
                PreparedRegion made{.region = region_,
                                    .canvas = prepared_.canvases.size() - 1,
                                    .frame_from_canvas = view_map(take, index, plan.base),
                                    .is_lost = !masks[index].hole.empty() && is_blank(canvas)};
                for (double& component : made.frame_from_canvas.parallax)
                    component *= canvas.nearness;
                prepared_.frames[take.frames[index]].regions.push_back(made);
            }
        }
    }

    Canvas make_canvas(const Take& take, const std::vector<FrameMasks>& masks, const CanvasPlan& plan,
                       std::size_t first_of_region)
    {
        const PlateReader read = [&](std::size_t index) {
            tell(of_region(0), of_region(1.0 / 3), "gathering from other frames", 3 * frames_.size());
            return plate_of(take.frames[index]);
        };
        Canvas canvas = settings_.method == Method::patch
                            ? gather_from_base(take, masks, plan, read)
                            : gather(take, masks, plan, survey_.noise, read);
        for (std::size_t i = first_of_region; i < prepared_.canvases.size(); ++i)
            take_over(canvas, prepared_.canvases[i], take);
        if (is_blank(canvas))
            return canvas;
        if (settings_.method == Method::propagate)
            spread(canvas);
        else
            complete(
                canvas, settings_.seed,
                [&](double fraction) {
                    context_.progress(of_region(1.0 / 3 + fraction * 2 / 3), "making up what no frame saw");
                },
                settings_.prior ? &*settings_.prior : nullptr);
        extend_edges(canvas);
        return canvas;
    }

    /// How far the whole is, by how far the present region is.
    double of_region(double fraction) const
    {
        return 0.4 + 0.6 * (static_cast<double>(region_) + fraction) / static_cast<double>(settings_.regions.size() + 1);
    }

    std::size_t index_of(int frame) const
    {
        return static_cast<std::size_t>(std::ranges::lower_bound(frames_, frame) - frames_.begin());
    }

    /// Counts one of `count` steps between two fractions of the whole.
    void tell(double from, double to, const std::string& doing, std::size_t count) const
    {
        const std::lock_guard lock(telling_);
        if (doing != told_)
            done_ = 0;
        told_ = doing;
        const double share = std::min(static_cast<double>(done_++) / static_cast<double>(count), 1.0);
        context_.progress(from + (to - from) * share, doing);
    }

    const PrepareContext& context_;
    const Settings& settings_;
    const std::vector<int>& frames_;
    Survey survey_;
    PlateShelf shelf_;
    Prepared prepared_;
    std::size_t region_ = 0;
    mutable std::mutex telling_;
    mutable std::string told_;
    mutable std::size_t done_ = 0;
};

}  // namespace

Image colours_of(const Image& plate)
{
    if (plate.channel_index("R") && plate.channel_index("G") && plate.channel_index("B"))
        return pick_channels(plate, {"R", "G", "B"});
    const auto grey = plate.channel_index("Y");
    if (!grey)
        throw Error("the plate has neither R G B nor Y (it has " + describe(plate.channels()) + ")");
    Image colours = Image::unset(plate.data_window(), plate.display_window(), {{"R"}, {"G"}, {"B"}});
    const auto step = static_cast<std::size_t>(plate.channel_count());
    for (std::size_t i = 0; i < plate.sample_count() / step; ++i)
        std::fill_n(colours.data() + 3 * i, 3, plate.data()[i * step + static_cast<std::size_t>(*grey)]);
    return colours;
}

Prepared prepare_shot(const PrepareContext& context, const Settings& settings)
{
    return Preparation(context, settings).run();
}

}  // namespace platefall::cleanplate
