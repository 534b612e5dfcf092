#include "pipeline/frame_choice.h"

#include "pipeline/output.h"
#include "shot/frame_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

namespace platefall {
namespace {

std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
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
    for (std::istringstream words(text); std::getline(words, word, ',');) {
        word = trimmed(word);
        if (word == "missing")
            std::copy_if(all.begin(), all.end(), std::inserter(chosen, chosen.end()),
                         [&](int frame) { return !find_finished(plan, frame); });
        else if (word == "failed")
            std::copy_if(all.begin(), all.end(), std::inserter(chosen, chosen.end()),
                         [&](int frame) { return std::filesystem::exists(failure_note(plan, frame)); });
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
