#include "delivery/check_delivery.h"

#include "base/machine.h"
#include "base/parallel.h"
#include "base/stop.h"
#include "delivery/frame_facts.h"
#include "delivery/frame_rules.h"
#include "delivery/grouped_faults.h"
#include "delivery/name_rules.h"
#include "delivery/resampling.h"
#include "pipeline/memory_budget.h"
#include "shot/frame_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

namespace platefall::delivery {
namespace {

constexpr int kMostProbes = 8;   // frames in which traces of resampling are looked for

/// Samples as floats, and what the decoder needs for as many again.
std::size_t bytes_to_read(const std::filesystem::path& file)
try {
    const ImageHeader header = read_header(file);
    return 2 * sizeof(float) * header.channels.size() * static_cast<std::size_t>(header.data.width())
           * static_cast<std::size_t>(header.data.height());
} catch (const Error&) {
    return 0;   // looking at it says what is wrong
}

/// Calls `work(index)` for every file, as many at once as fit into memory.
void for_each_file(const std::vector<std::filesystem::path>& files, const std::function<void(int index)>& work)
{
    MemoryBudget budget(default_memory_bytes());
    parallel_each(static_cast<int>(files.size()), [&](int i) {
        check_stop();
        const MemoryBudget::Share share = budget.frame(bytes_to_read(files[i]));
        work(i);
    });
}

std::vector<FileFacts> look_at_all(const Delivery& delivery, const Profile& profile)
{
    const double highest_alpha =
        profile.values.has("highest_alpha") ? profile.values.number("highest_alpha") : std::numeric_limits<double>::max();
    std::vector<FileFacts> facts(delivery.files.size());
    for_each_file(delivery.files, [&](int i) { facts[i] = look_at(delivery.files[i], highest_alpha); });
    return facts;
}

/// Frames in which `text_of` says something else than in most of them; among equally many, than in the first.
template <class TextOf>
void check_equality(const Delivery& delivery, const std::vector<FileFacts>& facts, TextOf&& text_of, GroupedFaults& faults)
{
    std::map<std::string, int> counts;
    std::string usual;
    for (const FileFacts& file : facts)
        if (file.unreadable.empty())
            ++counts[text_of(file.header)];
    for (const FileFacts& file : facts)
        if (file.unreadable.empty() && counts[text_of(file.header)] > counts[usual])
            usual = text_of(file.header);
    for (std::size_t i = 0; i < facts.size(); ++i)
        if (facts[i].unreadable.empty() && text_of(facts[i].header) != usual)
            faults.add(delivery.frames[i], fmt::format("{}, but most frames have {}", text_of(facts[i].header), usual));
}

std::string windows_in_words(const ImageHeader& header)
{
    return fmt::format("data window {} and display window {}", describe(header.data), describe(header.display));
}

std::string channels_in_words(const ImageHeader& header) { return fmt::format("channels {}", describe(header.channels)); }

/// What is black in every frame; nothing when no frame tells, or the frames differ in size.
std::optional<BlackBars> bars_of_all(const std::vector<FileFacts>& facts)
{
    std::optional<BlackBars> bars;
    std::optional<Window> display;
    for (const FileFacts& file : facts) {
        if (!file.bars)
            continue;
        if (display.value_or(file.header.display) != file.header.display)
            return std::nullopt;
        display = file.header.display;
        bars = bars ? common(*bars, *file.bars) : *file.bars;
    }
    return bars;
}

void check_black_bars(const BlackBars& bars, const std::string& subject, Faults& faults)
{
    if (is_letterboxed(bars))
        faults.add(fmt::format("{}: letterboxed: {} rows at the top and {} at the bottom are black in all frames; deliver the "
                               "picture without a mask",
                               subject, bars.top, bars.bottom));
    if (is_pillarboxed(bars))
        faults.add(fmt::format("{}: pillarboxed: {} columns on the left and {} on the right are black in all frames; deliver the "
                               "picture without a mask",
                               subject, bars.left, bars.right));
}

/// Indices of files to probe, spread over the readable ones.
std::vector<int> probes(const std::vector<FileFacts>& facts)
{
    std::vector<int> readable, chosen;
    for (std::size_t i = 0; i < facts.size(); ++i)
        if (facts[i].bars)
            readable.push_back(static_cast<int>(i));
    const int count = std::min<int>(kMostProbes, static_cast<int>(readable.size()));
    for (int i = 0; i < count; ++i)
        chosen.push_back(readable[static_cast<std::size_t>(i) * readable.size() / static_cast<std::size_t>(count)]);
    return chosen;
}

void check_resampling(const Delivery& delivery, const std::vector<FileFacts>& facts, const BlackBars& bars, Faults& faults)
{
    std::vector<std::filesystem::path> files;
    for (const int index : probes(facts))
        files.push_back(delivery.files[index]);
    std::vector<GridTraces> traces(files.size());
    for_each_file(files, [&](int i) {
        const Image image = read_image(files[i]).image;
        traces[i] = grid_traces(image, intersect(image.data_window(), between(bars, image.display_window())));
    });
    for (std::size_t i = 1; i < traces.size(); ++i)
        traces[0].add(traces[i]);
    if (const auto found = find_resampling(traces[0]))
        faults.add(fmt::format("{}: scaled: detail comes and goes every {:.1f} pixels along rows and columns, {:.0f} times above its "
                               "surroundings (8 is a fault); deliver pixels as they were photographed and rendered",
                               delivery.subject, found->period_px, found->strength));
}

void check_together(const Delivery& delivery, const std::vector<FileFacts>& facts, const Profile& profile, Faults& faults)
{
    const std::optional<BlackBars> bars = bars_of_all(facts);
    if (bars && profile.picture.flag("no_black_bars"))
        check_black_bars(*bars, delivery.subject, faults);
    if (bars && profile.picture.flag("no_upscale"))
        check_resampling(delivery, facts, *bars, faults);
}

}  // namespace

Delivery delivery_of_sequence(const std::string& pattern, const std::string& frames)
{
    const SequencePath path = SequencePath(pattern);
    Delivery delivery{.subject = fmt::format("'{}'", pattern), .frames = {}, .files = {}, .finished = path};
    const std::vector<int> found = path.find_frames();
    if (path.is_still())
        throw Error(fmt::format("'{}' has no frame number; write a sequence such as street.####.exr", pattern));
    if (!frames.empty()) {
        delivery.frames = parse_frame_range(frames);
    } else if (!found.empty()) {
        delivery.frames.resize(static_cast<std::size_t>(found.back() - found.front()) + 1);
        std::iota(delivery.frames.begin(), delivery.frames.end(), found.front());
    } else {
        throw Error(fmt::format("there is no frame of '{}'", pattern));
    }
    for (const int frame : delivery.frames)
        delivery.files.push_back(path.at(frame));
    return delivery;
}

void check_delivery(const Delivery& delivery, const Profile& profile, Faults& faults)
{
    if (delivery.finished)
        check_names(*delivery.finished, profile, delivery.subject, faults);
    const std::vector<FileFacts> facts = look_at_all(delivery, profile);
    GroupedFaults found;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const int frame = delivery.frames[i];
        if (!facts[i].unreadable.empty()) {
            found.add(frame, facts[i].unreadable + "; render it again");
            continue;
        }
        check_file(facts[i], profile, frame, found);
        if (delivery.finished)
            check_finished_frame(facts[i], profile, frame, found);
    }
    check_equality(delivery, facts, channels_in_words, found);
    if (profile.picture.flag("equal_windows") && delivery.finished)
        check_equality(delivery, facts, windows_in_words, found);
    found.add_to(faults, delivery.subject);
    if (delivery.finished)
        check_together(delivery, facts, profile, faults);
}

}  // namespace platefall::delivery
