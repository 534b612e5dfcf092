#include "pipeline/frame_choice.h"

#include "base/parallel.h"
#include "base/stop.h"
#include "pipeline/output.h"
#include "shot/frame_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iterator>
#include <set>
#include <sstream>

namespace platefall {
namespace fs = std::filesystem;
namespace {

std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// On all threads: telling whether a frame is whole means reading it.
std::set<int> frames_where(const std::vector<int>& frames, const std::function<bool(int frame)>& holds)
{
    std::vector<char> held(frames.size());
    parallel_each(static_cast<int>(frames.size()), [&](int i) {
        check_stop();
        held[i] = holds(frames[i]);
    });
    std::set<int> chosen;
    for (std::size_t i = 0; i < frames.size(); ++i)
        if (held[i])
            chosen.insert(frames[i]);
    return chosen;
}

void refuse_frames_outside(const std::set<int>& chosen, const ShotInfo& shot)
{
    std::vector<int> outside;
    std::set_difference(chosen.begin(), chosen.end(), shot.frames.begin(), shot.frames.end(),
                        std::back_inserter(outside));
    if (!outside.empty())
        throw Error(fmt::format("frames {} are not in shot '{}', which has {}", format_frame_range(outside),
                                shot.name, format_frame_range(shot.frames)));
}

}  // namespace

std::vector<int> choose_frames(const Plan& plan, const std::string& text)
{
    const std::vector<int>& all = plan.shot.info.frames;
    if (text.empty())
        return all;

    std::set<int> chosen;
    std::string ranges, word;
    for (std::istringstream words(text + ","); std::getline(words, word, ',');) {
        word = trimmed(word);
        if (word.empty())
            throw Error(fmt::format("'{}' is not a frame range: there is nothing where frames should be named", text));
        if (word == "missing")
            chosen.merge(frames_where(all, [&](int frame) { return !read_marks(plan, frame) || !is_whole(plan, frame); }));
        else if (word == "failed")
            chosen.merge(frames_where(all, [&](int frame) { return fs::exists(failure_note(plan, frame)); }));
        else
            ranges += (ranges.empty() ? "" : ",") + word;
    }
    if (!ranges.empty())
        for (const int frame : parse_frame_range(ranges))
            chosen.insert(frame);
    refuse_frames_outside(chosen, plan.shot.info);
    return {chosen.begin(), chosen.end()};
}

}  // namespace platefall
