#include "pipeline/render_frame.h"

#include "base/stop.h"
#include "image/windows.h"
#include "pipeline/output.h"

#include <fmt/format.h>

#include <algorithm>

namespace platefall {
namespace {

std::size_t bytes_of(const Frame& frame)
{
    std::size_t bytes = 0;
    for (const auto& [name, image] : frame.layers())
        bytes += image.bytes();
    return bytes;
}

/// A plate that platefall wrote says itself how much of it was generated: not a channel of the picture, but a
/// layer of its own.
void set_plate(Frame& frame, Image plate)
{
    std::vector<std::string> others;
    for (const Channel& channel : plate.channels())
        if (channel.name != "generated")
            others.push_back(channel.name);
    if (others.size() < plate.channels().size() && !others.empty()) {
        frame.set("generated.plate", pick_channels(plate, {"generated"}));
        plate = pick_channels(plate, others);
    }
    frame.set("plate", std::move(plate));
}

}  // namespace

Frame read_plate(const Shot& shot, int number)
{
    Sequence::Picture plate = shot.plate->read(number, "plate", {}, shot.info.proxy);
    const Window& display = plate.file.image.display_window();
    if (display != shot.info.plate_display)
        throw Error(fmt::format("plate frame {} is {}, but the shot's first frame is {}; every frame of a plate "
                                "must have the same size",
                                number, describe(display), describe(shot.info.plate_display)));

    shot.colours->convert(plate.file.image, shot.plate_colorspace, shot.info.colorspace);
    Frame frame(shot.info, number);
    frame.attributes = std::move(plate.file.attributes);
    for (const std::string& warning : plate.file.warnings)
        frame.warnings.push_back("plate: " + warning);
    if (!plate.substitution.empty())
        frame.substitutions.push_back(plate.substitution);
    set_plate(frame, std::move(plate.file.image));
    return frame;
}

void run_stages(const Plan& plan, Frame& frame, std::size_t stage_count)
{
    for (std::size_t i = 0; i < stage_count; ++i) {
        check_stop();
        plan.stages[i].stage->process(frame);
    }
}

RenderedFrame render_frame(const Plan& plan, int number, const Digest& key)
{
    Frame frame = read_plate(plan.shot, number);
    const Window plate_data = frame.layer("plate").data_window();
    std::size_t peak = bytes_of(frame);
    for (const PlannedStage& planned : plan.stages) {
        check_stop();
        planned.stage->process(frame);
        peak = std::max(peak, bytes_of(frame) + planned.stage->scratch_bytes());
        for (const std::string& layer : planned.last_use)
            if (frame.has(layer))
                frame.take(layer);
    }
    check_stop();
    const std::size_t before_writing = bytes_of(frame);
    const std::size_t written = write_output(plan, frame, plate_data, key);
    return {.warnings = std::move(frame.warnings),
            .substitutions = std::move(frame.substitutions),
            .peak_bytes = std::max(peak, before_writing + written)};
}

}  // namespace platefall
