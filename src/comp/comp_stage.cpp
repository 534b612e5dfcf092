#include "comp/comp_stage.h"

#include "base/log.h"
#include "comp/layer_rows.h"
#include "comp/layer_settings.h"
#include "comp/light_wrap.h"
#include "comp/merge.h"
#include "comp/plate_look.h"
#include "comp/regrain.h"
#include "image/windows.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>

namespace platefall::comp {
namespace {

/// Whether a channel takes part in merging; Y does where it is the only colour.
bool is_merged(const std::string& channel, bool luminance)
{
    if (luminance)
        return channel == "Y" || channel == "A";
    return channel == "R" || channel == "G" || channel == "B" || channel == "A";
}

/// The bottom layer's channels, as the result has them.
std::vector<Channel> result_channels(const std::vector<Channel>& bottom, bool bottom_is_luminance,
                                     bool spread, bool add_alpha)
{
    std::vector<Channel> channels;
    for (const Channel& channel : bottom) {
        if (spread && channel.name == "Y")
            for (const char* name : {"R", "G", "B"})
                channels.push_back({name, channel.type});
        else
            channels.push_back(channel);
    }
    if (add_alpha) {
        const bool luminance = bottom_is_luminance && !spread;
        const auto merged = [&](const Channel& channel) { return is_merged(channel.name, luminance); };
        const auto after = std::find_if(channels.rbegin(), channels.rend(), merged).base();
        channels.insert(after, {"A", (after - 1)->type});
    }
    return channels;
}

/// What the bottom layer has besides colour and alpha, moved as it is, without mixing neighbours: a mean of
/// two depths or two object numbers is neither.
Image other_channels(const LayerSettings& bottom, bool luminance, Frame& frame, const Window& limit)
{
    const Image& image = frame.layer(bottom.layer);
    std::vector<std::string> names;
    for (const Channel& channel : image.channels())
        if (!is_merged(channel.name, luminance))
            names.push_back(channel.name);
    if (names.empty())
        return {};
    Image others = pick_channels(image, names);
    if (!bottom.placement.changes())
        return others;
    return placed(others, bottom.placement, Reconstruction::nearest, limit, bottom.name, frame);
}

void copy_channels(const Image& from, Image& to)
{
    const Window both = intersect(from.data_window(), to.data_window());
    for (int c = 0; c < from.channel_count(); ++c) {
        const int target = to.channel_index(from.channels()[c].name).value();
        for (int y = both.y0; y < both.y1; ++y)
            for (int x = both.x0; x < both.x1; ++x)
                to.pixel(x, y)[target] = from.pixel(x, y)[c];
    }
}

class CompStage final : public Stage {
public:
    CompStage(const Params& params, const ShotInfo& shot)
        : origin_(params.origin("layers")), fit_(read_plate_fit(params)), seed_(shot.seed)
    {
        Faults faults;
        for (const Params& table : params.tables("layers"))
            settings_.push_back(read_layer(table, settings_.empty(), faults));
        if (settings_.empty())
            faults.add(
                params.error("layers", "there is no layer in 'layers'", "name one, such as \"plate\""));
        faults.throw_if_any();
        look_ = given(shot, {});
        if (measures())
            frames_ = spread_over(shot.frames);

        const Window window = unite(shot.plate_data, shot.plate_display);
        pixels_ = static_cast<std::size_t>(window.width()) * static_cast<std::size_t>(window.height());
    }

    LayerUse layers() const override
    {
        LayerUse use{.reads = {{"plate", origin_}}, .writes = {"comp", "generated"}};
        for (const LayerSettings& layer : settings_)
            use.reads.insert(use.reads.end(), layer.reads.begin(), layer.reads.end());
        return use;
    }

    std::vector<InputFile> inputs(int frame) const override
    {
        std::vector<InputFile> files;
        for (const LayerSettings& layer : settings_)
            if (layer.placement.stmap)
                files.push_back({layer.placement.stmap->at(frame), layer.stmap_origin, ""});
        return files;
    }

    std::vector<int> prepare_frames() const override { return frames_; }

    void prepare(const PrepareContext& context) override
    {
        if (frames_.empty())
            return;
        auto folder = context.cached();
        if (!folder)
            folder = context.store([&](const std::filesystem::path& to) { save_look(measured(context), to); });
        look_ = given(context.shot(), load_look(*folder));
        if (fit_.grain > 0 && look_.noise.is_silent())
            log_detail("comp: the plate has no grain that could be measured; none is added");
        if (wants(&LayerFit::softness) && look_.softness_px == 0)
            log_detail("comp: no edge of the plate tells how soft its lens is; give 'softness_px'");
    }

    void process(Frame& frame) const override
    {
        const Image& plate = frame.layer("plate");
        const Window limit = unite(plate.data_window(), plate.display_window());
        std::vector<LayerRows> layers;
        for (const LayerSettings& settings : settings_)
            layers.push_back(find_layer(settings, look_, frame, limit));

        std::vector<Share> shares = shares_to_follow();
        Merged merged = merge_onto_canvas(layers, frame, limit, shares);
        finish(merged.picture, shares, frame);
        frame.set("comp", std::move(merged.picture));
        frame.set("generated", std::move(merged.generated));
    }

    /// Every moved or fitted layer is there as R G B A and weight, once before and once after; then what follows the
    /// shares, and grain with its signal.
    std::size_t scratch_bytes() const override
    {
        const auto moved = std::ranges::count_if(settings_, [](const LayerSettings& layer) {
            return layer.placement.changes() || layer.fit.changes_picture();
        });
        const std::size_t planes = 5 * static_cast<std::size_t>(moved > 0 ? moved + 2 : 0) + shares_to_follow().size()
                                   + (fit_.grain > 0 ? 7 : 0);
        return pixels_ * sizeof(float) * planes;
    }

private:
    template <class Number>
    bool wants(Number LayerFit::* key) const
    {
        return std::ranges::any_of(settings_, [&](const LayerSettings& layer) { return layer.fit.*key > 0; });
    }

    /// Whether anything that is wanted is not given.
    bool measures() const
    {
        return fit_.grain > 0 || (wants(&LayerFit::softness) && !fit_.softness_px)
               || (wants(&LayerFit::blacks) && !fit_.black_level) || (wants(&LayerFit::haze_per_m) && !fit_.haze_colour);
    }

    static std::vector<int> spread_over(const std::vector<int>& frames)
    {
        constexpr std::size_t kMeasured = 5;
        if (frames.size() <= kMeasured)
            return frames;
        std::vector<int> few;
        for (std::size_t i = 0; i < kMeasured; ++i)
            few.push_back(frames[i * (frames.size() - 1) / (kMeasured - 1)]);
        return few;
    }

    /// A frame that is missing must not keep the others from being rendered.
    PlateLook measured(const PrepareContext& context) const
    {
        LookMeter meter;
        std::size_t missing = 0;
        for (std::size_t i = 0; i < frames_.size(); ++i) {
            context.progress(static_cast<double>(i) / static_cast<double>(frames_.size()), "measuring the plate");
            try {
                meter.add(context.plate(frames_[i]));
            } catch (const Error& error) {
                log_detail(std::string("comp: not measured: ") + error.what());
                if (++missing == frames_.size())
                    throw;
            }
        }
        return meter.fit();
    }

    /// What the manifest gives stands before what was measured.
    PlateLook given(const ShotInfo& shot, PlateLook look) const
    {
        if (fit_.softness_px)
            look.softness_px = shot.px(*fit_.softness_px);
        look.black = fit_.black_level.value_or(look.black);
        look.horizon = fit_.haze_colour.value_or(look.horizon);
        // So small a picture has no flat places: what looks like grain in it is brick and windows. Real grain is averaged away.
        constexpr double kFewestPixels = 1e5;
        const Window& plate = shot.plate_display;
        if (shot.proxy > 1 && static_cast<double>(plate.width()) * plate.height() < kFewestPixels)
            look.noise = {};
        return look;
    }

    /// One for each layer around which light wraps, bottom to top, then the one that wants grain.
    std::vector<Share> shares_to_follow() const
    {
        std::vector<Share> shares;
        for (std::size_t i = 0; i < settings_.size(); ++i)
            if (settings_[i].fit.wrap > 0) {
                shares.push_back({.of = Share::Of::alpha, .layers = std::vector<float>(settings_.size())});
                shares.back().layers[i] = 1.0f;
            }
        if (fit_.grain > 0) {
            shares.push_back({.of = Share::Of::grain, .layers = {}});
            for (const LayerSettings& layer : settings_)
                shares.back().layers.push_back(grain_of(layer.fit, layer.layer, layer.op));
        }
        return shares;
    }

    /// What the lens, and then the film, does to all of it.
    void finish(Image& picture, std::vector<Share>& shares, const Frame& frame) const
    {
        auto share = shares.begin();
        for (const LayerSettings& layer : settings_)
            if (layer.fit.wrap > 0)
                wrap_light(picture, (share++)->image, layer.fit.wrap, frame.shot->px(layer.fit.wrap_px));
        if (fit_.grain > 0)
            regrain(picture, std::move(share->image), look_.noise, fit_.grain, seed_, frame.number);
    }

    Merged merge_onto_canvas(const std::vector<LayerRows>& layers, Frame& frame, const Window& limit,
                             std::vector<Share>& shares) const
    {
        const LayerRows& bottom = layers[0];
        Window window = bottom.image->data_window();
        for (const LayerRows& layer : layers)
            if (reaches_outside(layer.op))
                window = unite(window, layer.window);

        const Image& source = frame.layer(settings_[0].layer);
        const bool spread = bottom.is_luminance && !all_luminance(layers);
        const bool add_alpha = settings_[0].is_cut() && !source.channel_index("A");
        if (!spread && !add_alpha && !bottom.moved)
            return merge(layers, with_data_window(source, window), stands_as_it_is(bottom), shares);

        Image canvas(window, bottom.image->display_window(),
                     result_channels(source.channels(), bottom.is_luminance, spread, add_alpha));
        copy_channels(other_channels(settings_[0], bottom.is_luminance, frame, limit), canvas);
        return merge(layers, std::move(canvas), false, shares);
    }

    /// Only then may the result be luminance; a coloured grade gives colour too.
    static bool all_luminance(const std::vector<LayerRows>& layers)
    {
        return std::ranges::all_of(layers, [](const LayerRows& layer) {
            return layer.is_luminance && (!layer.grade || layer.grade->is_grey());
        });
    }

    static bool stands_as_it_is(const LayerRows& bottom)
    {
        const bool photographed = !bottom.weight.image && bottom.weight.number == 0.0f;
        return bottom.masks.empty() && bottom.opacity == 1.0f && !bottom.grade && photographed;
    }

    Origin origin_;
    std::vector<LayerSettings> settings_;
    PlateFit fit_;
    std::uint64_t seed_;
    std::vector<int> frames_; ///< that are measured; none when nothing is
    PlateLook look_;
    std::size_t pixels_;
};

} // namespace

StageType comp_stage()
{
    ParamSpecs specs{param::tables("layers", layer_params(), "name",
                                   "Layers from bottom to top, each a name or a table.")
                         .must_be_given()};
    std::ranges::move(plate_fit_params(), std::back_inserter(specs));
    return {.name = "comp",
            .summary = "Composites layers onto each other, bottom to top.",
            .version = 2,
            .params = std::move(specs),
            .make = [](const Params& params, const ShotInfo& shot) {
                return std::make_unique<CompStage>(params, shot);
            }};
}

} // namespace platefall::comp
