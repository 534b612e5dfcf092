#include "pipeline/render_shot.h"

#include "base/files.h"
#include "base/log.h"
#include "base/machine.h"
#include "base/parallel.h"
#include "base/stop.h"
#include "cache/fingerprints.h"
#include "image/codec_threads.h"
#include "image/read.h"
#include "pipeline/frame_key.h"
#include "pipeline/memory_budget.h"
#include "pipeline/output.h"
#include "pipeline/render_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace platefall {
namespace fs = std::filesystem;
namespace {

/// Beside the frames: decoded blocks of the codecs, stacks, what the allocator has not given back. Measured with
/// tests/bench/peak_memory.py.
constexpr std::uint64_t kReserve_bytes = 48ull << 20;

std::size_t with_overhead(std::size_t frame_bytes)
{
    return frame_bytes + frame_bytes / 3;
}

/// What frames may have together.
std::size_t frame_budget(std::uint64_t allowed_bytes)
{
    const std::uint64_t taken = resident_memory_bytes() + kReserve_bytes;
    return allowed_bytes > taken ? allowed_bytes - taken : 0;
}

/// One render of many frames by several workers, each of which carries one frame at a time.
class FrameLoop {
public:
    FrameLoop(const Plan& plan, Fingerprints& fingerprints, const RenderOptions& options, Progress& progress,
              MemoryBudget& budget, std::size_t estimate)
        : plan_(plan), fingerprints_(fingerprints), options_(options), progress_(progress), budget_(budget),
          estimate_(estimate)
    {
    }

    /// Takes the next frame until there is none. Run by several threads.
    void work();

    RenderSummary summary();

private:
    FrameOutcome finish_frame(int number);
    FrameOutcome judge_finished(int number, const std::string& substituted);
    FrameOutcome judge_rendered(const FrameRecord& rendered);
    void carry(int number);
    void record(int number, FrameOutcome outcome, double seconds);
    void fail(int number, const std::string& why);

    const Plan& plan_;
    Fingerprints& fingerprints_;
    const RenderOptions& options_;
    Progress& progress_;
    MemoryBudget& budget_;
    const std::size_t estimate_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> out_of_memory_{false}, interrupted_{false};
    std::mutex mutex_;
    RenderSummary summary_;
};

/// A note that cannot be written must not hide the failure that it is about.
void write_failure_note(const fs::path& note, const std::string& text) noexcept
try {
    write_file_atomically(note, text + "\n");
} catch (const std::exception& error) {
    log_detail(error.what());
}

void refuse_foreign_files(const Plan& plan, int number)
{
    if (const auto file = find_foreign_file(plan, number))
        throw Error(fmt::format("'{}' is there already and was not written by platefall; move it away, or allow "
                                "it to be replaced with --overwrite",
                                file->string()));
}

void FrameLoop::work()
{
    while (!stop_signal() && !out_of_memory_) {
        const std::size_t index = next_++;
        if (index >= options_.frames.size())
            return;
        carry(options_.frames[index]);
    }
    if (stop_signal())
        interrupted_ = true;
}

/// The one place where whatever goes wrong with a frame is caught: the others go on.
void FrameLoop::carry(int number)
{
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    try {
        const FrameOutcome outcome = finish_frame(number);
        record(number, outcome, seconds());
    } catch (const Interrupted&) {
        interrupted_ = true;
    } catch (const std::bad_alloc&) {
        out_of_memory_ = true;
        fail(number, "out of memory; allow fewer frames at once with --memory, or use a machine with more");
        record(number, FrameOutcome::failed, seconds());
    } catch (const std::exception& error) {
        fail(number, error.what());
        record(number, FrameOutcome::failed, seconds());
    }
}

FrameOutcome FrameLoop::finish_frame(int number)
{
    const MemoryBudget::Share share = budget_.frame(estimate_);
    check_stop();
    const Digest key = frame_key(plan_, fingerprints_, number);
    if (!options_.overwrite) {
        const std::optional<Marks> marks = read_marks(plan_, number);
        if (marks && marks->key == key.hex() && is_whole(plan_, number))
            return judge_finished(number, marks->substituted);
        refuse_foreign_files(plan_, number);
    }
    const FrameRecord rendered = render_frame(plan_, fingerprints_, number, key, options_.keep_previews);
    budget_.learn(with_overhead(rendered.peak_bytes));
    return judge_rendered(rendered);
}

FrameOutcome FrameLoop::judge_finished(int number, const std::string& substituted)
{
    if (substituted.empty()) {
        std::error_code none;
        fs::remove(failure_note(plan_, number), none);
        return FrameOutcome::skipped;
    }
    log_warning(fmt::format("{} frame {}: {}", plan_.shot.info.name, number, substituted));
    return FrameOutcome::substituted;
}

FrameOutcome FrameLoop::judge_rendered(const FrameRecord& rendered)
{
    const int number = rendered.frame;
    for (const std::string& warning : rendered.warnings)
        log_warning(fmt::format("{} frame {}: {}", plan_.shot.info.name, number, warning));
    for (const std::string& substitution : rendered.substitutions)
        log_warning(fmt::format("{} frame {}: {}", plan_.shot.info.name, number, substitution));
    if (!rendered.substitutions.empty()) {
        write_failure_note(failure_note(plan_, number),
                           fmt::format("{}", fmt::join(rendered.substitutions, "\n")));
        return FrameOutcome::substituted;
    }
    std::error_code none;
    fs::remove(failure_note(plan_, number), none);
    return FrameOutcome::rendered;
}

void FrameLoop::fail(int number, const std::string& why)
{
    log_error(fmt::format("{} frame {}: {}", plan_.shot.info.name, number, why));
    write_failure_note(failure_note(plan_, number), why);
}

void FrameLoop::record(int number, FrameOutcome outcome, double seconds)
{
    {
        const std::lock_guard lock(mutex_);
        switch (outcome) {
        case FrameOutcome::rendered: summary_.rendered.push_back(number); break;
        case FrameOutcome::skipped: summary_.skipped.push_back(number); break;
        case FrameOutcome::substituted: summary_.substituted.push_back(number); break;
        case FrameOutcome::failed: summary_.failed.push_back(number); break;
        }
    }
    progress_.frame(number, outcome, seconds);
}

RenderSummary FrameLoop::summary()
{
    for (std::vector<int>* list :
         {&summary_.rendered, &summary_.skipped, &summary_.substituted, &summary_.failed})
        std::sort(list->begin(), list->end());
    summary_.out_of_memory = out_of_memory_;
    summary_.interrupted = interrupted_;
    return summary_;
}

/// Temporaries of a process that was killed are cleared by whoever renders next.
void sweep_folders(const Plan& plan, const std::vector<int>& frames)
{
    std::set<fs::path> folders{plan.shot.cache_folder};
    std::error_code none;
    for (const auto& kind : fs::directory_iterator(plan.shot.cache_folder, none))
        folders.insert(kind.path());
    if (!plan.shot.output.movie.empty())
        folders.insert(plan.shot.output.movie.parent_path());
    for (const int frame : frames)
        for (const auto& files : {output_files(plan, frame), stage_files(plan, frame)})
            for (const fs::path& file : files)
                folders.insert(file.parent_path());
    for (const fs::path& folder : folders)
        sweep_stale_temporaries(folder);
}

std::size_t header_bytes(const fs::path& file)
{
    try {
        const ImageHeader header = read_header(file);
        return static_cast<std::size_t>(header.data.width()) * header.data.height() * header.channels.size()
               * sizeof(float);
    } catch (const Error&) {
        return 0;   // rendering the frame will say what is wrong
    }
}

}  // namespace

std::size_t estimate_frame_bytes(const Plan& plan, int frame)
{
    const Window& window = plan.shot.info.plate_data;
    const std::size_t plane = static_cast<std::size_t>(window.width()) * window.height() * sizeof(float);
    const std::size_t plate = plane * plan.plate_channels.size();
    const std::size_t proxy = static_cast<std::size_t>(plan.shot.info.proxy);

    // As if no layer were let go of before the end: those that are read as large as their files, those that are
    // made like the plate with alpha.
    std::size_t layers = plate * proxy * proxy, scratch = 0;
    for (const PlannedStage& planned : plan.stages) {
        const std::vector<InputFile> inputs = planned.stage->inputs(frame);
        for (const InputFile& input : inputs)
            layers += header_bytes(input.path);
        for (const std::string& layer : planned.use.writes)
            if (layer.starts_with("matte.") || layer.starts_with("generated"))
                layers += plane;
            else if (inputs.empty())
                layers += plate + plane;
        scratch = std::max(scratch, planned.stage->scratch_bytes());
    }
    const std::size_t aovs = plan.shot.output.aovs.size() * 4 * plane;
    return layers + std::max(scratch, 2 * (plate + plane + aovs));
}

RenderSummary render_shot(const Plan& plan, Fingerprints& fingerprints, const RenderOptions& options,
                          Progress& progress)
{
    if (options.frames.empty())
        return {};
    sweep_folders(plan, options.frames);
    const std::size_t estimate = with_overhead(estimate_frame_bytes(plan, options.frames.front()));
    const std::size_t memory = frame_budget(options.memory_bytes);
    MemoryBudget budget(memory);
    FrameLoop loop(plan, fingerprints, options, progress, budget, estimate);

    // One frame a thread where frames are many and fit into memory; what threads are left over help inside the
    // frames. (A thread keeps some of what its last frame needed, so those that would only wait are not started.)
    const std::size_t fitting = memory / std::max<std::size_t>(estimate, 1);
    const std::size_t wanted = std::min(fitting, options.frames.size());
    const int workers = static_cast<int>(std::clamp<std::size_t>(wanted, 1, options.threads));
    const ThreadLimit limit(options.threads);
    set_codec_threads(options.threads / workers);
    {
        std::vector<std::jthread> crew;
        for (int i = 1; i < workers; ++i)
            crew.emplace_back([&] { loop.work(); });
        loop.work();
    }
    fingerprints.save();
    return loop.summary();
}

}  // namespace platefall
