#include "model/onnx_stage.h"

#include "base/hash.h"
#include "image/windows.h"
#include "model/inpaint.h"
#include "stage/generated_layer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace platefall::model {
namespace {

constexpr float kMatteThreshold = 1.0f / 512;   // half a step of 8 bits: even a compressed "nothing" is less

/// The samples of a pixel that are its colours: R G B, or Y three times. Throws Error when it has neither.
std::array<int, 3> colour_channels(const Image& image, const std::string& layer)
{
    const auto r = image.channel_index("R"), g = image.channel_index("G"), b = image.channel_index("B");
    if (r && g && b)
        return {*r, *g, *b};
    if (const auto y = image.channel_index("Y"))
        return {*y, *y, *y};
    throw Error(fmt::format("layer '{}' has neither R G B nor Y (has {})", layer, describe(image.channels())));
}

/// The part of a layer that a model may look at: all of it, as R G B.
Image colours_of(const Image& image, const std::array<int, 3>& channels)
{
    Image colours = Image::unset(image.data_window(), image.display_window(), {{"R"}, {"G"}, {"B"}});
    const auto step = static_cast<std::size_t>(image.channel_count());
    for (std::size_t i = 0; i < image.sample_count() / step; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            colours.data()[3 * i + c] = image.data()[i * step + static_cast<std::size_t>(channels[c])];
    return colours;
}

class OnnxStage final : public Stage {
public:
    OnnxStage(std::shared_ptr<const Session> session, const Params& params, const ShotInfo& shot)
        : matte_("matte." + params.text("matte")), layer_(params.text("layer")), name_(checked_name(params)),
          generated_(generated_layer(name_)), plate_(shot.plate_data),
          painter_(make_painter(std::move(session), params, seed_of(shot, name_)))
    {
        reads_ = {{layer_, params.origin("layer")}, {matte_, params.origin("matte")}};
        if (layer_ != "plate")
            reads_.push_back({generated_layer(layer_), params.origin("layer"), true});
    }

    LayerUse layers() const override { return {.reads = reads_, .writes = {name_, generated_}}; }

    void process(Frame& frame) const override
    {
        Image picture = frame.layer(layer_);
        const Image matte = with_data_window(pick_channels(frame.layer(matte_), {"A"}), picture.data_window());
        Image hole(picture.data_window(), picture.display_window(), {{"A"}});
        for (std::size_t i = 0; i < matte.sample_count(); ++i)
            hole.data()[i] = matte.data()[i] > kMatteThreshold;

        const std::array<int, 3> channels = colour_channels(picture, layer_);
        const Image made = inpaint(painter_, colours_of(picture, channels), hole, hole).picture;
        Image generated = generated_before(frame, picture);
        const auto step = static_cast<std::size_t>(picture.channel_count());
        for (std::size_t i = 0; i < hole.sample_count(); ++i) {
            if (!(hole.data()[i] > 0))
                continue;
            const float part = std::min(matte.data()[i], 1.0f);
            float* pixel = picture.data() + i * step;
            for (std::size_t c = 0; c < 3; ++c)
                if (c == 0 || channels[c] != channels[0])
                    pixel[channels[c]] = pixel[channels[c]] * (1 - part) + made.data()[3 * i + c] * part;
            generated.data()[i] = generated.data()[i] * (1 - part) + part;
        }
        frame.set(name_, std::move(picture));
        frame.set(generated_, std::move(generated));
    }

    std::size_t scratch_bytes() const override { return model::scratch_bytes(painter_, plate_); }

private:
    static std::string checked_name(const Params& params)
    {
        const std::string& name = params.text("name");
        if (name.empty() || name.find('.') != std::string::npos || name == "plate" || name == "generated")
            throw params.error("name", "what a model makes cannot be called '" + name + "'", "choose another name");
        return name;
    }

    static std::uint64_t seed_of(const ShotInfo& shot, const std::string& name)
    {
        return Hasher().number(static_cast<std::int64_t>(shot.seed)).text("onnx").text(name).result().low;
    }

    /// How much of the layer was generated already.
    Image generated_before(const Frame& frame, const Image& picture) const
    {
        if (const std::string before = generated_layer(layer_); layer_ != "plate" && frame.has(before))
            return with_data_window(frame.layer(before), picture.data_window());
        return Image(picture.data_window(), picture.display_window(), {{"generated"}});
    }

    std::string matte_, layer_, name_, generated_;
    std::vector<LayerUse::Read> reads_;
    Window plate_;
    Painter painter_;
};

ParamSpecs onnx_params()
{
    ParamSpecs specs{
        param::text("matte", "Matte of the pixels that the model makes, as in 'building' for [matte.building].").must_be_given(),
        param::text("layer", "plate", "Layer that it works on."),
        param::text("name", "clean", "Name of the layer that is written."),
    };
    std::ranges::move(painter_params(), std::back_inserter(specs));
    return specs;
}

}  // namespace

StageType onnx_stage(const std::filesystem::path& model_file)
{
    const auto session = open_session(model_file);
    return {.name = "onnx:" + model_file.filename().string(),
            .summary = "Takes what a matte covers from a neural model.",
            .version = 1,
            .params = onnx_params(),
            .make = [session](const Params& params, const ShotInfo& shot) {
                return std::make_unique<OnnxStage>(session, params, shot);
            },
            .fingerprint = content_digest(model_file)};
}

}  // namespace platefall::model
