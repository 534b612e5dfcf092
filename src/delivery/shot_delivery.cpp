#include "delivery/shot_delivery.h"

#include "base/files.h"
#include "base/parallel.h"
#include "base/spelling.h"
#include "base/stop.h"
#include "cache/fingerprints.h"
#include "delivery/grouped_faults.h"
#include "pipeline/frame_key.h"
#include "pipeline/output.h"
#include "shot/frame_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace platefall::delivery {
namespace fs = std::filesystem;
namespace {

/// The finished frames first, then each sequence of an AOV.
std::vector<Delivery> deliveries_of(const Plan& plan, const std::vector<int>& frames)
{
    const Output& output = plan.shot.output;
    std::vector<Delivery> deliveries{{.subject = plan.shot.info.name, .frames = frames, .files = {}, .finished = output.path}};
    if (output.aov_path)
        for (const std::string& aov : output.aovs)
            deliveries.push_back({.subject = fmt::format("{} aov '{}'", plan.shot.info.name, aov), .frames = frames, .files = {},
                                  .finished = {}});
    for (const int frame : frames) {
        const std::vector<fs::path> files = output_files(plan, frame);
        for (std::size_t i = 0; i < deliveries.size(); ++i)
            deliveries[i].files.push_back(files[i]);
    }
    return deliveries;
}

void check_colorspace(const Shot& shot, const Params& rules, Faults& faults)
{
    const std::string& space = shot.output.colorspace;
    if (!shot.colours || !shot.colours->has(space))
        return;
    const auto refuse = [&](const std::string& why) {
        faults.add(fmt::format("{}: output.colorspace '{}' {}", shot.info.name, space, why));
    };
    if (rules.flag("linear") && !shot.colours->is_linear(space))
        refuse("is not scene-linear, as the delivery must be");
    const std::vector<std::string> spaces = rules.texts("spaces");
    const auto is_same = [&](const std::string& name) { return shot.colours->has(name) && shot.colours->same(space, name); };
    if (!spaces.empty() && std::ranges::none_of(spaces, is_same))
        refuse(fmt::format("is not asked for, but {}", join_with_and(spaces)));
}

/// What is said beside a frame, and in it, about how it came to be.
void check_attempts(const Plan& plan, const std::vector<int>& frames, GroupedFaults& faults)
{
    for (const int frame : frames) {
        std::error_code none;
        if (const fs::path note = failure_note(plan, frame); fs::exists(note, none)) {
            const std::string text = read_text_file(note);
            faults.add(frame, "the last attempt did not succeed; render it again", text.substr(0, text.find('\n')));
        }
        if (const auto marks = read_marks(plan, frame); marks && !marks->substituted.empty())
            faults.add(frame, "rendered with a substitute for something that was missing; render it again", marks->substituted);
    }
}

void check_strays(const Shot& shot, Faults& faults)
{
    const std::vector<int> found = shot.output.path.find_frames();
    std::vector<int> strays;
    std::ranges::set_difference(found, shot.info.frames, std::back_inserter(strays));
    if (!strays.empty())
        faults.add(fmt::format("{} {} {}: on disk, but not of the shot, which has {}; move what is not to be delivered away",
                               shot.info.name, strays.size() == 1 ? "frame" : "frames", format_frame_range(strays),
                               format_frame_range(shot.info.frames)));
}

enum class Freshness { good, stale, unknown };

Freshness freshness_of(const Plan& plan, Fingerprints& fingerprints, int frame)
{
    const std::optional<Marks> marks = read_marks(plan, frame);
    if (!marks)
        return Freshness::good;   // not there, or not platefall's: other checks say so
    try {
        return marks->key == frame_key(plan, fingerprints, frame).hex() ? Freshness::good : Freshness::stale;
    } catch (const Error&) {
        return Freshness::unknown;
    }
}

}  // namespace

void check_shot(const Plan& plan, const std::vector<int>& frames, bool all_frames, const Profile& profile, Faults& faults)
{
    check_colorspace(plan.shot, profile.colour, faults);
    if (all_frames)
        check_strays(plan.shot, faults);
    GroupedFaults attempts;
    check_attempts(plan, frames, attempts);
    attempts.add_to(faults, plan.shot.info.name);
    for (const Delivery& delivery : deliveries_of(plan, frames))
        check_delivery(delivery, profile, faults);
}

void check_freshness(const Plan& plan, Fingerprints& fingerprints, const std::vector<int>& frames, Faults& faults,
                     std::vector<std::string>& warnings)
{
    std::vector<Freshness> freshness(frames.size());
    parallel_each(static_cast<int>(frames.size()), [&](int i) {
        check_stop();
        freshness[i] = freshness_of(plan, fingerprints, frames[i]);
    });
    GroupedFaults stale;
    std::vector<int> unknown;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (freshness[i] == Freshness::stale)
            stale.add(frames[i], "rendered from another manifest or other inputs than there are now; render it again");
        else if (freshness[i] == Freshness::unknown)
            unknown.push_back(frames[i]);
    }
    stale.add_to(faults, plan.shot.info.name);
    if (!unknown.empty())
        warnings.push_back(fmt::format("{} frames {}: inputs are gone, so it cannot be told whether these are the manifest's frames",
                                       plan.shot.info.name, format_frame_range(unknown)));
}

}  // namespace platefall::delivery
