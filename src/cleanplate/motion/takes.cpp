#include "cleanplate/motion/takes.h"

#include "base/parallel.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace platefall::cleanplate {
namespace {

constexpr int kLongestBridge = 4;  // frames from one side of what is spoilt to the other
constexpr std::size_t kFewFeatures = 50;

using Ends = std::pair<int, int>;

std::vector<FramePair> all_pairs(std::span<const FrameFeatures> frames, const std::vector<Ends>& ends)
{
    std::vector<FramePair> pairs(ends.size());
    parallel_each(static_cast<int>(ends.size()),
                  [&](int i) { pairs[i] = pair_frames(frames, ends[i].first, ends[i].second); });
    return pairs;
}

/// Neighbours, and bridges over every gap between neighbours that do not match.
std::vector<FramePair> linked_pairs(std::span<const FrameFeatures> frames)
{
    const int count = static_cast<int>(frames.size());
    std::vector<Ends> neighbours;
    for (int i = 0; i + 1 < count; ++i)
        neighbours.emplace_back(i, i + 1);
    std::vector<FramePair> pairs = all_pairs(frames, neighbours);

    std::vector<Ends> bridges;
    for (int gap = 0; gap + 1 < count; ++gap)
        for (int first = gap - kLongestBridge + 1; !pairs[gap].linked && first <= gap; ++first)
            for (int second = std::max(gap + 1, first + 2); second <= first + kLongestBridge; ++second)
                if (first >= 0 && second < count)
                    bridges.emplace_back(first, second);
    std::sort(bridges.begin(), bridges.end());
    bridges.erase(std::unique(bridges.begin(), bridges.end()), bridges.end());

    const std::vector<FramePair> bridging = all_pairs(frames, bridges);
    pairs.insert(pairs.end(), bridging.begin(), bridging.end());
    std::erase_if(pairs, [](const FramePair& pair) { return !pair.linked; });
    return pairs;
}

/// Which frames hang together, as the lowest index among them.
std::vector<int> groups_of(int count, const std::vector<FramePair>& links)
{
    std::vector<int> parent(count);
    std::iota(parent.begin(), parent.end(), 0);
    const auto root = [&](int i) {
        while (parent[i] != i)
            i = parent[i];
        return i;
    };
    for (const FramePair& link : links) {
        const int a = root(link.first), b = root(link.second);
        parent[std::max(a, b)] = std::min(a, b);
    }
    for (int i = 0; i < count; ++i)
        parent[i] = root(i);
    return parent;
}

/// Only the largest group of a range is placed; it is rare that there are two.
std::vector<bool> largest_group(const std::vector<int>& groups, int first, int last)
{
    std::map<int, int> sizes;
    for (int i = first; i <= last; ++i)
        ++sizes[groups[i]];
    const int largest = std::max_element(sizes.begin(), sizes.end(), [](auto& a, auto& b) {
                            return a.second < b.second;
                        })->first;
    std::vector<bool> placed;
    for (int i = first; i <= last; ++i)
        placed.push_back(groups[i] == largest);
    return placed;
}

std::string number(std::span<const FrameFeatures> frames, int index)
{
    return std::to_string(frames[index].frame);
}

/// "1013" or "1013-1015".
std::string range(std::span<const FrameFeatures> frames, int first, int last)
{
    return first == last ? number(frames, first) : number(frames, first) + "-" + number(frames, last);
}

/// Why a frame could not be matched.
std::string why_lost(std::span<const FrameFeatures> frames, int first, int last)
{
    const bool empty =
        std::all_of(frames.begin() + first, frames.begin() + last + 1,
                    [](const FrameFeatures& frame) { return frame.points.size() < kFewFeatures; });
    const std::string verb = first == last ? " shows" : " show", be = first == last ? " is" : " are";
    return empty ? verb + " too little outside the mattes to register"
                 : be + " too blurred, or too different from the other frames, to register";
}

/// Runs of frames inside a take that are not placed: their motion is made up from those around them.
void note_lost_frames(const TakeRange& take, std::span<const FrameFeatures> frames,
                      std::vector<Motion::Note>& notes)
{
    const auto placed = [&](int i) {
        return i >= take.first && i <= take.last && take.placed[i - take.first];
    };
    for (int first = take.first; first <= take.last; ++first) {
        if (placed(first))
            continue;
        int last = first;
        while (last < take.last && !placed(last + 1))
            ++last;
        const bool one = first == last, before = placed(first - 1), after = placed(last + 1);
        std::string text = range(frames, first, last) + why_lost(frames, first, last) + "; "
                           + (one ? "its" : "their") + " motion is ";
        text += before && after
                    ? "interpolated from " + number(frames, first - 1) + " and " + number(frames, last + 1)
                    : "that of " + number(frames, before ? first - 1 : last + 1);
        notes.push_back({frames[first].frame, text});
        first = last;
    }
}

bool stands_alone(const TakeRange& take)
{
    return take.first == take.last;
}

void note_frames_alone(int first, int last, std::span<const FrameFeatures> frames,
                       std::vector<Motion::Note>& notes)
{
    notes.push_back(
        {frames[first].frame, range(frames, first, last) + why_lost(frames, first, last) + "; "
                                  + (first == last ? "it takes" : "they take")
                                  + " nothing from other frames; smaller mattes, or a camera in the "
                                    "manifest, can help"});
}

}  // namespace

std::vector<TakeRange> split_into_takes(std::span<const FrameFeatures> frames)
{
    const int count = static_cast<int>(frames.size());
    const std::vector<FramePair> links = linked_pairs(frames);
    std::vector<int> reach(count);  // the last frame that one up to here is linked with
    for (int i = 0; i < count; ++i)
        reach[i] = i;
    for (const FramePair& link : links)
        reach[link.first] = std::max(reach[link.first], link.second);

    const std::vector<int> groups = groups_of(count, links);
    std::vector<TakeRange> takes;
    for (int first = 0, last = 0; first < count; first = last + 1) {
        last = reach[first];
        for (int i = first; i <= last; ++i)
            last = std::max(last, reach[i]);
        TakeRange take{
            .first = first, .last = last, .placed = largest_group(groups, first, last), .links = {}};
        for (const FramePair& link : links)
            if (link.first >= first && link.first <= last && take.placed[link.first - first])
                take.links.push_back(link);
        takes.push_back(std::move(take));
    }
    return takes;
}

std::vector<Motion::Note> notes_on(const std::vector<TakeRange>& takes,
                                   std::span<const FrameFeatures> frames, bool has_camera)
{
    std::vector<Motion::Note> notes;
    for (std::size_t i = 0; i < takes.size(); ++i) {
        const TakeRange& take = takes[i];
        note_lost_frames(take, frames, notes);

        // Frames that stand alone, one after the other, are told of together.
        std::size_t next = i;
        while (next < takes.size() && stands_alone(takes[next]) && frames.size() > 1)
            ++next;
        if (next > i) {
            note_frames_alone(take.first, takes[next - 1].last, frames, notes);
            i = next - 1;
        } else if (i + 1 < takes.size() && !stands_alone(takes[i + 1])) {
            notes.push_back({frames[take.last].frame,
                             "cut between " + number(frames, take.last) + " and "
                                 + number(frames, take.last + 1)
                                 + (has_camera ? ", which do not match although the camera looks the same way: nothing is "
                                                 "carried across"
                                               : ": nothing is carried across; if the camera just moved too fast, one in "
                                                 "the manifest can bridge it")});
        }
    }
    return notes;
}

}  // namespace platefall::cleanplate
