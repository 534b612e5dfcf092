#include "matte/matte_stage.h"

#include "image/filter.h"
#include "image/windows.h"
#include "matte/matte_source.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace platefall::matte {
namespace {

/// What happens to the source, in this order. Pixels of full resolution.
struct Finish {
    bool invert = false;
    double grow_px = 0.0;
    double feather_px = 0.0;
    float black_point = 0.0f, white_point = 1.0f;
};

Finish read_finish(const Params& params, Faults& faults)
{
    const Finish finish{.invert = params.flag("invert"),
                        .grow_px = params.number("grow"),
                        .feather_px = params.number("feather"),
                        .black_point = static_cast<float>(params.number("black_point")),
                        .white_point = static_cast<float>(params.number("white_point"))};
    if (!(finish.black_point < finish.white_point))
        faults.add(params.error("white_point", "'white_point' must be above 'black_point'"));
    return finish;
}

Image inverted(Image image, const Window& work)
{
    image = with_data_window(std::move(image), work);
    for (std::size_t i = 0; i < image.sample_count(); ++i)
        image.data()[i] = 1.0f - image.data()[i];
    return image;
}

void clamp_between(Image& image, float black, float white)
{
    const float scale = 1.0f / (white - black);
    for (std::size_t i = 0; i < image.sample_count(); ++i)
        image.data()[i] = std::clamp((image.data()[i] - black) * scale, 0.0f, 1.0f);
}

Image finished(Image image, const Finish& finish, const ShotInfo& shot, const Area& area)
{
    if (finish.invert)
        image = inverted(std::move(image), area.work);
    if (finish.grow_px != 0.0 && !image.data_window().empty())
        image = grow(image, shot.px(finish.grow_px), area.work);
    if (finish.feather_px > 0.0 && !image.data_window().empty())
        image = soften(image, shot.px(finish.feather_px), area.work);
    clamp_between(image, finish.black_point, finish.white_point);
    const Window kept = intersect(image.data_window(), area.limit);
    return with_data_window(std::move(image), kept);
}

class MatteStage final : public Stage {
public:
    MatteStage(const Params& params, const ShotInfo& shot)
        : name_(params.text("name")), origin_(params.origin("name")), pixels_(area_of(shot)),
          plate_display_(shot.plate_display), proxy_(shot.proxy)
    {
        Faults faults;
        source_ = make_source(params, shot, faults);
        finish_ = read_finish(params, faults);
        faults.throw_if_any();
    }

    LayerUse layers() const override
    {
        LayerUse use{.reads = source_->reads(), .writes = {"matte." + name_}};
        use.reads.push_back({"plate", origin_});
        return use;
    }

    std::vector<InputFile> inputs(int frame) const override { return source_->inputs(frame); }

    void check(int frame) const override { source_->check(frame, plate_display_, proxy_); }

    void process(Frame& frame) const override
    {
        const Image& plate = frame.layer("plate");
        const Area area = area_around(plate, *frame.shot);
        Image matte = source_->picture(frame, area);
        matte = finished(std::move(matte), finish_, *frame.shot, area);
        matte.set_display_window(plate.display_window());
        frame.set("matte." + name_, std::move(matte));
    }

    /// The picture before and after a filter, and what the filter keeps.
    std::size_t scratch_bytes() const override { return pixels_ * 4 * sizeof(float); }

private:
    static std::size_t area_of(const ShotInfo& shot)
    {
        const Window window = unite(shot.plate_data, shot.plate_display);
        return static_cast<std::size_t>(window.width()) * static_cast<std::size_t>(window.height());
    }

    Area area_around(const Image& plate, const ShotInfo& shot) const
    {
        const Window limit = unite(plate.data_window(), plate.display_window());
        const double reach_px = source_->reach_px() + 2.0 * finish_.feather_px + std::abs(finish_.grow_px);
        const int reach = static_cast<int>(std::ceil(shot.px(reach_px)));
        return {limit, {limit.x0 - reach, limit.y0 - reach, limit.x1 + reach, limit.y1 + reach}};
    }

    std::string name_;
    Origin origin_;
    std::size_t pixels_;
    Window plate_display_;
    int proxy_;
    std::unique_ptr<MatteSource> source_;
    Finish finish_;
};

ParamSpecs matte_params()
{
    ParamSpecs specs{param::text("name", "Name of the matte.").must_be_given()};
    std::ranges::move(source_params(), std::back_inserter(specs));
    specs.push_back(param::flag("invert", false, "Whether it covers what its source does not."));
    specs.push_back(
        param::number("grow", 0.0, "Moves its edge outwards, or inwards if negative; comes after invert.")
            .in("px")
            .between(-1000.0, 1000.0));
    specs.push_back(
        param::number("feather", 0.0, "Softens its edge over about twice this length; comes after grow.")
            .in("px")
            .between(0.0, 1000.0));
    specs.push_back(param::number("black_point", 0.0, "What is at or below this becomes 0; comes last."));
    specs.push_back(param::number("white_point", 1.0, "What is at or above this becomes 1; comes last."));
    return specs;
}

} // namespace

StageType matte_stage()
{
    return {.name = "matte",
            .summary = "Reads a matte, draws it from roto shapes, or combines it from others.",
            .version = 1,
            .params = matte_params(),
            .make = [](const Params& params, const ShotInfo& shot) {
                return std::make_unique<MatteStage>(params, shot);
            }};
}

} // namespace platefall::matte
