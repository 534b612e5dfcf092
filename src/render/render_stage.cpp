#include "render/render_stage.h"

#include "image/deep_exr.h"
#include "image/filter.h"
#include "image/windows.h"
#include "render/deep.h"
#include "render/dust_front.h"
#include "render/filter/guided.h"
#include "render/picture.h"
#include "render/prepared.h"
#include "render/put_together.h"
#include "render/shadow/shadow_ratio.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace platefall::render {
namespace {

constexpr const char* kMotion = "collapse.motion";
constexpr const char* kChips = "collapse.chips";
constexpr const char* kDust = "collapse.dust";
constexpr float kDustStep = 2.0f;     // two rays a pixel through the dust, each with longer steps

Image grown(const Image& matte, double px)
{
    return grow(matte, px, matte.display_window());
}

/// Where any of the mattes is, in one channel.
std::optional<Image> united(const Frame& frame, const std::vector<std::string>& mattes)
{
    std::optional<Image> all;
    for (const std::string& name : mattes) {
        const Image& matte = frame.layer(name);
        if (!all)
            all.emplace(frame.layer("plate").data_window(), frame.layer("plate").display_window(),
                        std::vector<Channel>{{"A"}});
        const int channel = matte.channel_index("A").value_or(0);
        const Window both = intersect(matte.data_window(), all->data_window());
        for (int y = both.y0; y < both.y1; ++y)
            for (int x = both.x0; x < both.x1; ++x)
                *all->pixel(x, y) = std::max(*all->pixel(x, y), matte.pixel(x, y)[channel]);
    }
    return all;
}

/// Alpha of two layers together.
Image hidden_by(const Image& debris, const Image& dust)
{
    Image hidden = Image::unset(debris.data_window(), debris.display_window(), {{"A"}});
    for (std::size_t i = 0; i < hidden.sample_count(); ++i)
        hidden.data()[i] = 1 - (1 - debris.data()[4 * i + 3]) * (1 - dust.data()[4 * i + 3]);
    return hidden;
}

class RenderStage final : public Stage {
public:
    RenderStage(const Params& params, const ShotInfo& shot)
        : settings_(read_settings(params, shot)), origin_(params.origin()),
          window_(unite(shot.plate_data, shot.plate_display))
    {
        if (!shot.camera)
            throw Error(at(params.origin(), "stage 'render' needs a camera to look through", "add [camera] to the manifest"));
    }

    LayerUse layers() const override
    {
        LayerUse use{.reads = settings_.reads,
                     .writes = {"debris", "dust", "shadow", "matte.fallen", "generated.shadow"},
                     .takes = {{kMotion, origin_}, {kChips, origin_, true}, {kDust, origin_, true}}};
        for (const Aov aov : settings_.aovs)
            use.writes.emplace_back(name_of(aov));
        return use;
    }

    std::vector<InputFile> inputs(int /*frame*/) const override
    {
        return settings_.light.hdri ? std::vector<InputFile>{{*settings_.light.hdri, {}, {}}} : std::vector<InputFile>();
    }

    std::vector<std::filesystem::path> written_files(int frame) const override
    {
        return settings_.deep ? std::vector{settings_.deep->at(frame)} : std::vector<std::filesystem::path>();
    }

    std::vector<int> prepare_frames() const override { return {settings_.freeze}; }

    void prepare(const PrepareContext& context) override
    {
        context.progress(0, "projecting the plate");
        Frame frame = context.upstream(settings_.freeze);
        prepared_ = std::make_unique<PreparedShot>(
            settings_, context.shot(),
            CollapseFolders{context.taken(kMotion).value(), context.taken(kChips), context.taken(kDust)},
            FreezeFrame{frame.layer("plate"), united(frame, settings_.foreground)});
    }

    void process(Frame& frame) const override
    {
        const int index = prepared_->set.index_of(frame.number);
        const DebrisNow still = prepared_->debris_at(index);
        const DustFrame dust = prepared_->dust_at(index);
        if (!still.moment.anything_moved && dust.is_clear())
            leave_alone(frame);
        else
            render(frame, still, dust);
    }

    /// Picture, lit debris, shadows and a copy while they are smoothed: 80 numbers a pixel. Trees over moving triangles.
    std::size_t scratch_bytes() const override
    {
        constexpr std::size_t kNumbersPerPixel = 80, kBytesPerTriangle = 250;
        const std::size_t overscan = 2 * static_cast<std::size_t>(settings_.overscan_px);
        const std::size_t pixels = (static_cast<std::size_t>(window_.width()) + overscan)
                                   * (static_cast<std::size_t>(window_.height()) + overscan);
        const std::size_t triangles = prepared_ ? prepared_->most_triangles() : 0;
        return pixels * kNumbersPerPixel * sizeof(float) + triangles * kBytesPerTriangle;
    }

private:
    /// Nothing has happened yet: empty layers, which change nothing.
    void leave_alone(Frame& frame) const
    {
        const Window display = frame.layer("plate").display_window(), none{display.x0, display.y0, display.x0, display.y0};
        const std::vector<Channel> rgb{{"R"}, {"G"}, {"B"}}, rgba{{"R"}, {"G"}, {"B"}, {"A"}};
        frame.set("debris", Image(none, display, rgba));
        frame.set("dust", Image(none, display, rgba));
        frame.set("shadow", Image(none, display, rgb));
        frame.set("matte.fallen", Image(none, display, {{"A"}}));
        frame.set("generated.shadow", Image(none, display, {{"generated"}}));
        for (const Aov aov : settings_.aovs)
            frame.set(std::string(name_of(aov)), empty_aov(aov, none, display));
        if (settings_.deep)
            write_deep_exr(settings_.deep->at(frame.number), DeepImage(none, display), frame.attributes);
    }

    void render(Frame& frame, DebrisNow now, const DustFrame& dust_frame) const
    {
        const Window display = frame.layer("plate").display_window(), data = canvas(frame);
        const TraceScene debris = prepared_->trace(mesh_of(now));
        const View view(*frame.shot, frame.number, static_cast<float>(settings_.shutter_frames()));
        const std::optional<DustVolume> dust = dust_volume(dust_frame, debris, frame);
        const Illumination illumination(prepared_->light,
                                        {&prepared_->rest.set, &debris, dust ? &*dust : nullptr});
        const Moment moment{view, prepared_->rest, debris, now, *prepared_->look, illumination, prepared_->at_rest(),
                            dust ? &*dust : nullptr};
        Mattes mattes(*prepared_, settings_, data, display);
        Picture picture = take_picture(moment, picture_settings(frame.number), data, display, mattes.wanted());
        smooth_guided(picture.skylight, {picture.normal, picture.depth}, 3);
        LitDebris lit = lit_debris(picture);

        Image fallen = fallen_matte(picture, frame);
        const Image hidden = hidden_by(lit.all, picture.dust);
        frame.set("shadow", shadow_ratio(moment, prepared_->set_triangles, frame.layer("plate"), fallen, &hidden,
                                         {settings_.shadow_samples, settings_.seed}));
        frame.set("generated.shadow", Image({display.x0, display.y0, display.x0, display.y0}, display, {{"generated"}}));
        frame.set("matte.fallen", std::move(fallen));
        if (settings_.deep)
            write_deep_exr(settings_.deep->at(frame.number), deep_image(lit.all, picture.depth, moment), frame.attributes);
        mattes.describe_in(frame.attributes);
        for (const Aov aov : settings_.aovs)
            frame.set(std::string(name_of(aov)), aov == Aov::dust_front ? front_of(frame, moment)
                                                                        : aov_of(aov, picture, lit, mattes));
        frame.set("debris", std::move(lit.all));
        frame.set("dust", std::move(picture.dust));
    }

    Image front_of(const Frame& frame, const Moment& moment) const
    {
        const Image matte = united(frame, settings_.foreground).value();
        return dust_front(moment, picture_settings(frame.number), matte,
                          foreground_depth(matte, moment.view, prepared_->set.ground_m));
    }

    PictureSettings picture_settings(int frame) const
    {
        return {settings_.samples, settings_.dust_samples, settings_.seed, frame,
                static_cast<float>(settings_.shutter_frames())};
    }

    std::optional<DustVolume> dust_volume(const DustFrame& dust, const TraceScene& debris, const Frame& frame) const
    {
        if (dust.is_clear())
            return std::nullopt;
        DustLook look;
        look.albedo = settings_.dust_albedo;
        look.extinction_m2_kg *= static_cast<float>(settings_.dust_extinction);
        look.detail = static_cast<float>(settings_.dust_detail);
        look.seed = settings_.seed;
        look.step = kDustStep;
        look.time_s = static_cast<float>(frame.number / frame.shot->fps);
        const auto sun_blocked = [&](const V3& from) {
            const Ray ray{.origin = from, .direction = prepared_->light.to_sun, .time = 0.5f};
            return debris.blocks(ray) || prepared_->rest.set.blocks(ray);
        };
        return std::optional<DustVolume>(std::in_place, dust, look, prepared_->light, prepared_->shutter_s, sun_blocked);
    }

    Window plate_window(const Frame& frame) const { return frame.layer("plate").data_window(); }

    Window canvas(const Frame& frame) const
    {
        const Window plate = unite(plate_window(frame), frame.layer("plate").display_window());
        const int more = settings_.overscan_px;
        return {plate.x0 - more, plate.y0 - more, plate.x1 + more, plate.y1 + more};
    }

    /// Spread a little beyond the model, and over what the building's matte has of it.
    Image fallen_matte(const Picture& picture, const Frame& frame) const
    {
        constexpr double kBeyond_px = 3;
        Image fallen = spread(picture.fallen);
        Image allowed = grown(pick_channels(picture.fallen, {"W"}), kBeyond_px);
        if (!settings_.matte.empty()) {
            const Image matte = grown(frame.layer(settings_.matte), kBeyond_px);
            const Window both = intersect(matte.data_window(), allowed.data_window());
            for (int y = both.y0; y < both.y1; ++y)
                for (int x = both.x0; x < both.x1; ++x)
                    *allowed.pixel(x, y) = std::max(*allowed.pixel(x, y), *matte.pixel(x, y));
        }
        const Window window = fallen.data_window();
        for (int y = window.y0; y < window.y1; ++y)
            for (int x = window.x0; x < window.x1; ++x)
                *fallen.pixel(x, y) *= allowed.data_window().contains(x, y) ? *allowed.pixel(x, y) : 0.0f;
        return fallen;
    }

    Settings settings_;
    Origin origin_;
    Window window_;
    std::unique_ptr<PreparedShot> prepared_;
};

}  // namespace

StageType render_stage()
{
    return {.name = "render",
            .summary = "Renders debris, dust and shadows of a collapse in the plate's light.",
            .version = 4,
            .params = render_params(),
            .make = [](const Params& params, const ShotInfo& shot) {
                return std::make_unique<RenderStage>(params, shot);
            }};
}

}  // namespace platefall::render
