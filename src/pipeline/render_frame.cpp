#include "pipeline/render_frame.h"

#include "base/stop.h"
#include "image/windows.h"
#include "pipeline/output.h"
#include "pipeline/previews.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

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

/// Notes what each step took.
class Stopwatch {
public:
    explicit Stopwatch(std::vector<FrameRecord::Step>& steps) : steps_(steps) {}

    void start() { start_ = Clock::now(); }
    /// Stages of one name are one step.
    void lap(const std::string& name)
    {
        const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
        const auto same = std::ranges::find(steps_, name, &FrameRecord::Step::name);
        if (same == steps_.end())
            steps_.push_back({name, seconds});
        else
            same->seconds += seconds;
    }

private:
    using Clock = std::chrono::steady_clock;
    std::vector<FrameRecord::Step>& steps_;
    Clock::time_point start_ = Clock::now();
};

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

FrameRecord render_frame(const Plan& plan, Fingerprints& fingerprints, int number, const Digest& key, bool keep_previews)
{
    FrameRecord record{.frame = number, .key = key.hex(), .rendered = {}, .version = {}, .machine = {}};
    record.inputs = inputs_of(plan, fingerprints, number);
    Stopwatch watch(record.steps);
    Previews previews(plan, number, keep_previews);
    const auto note_peak = [&](std::size_t bytes) { record.peak_bytes = std::max<std::uint64_t>(record.peak_bytes, bytes); };

    Frame frame = read_plate(plan.shot, number);
    const Window plate_data = frame.layer("plate").data_window();
    note_peak(bytes_of(frame));
    watch.lap("read");
    previews.take(frame, {"plate"});
    for (const PlannedStage& planned : plan.stages) {
        check_stop();
        watch.start();
        planned.stage->process(frame);
        watch.lap(planned.type->name);
        note_peak(bytes_of(frame) + planned.stage->scratch_bytes());
        previews.take(frame, planned.use.writes);
        if (std::ranges::count(planned.use.writes, plan.result) > 0)
            record.origins = measure_origins(plan, frame);
        for (const std::string& layer : planned.last_use)
            if (frame.has(layer))
                frame.take(layer);
    }
    check_stop();
    // The record is there before the frame, which may be the last thing that this machine does; then once more, with what
    // writing took and said.
    const auto note = [&] {
        record.warnings = frame.warnings;
        record.substitutions = frame.substitutions;
        write_record(plan, record);
    };
    note();
    const std::size_t before_writing = bytes_of(frame);
    watch.start();
    note_peak(before_writing + write_output(plan, frame, plate_data, key, record.origins));
    watch.lap("write");
    note();
    previews.store(key);
    return record;
}

}  // namespace platefall
