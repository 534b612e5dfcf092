#include "read/read_stage.h"

#include "shot/sequence.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace platefall::read {
namespace {

/// Layers that the frame or another stage owns.
void check_name(const Params& params)
{
    const std::string& name = params.text("name");
    const std::vector<std::string> taken{"plate", "comp", "generated"};
    if (std::ranges::find(taken, name) != taken.end())
        throw params.error("name", "a layer cannot be called '" + name + "'", "choose another name");
    if (name.empty() || name.find('.') != std::string::npos)
        throw params.error("name", "'" + name + "' is not a layer name", "leave out the '.'");
}

/// Asks the shot's colour configuration once, so that a slip shows before the first frame.
void check_colorspace(const Params& params, const ShotInfo& shot)
{
    if (!params.has("colorspace") || !shot.to_working_space)
        return;
    Image pixel({0, 0, 1, 1}, {0, 0, 1, 1}, {{"R"}, {"G"}, {"B"}});
    try {
        shot.to_working_space(pixel, params.text("colorspace"));
    } catch (const Error& error) {
        throw params.error("colorspace", error.what());
    }
}

class ReadStage final : public Stage {
public:
    ReadStage(const Params& params, const ShotInfo& shot)
        : name_(params.text("name")), sequence_(params), path_origin_(params.origin("path")),
          channels_(params.texts("channels")), generated_(static_cast<float>(params.number("generated"))),
          plate_display_(shot.plate_display), proxy_(shot.proxy)
    {
        check_name(params);
        check_colorspace(params, shot);
        if (params.has("colorspace"))
            colorspace_ = params.text("colorspace");
    }

    LayerUse layers() const override
    {
        LayerUse use{.reads = {}, .writes = {name_}};
        if (generated_ != 1.0f)
            use.writes.push_back("generated." + name_);
        return use;
    }

    std::vector<InputFile> inputs(int frame) const override
    {
        return {sequence_.input(frame, what(), path_origin_)};
    }

    void check(int frame) const override
    {
        sequence_.check(frame, "layer '" + name_ + "'", channels_, plate_display_, proxy_);
    }

    void process(Frame& frame) const override
    {
        Sequence::Picture picture = sequence_.read(frame.number, what(), channels_, frame.shot->proxy);
        note(frame, picture);

        Image& image = picture.file.image;
        if (!colorspace_.empty() && frame.shot->to_working_space)
            frame.shot->to_working_space(image, colorspace_);
        if (generated_ != 1.0f)
            frame.set("generated." + name_,
                      Image(image.data_window(), image.display_window(), {{"generated"}}, generated_));
        frame.set(name_, std::move(image));
    }

private:
    std::string what() const { return "layer " + name_; }

    void note(Frame& frame, const Sequence::Picture& picture) const
    {
        if (!picture.substitution.empty())
            frame.substitutions.push_back(picture.substitution);
        for (const std::string& warning : picture.file.warnings)
            frame.warnings.push_back(what() + ": " + warning);
    }

    std::string name_;
    Sequence sequence_;
    Origin path_origin_;
    std::string colorspace_; // empty: the picture is in the working space already
    std::vector<std::string> channels_;
    float generated_;
    Window plate_display_;
    int proxy_;
};

ParamSpecs read_params()
{
    ParamSpecs specs{param::text("name", "Name of the layer.").must_be_given()};
    std::ranges::move(sequence_params(), std::back_inserter(specs));
    specs.push_back(param::text("colorspace", "Colour space of the files; the working space if left out."));
    specs.push_back(param::texts("channels", "Only these channels; all of them if left out."));
    specs.push_back(
        param::number("generated", 1.0, "How much of it counts as generated; 0 for a picture taken on set.")
            .between(0.0, 1.0));
    return specs;
}

} // namespace

StageType read_stage()
{
    return {.name = "read",
            .summary = "Reads a sequence, such as a CG render or a clean plate, as a layer.",
            .version = 2,
            .params = read_params(),
            .make = [](const Params& params, const ShotInfo& shot) {
                return std::make_unique<ReadStage>(params, shot);
            }};
}

} // namespace platefall::read
