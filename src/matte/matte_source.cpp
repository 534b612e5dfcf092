#include "matte/matte_source.h"

#include "base/spelling.h"
#include "image/windows.h"
#include "matte/matte_algebra.h"
#include "matte/roto_shape.h"
#include "shot/sequence.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace platefall::matte {
namespace {

/// Repeats the border outwards where the picture reaches the edge of `limit`: what goes on beyond the frame
/// is more likely the same than nothing, and a feathered matte must not fade along the frame's edge.
Image with_border_repeated(Image image, const Area& area)
{
    const Window data = image.data_window();
    if (data.empty() || area.work == area.limit)
        return image;
    const Window wide{
        data.x0 <= area.limit.x0 ? area.work.x0 : data.x0, data.y0 <= area.limit.y0 ? area.work.y0 : data.y0,
        data.x1 >= area.limit.x1 ? area.work.x1 : data.x1, data.y1 >= area.limit.y1 ? area.work.y1 : data.y1};
    Image result = with_data_window(std::move(image), wide);
    for (int y = wide.y0; y < wide.y1; ++y) {
        const int from = std::clamp(y, data.y0, data.y1 - 1);
        float* row = result.row(y);
        if (from != y)
            std::copy_n(result.row(from) + (data.x0 - wide.x0), data.width(), row + (data.x0 - wide.x0));
        std::fill(row, row + (data.x0 - wide.x0), row[data.x0 - wide.x0]);
        std::fill(row + (data.x1 - wide.x0), row + wide.width(), row[data.x1 - wide.x0 - 1]);
    }
    return result;
}

Image inside(Image image, const Area& area)
{
    const Window kept = intersect(image.data_window(), area.limit);
    return with_border_repeated(with_data_window(std::move(image), kept), area);
}

/// One channel of an image, under the name that a matte has.
Image as_matte(const Image& image, const std::string& channel)
{
    Image matte = pick_channels(image, {channel});
    matte.channels()[0] = {"A"};
    return matte;
}

class FromSequence final : public MatteSource {
public:
    explicit FromSequence(const Params& params)
        : name_(params.text("name")), what_("matte " + name_), sequence_(params), origin_(params.origin("path")),
          channel_(params.text("channel"))
    {
    }

    std::vector<InputFile> inputs(int frame) const override
    {
        return {sequence_.input(frame, what_, origin_)};
    }

    void check(int frame, const Window& plate_display, int proxy) const override
    {
        sequence_.check(frame, "matte '" + name_ + "'", {channel_}, plate_display, proxy);
    }

    Image picture(Frame& frame, const Area& area) const override
    {
        Sequence::Picture picture = sequence_.read(frame.number, what_, {channel_}, frame.shot->proxy);
        if (!picture.substitution.empty())
            frame.substitutions.push_back(picture.substitution);
        for (const std::string& warning : picture.file.warnings)
            frame.warnings.push_back(what_ + ": " + warning);

        const Window& display = picture.file.image.display_window();
        const Window& plate = frame.layer("plate").display_window();
        if (display != plate)
            throw Error("matte '" + name_ + "' is " + describe(display)
                        + " but the plate is " + describe(plate) + " (frame " + std::to_string(frame.number)
                        + ")");
        return inside(as_matte(picture.file.image, channel_), area);
    }

private:
    std::string name_, what_;
    Sequence sequence_;
    Origin origin_;
    std::string channel_;
};

class FromShapes final : public MatteSource {
public:
    FromShapes(const Params& params, const ShotInfo& shot, Faults& faults)
    {
        for (const Params& table : params.tables("shapes"))
            shapes_.push_back(read_shape(table, static_cast<int>(shapes_.size()) + 1, shot, faults));
        if (shapes_.empty())
            faults.add(params.error("shapes", "there is no shape in 'shapes'"));
    }

    double reach_px() const override
    {
        double reach = 0.0;
        for (const RotoShape& shape : shapes_)
            reach = std::max(reach, 2.0 * shape.feather_px);
        return reach;
    }

    Image picture(Frame& frame, const Area& area) const override
    {
        return draw_shapes(shapes_, frame.number, *frame.shot, frame.layer("plate").display_window(),
                           area.work);
    }

private:
    std::vector<RotoShape> shapes_;
};

class FromMattes final : public MatteSource {
public:
    FromMattes(const Params& params, Faults& faults)
        : origin_(params.origin("combine")), operation_(parse_matte_operation(params.text("operation")))
    {
        for (const std::string& name : params.texts("combine"))
            layers_.push_back("matte." + name);
        if (layers_.empty())
            faults.add(params.error("combine", "there is no matte in 'combine'"));
    }

    std::vector<LayerUse::Read> reads() const override
    {
        std::vector<LayerUse::Read> reads;
        for (const std::string& layer : layers_)
            reads.push_back({layer, origin_});
        return reads;
    }

    Image picture(Frame& frame, const Area& area) const override
    {
        Image result = frame.layer(layers_[0]);
        for (std::size_t i = 1; i < layers_.size(); ++i)
            result = combine(std::move(result), frame.layer(layers_[i]), operation_);
        return inside(std::move(result), area);
    }

private:
    std::vector<std::string> layers_;
    Origin origin_;
    MatteOperation operation_;
};

class FromLayer final : public MatteSource {
public:
    explicit FromLayer(const Params& params)
        : layer_(params.text("from")), origin_(params.origin("from")), channel_(params.text("channel"))
    {
    }

    std::vector<LayerUse::Read> reads() const override { return {{layer_, origin_}}; }

    Image picture(Frame& frame, const Area& area) const override
    {
        const Image& image = frame.layer(layer_);
        if (!image.channel_index(channel_))
            throw Error("layer '" + layer_ + "' has no channel '" + channel_ + "' (has "
                        + describe(image.channels()) + ")");
        return inside(as_matte(image, channel_), area);
    }

private:
    std::string layer_;
    Origin origin_;
    std::string channel_;
};

/// Faults a key that means something only beside another one.
void check_belongs(const Params& params, const std::string& key, bool has_owner, const std::string& owner,
                   Faults& faults)
{
    if (params.has(key) && params.given(key) && !has_owner)
        faults.add(params.error(key, "'" + key + "' has no meaning without " + owner));
}

} // namespace

ParamSpecs source_params()
{
    ParamSpecs specs = sequence_params();
    for (ParamSpec& spec : specs)
        spec.required = false; // a sequence is one source of several
    specs.push_back(param::text("channel", "A", "Channel of the sequence, or of the layer in 'from'."));
    specs.push_back(
        param::tables("shapes", shape_params(), "", "Roto shapes, each put onto those before it."));
    specs.push_back(param::texts("combine", "Names of other mattes to put together."));
    specs.push_back(param::choice("operation", matte_operations(), "union",
                                  "How mattes are put together; subtract takes the others from the first."));
    specs.push_back(param::text("from", "Layer whose channel is the matte."));
    return specs;
}

std::unique_ptr<MatteSource> make_source(const Params& params, const ShotInfo& shot, Faults& faults)
{
    std::vector<std::string> given;
    for (const char* source : {"path", "shapes", "combine", "from"})
        if (params.has(source) && params.given(source))
            given.push_back(fmt::format("'{}'", source));
    const auto is = [&](const char* source) { return params.has(source) && params.given(source); };
    check_belongs(params, "layer", is("path"), "'path'", faults);
    check_belongs(params, "missing", is("path"), "'path'", faults);
    check_belongs(params, "channel", is("path") || is("from"), "'path' or 'from'", faults);
    check_belongs(params, "operation", is("combine"), "'combine'", faults);

    const std::string name = "matte '" + params.text("name") + "'";
    if (given.empty()) {
        faults.add(at(params.origin(), name + " has no source",
                      "give one of 'path', 'shapes', 'combine' and 'from'"));
        return nullptr;
    }
    if (given.size() > 1) {
        faults.add(at(params.origin(), name + " has " + join_with_and(given), "keep one of them"));
        return nullptr;
    }
    if (is("path"))
        return std::make_unique<FromSequence>(params);
    if (is("shapes"))
        return std::make_unique<FromShapes>(params, shot, faults);
    if (is("combine"))
        return std::make_unique<FromMattes>(params, faults);
    return std::make_unique<FromLayer>(params);
}

} // namespace platefall::matte
