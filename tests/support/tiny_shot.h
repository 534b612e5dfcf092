/// A shot of a few small frames on disk, with stages of the test's own.
#pragma once

#include "image/write.h"
#include "pipeline/plan.h"
#include "support/temp_folder.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>

namespace platefall::test {

/// A stage whose process() is a function, and which declares what the test says.
class LambdaStage : public Stage {
public:
    std::vector<std::string> reads, optional_reads, writes, takes, gives;
    std::vector<int> prepares_from;
    std::function<void(const PrepareContext&)> on_prepare;
    std::function<void(Frame&)> on_process = [](Frame&) {};

    LayerUse layers() const override
    {
        LayerUse use;
        for (const std::string& layer : reads)
            use.reads.push_back({layer, {}});
        for (const std::string& layer : optional_reads)
            use.reads.push_back({layer, {}, true});
        use.writes = writes;
        for (const std::string& folder : takes)
            use.takes.push_back({folder, {}});
        use.gives = gives;
        return use;
    }
    std::vector<int> prepare_frames() const override { return prepares_from; }
    void prepare(const PrepareContext& context) override
    {
        if (on_prepare)
            on_prepare(context);
    }
    void process(Frame& frame) const override { on_process(frame); }
};

/// Adds a stage type without parameters but `amount`, which `configure` may use.
inline void add_lambda_stage(StageRegistry& registry, const std::string& name,
                             std::function<void(LambdaStage&, double amount)> configure)
{
    registry.add({.name = name,
                  .summary = "A stage of a test.",
                  .version = 1,
                  .params = {param::number("amount", 0.0, "How much.")},
                  .make = [configure](const Params& params, const ShotInfo&) -> std::unique_ptr<Stage> {
                      auto stage = std::make_unique<LambdaStage>();
                      configure(*stage, params.number("amount"));
                      return stage;
                  }});
}

/// R G B half; the red of frame N is N / 1024 plus x / 64, so that frames and columns differ.
inline Image plate_picture(int frame, Window window = {0, 0, 32, 16})
{
    Image image(window, window, {{"R"}, {"G"}, {"B"}});
    for (int y = window.y0; y < window.y1; ++y)
        for (int x = window.x0; x < window.x1; ++x) {
            float* rgb = image.pixel(x, y);
            rgb[0] = static_cast<float>(frame) / 1024.0f + static_cast<float>(x) / 64.0f;
            rgb[1] = static_cast<float>(y) / 16.0f;
            rgb[2] = 4.0f;
        }
    return image;
}

struct TinyShot {
    TempFolder folder;
    StageRegistry registry;
    int first = 1001, last = 1004;

    void write_plates(Window window = {0, 0, 32, 16}) const
    {
        for (int frame = first; frame <= last; ++frame)
            write_plate(frame, window);
    }
    void write_plate(int frame, Window window = {0, 0, 32, 16}) const
    {
        write_exr(folder / fmt::format("plate.{:04}.exr", frame), plate_picture(frame, window), {});
    }

    /// [shot], [plate] and [output], and whatever stands in `rest`.
    std::string manifest_text(const std::string& rest) const
    {
        return fmt::format("[shot]\nname = \"tiny\"\nframes = \"{}-{}\"\n[plate]\npath = \"plate.####.exr\"\n"
                           "[output]\npath = \"out/tiny.####.exr\"\n{}",
                           first, last, rest);
    }

    std::unique_ptr<Plan> plan(const std::string& rest, Faults& faults, int proxy = 1) const
    {
        return make_plan(parse_manifest(manifest_text(rest), folder / "tiny.toml"), proxy, registry, faults);
    }

    /// A plan that must be without faults.
    std::unique_ptr<Plan> plan(const std::string& rest = {}, int proxy = 1) const
    {
        Faults faults;
        auto made = plan(rest, faults, proxy);
        faults.throw_if_any();
        return made;
    }
};

}  // namespace platefall::test
