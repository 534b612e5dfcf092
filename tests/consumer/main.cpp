/// platefall with one more stage: a plate shot by day, printed down to look like night.
#include <platefall/app.h>

#include <memory>
#include <string_view>

namespace {

using namespace platefall;

/// Scales colour to a dark blue.
class DayForNight final : public Stage {
public:
    explicit DayForNight(const Params& params) : exposure_(static_cast<float>(params.number("exposure"))) {}

    LayerUse layers() const override { return {.reads = {{"plate", {}}}, .writes = {"comp"}}; }

    void process(Frame& frame) const override
    {
        Image night = frame.layer("plate");
        scale(night, "R", 0.25f * exposure_);
        scale(night, "G", 0.5f * exposure_);
        scale(night, "B", 1.0f * exposure_);
        frame.set("comp", std::move(night));
    }

private:
    static void scale(Image& image, std::string_view channel, float factor)
    {
        const auto index = image.channel_index(channel);
        if (!index)
            throw Error("day_for_night: plate has no channel '" + std::string(channel) + "'");
        const auto step = static_cast<std::size_t>(image.channel_count());
        for (std::size_t i = static_cast<std::size_t>(*index); i < image.sample_count(); i += step)
            image.data()[i] *= factor;
    }

    float exposure_;
};

StageType day_for_night()
{
    return {.name = "day_for_night",
            .summary = "Prints a plate shot by day down to night.",
            .version = 1,
            .params = {param::number("exposure", 0.5, "How much light is left.").between(0, 1)},
            .make = [](const Params& params, const ShotInfo&) -> std::unique_ptr<Stage> {
                return std::make_unique<DayForNight>(params);
            }};
}

}  // namespace

int main(int argc, char** argv)
{
    return platefall::run(argc, argv, [](StageRegistry& stages) { stages.add(day_for_night()); });
}
