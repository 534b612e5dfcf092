#include "cleanplate/motion/tracks.h"

#include <algorithm>
#include <numeric>

namespace platefall::cleanplate {
namespace {

/// Sets of features; each knows in which frames it has one.
class Sets {
public:
    explicit Sets(std::span<const FrameFeatures> frames)
    {
        for (int frame = 0; frame < static_cast<int>(frames.size()); ++frame) {
            begin_.push_back(static_cast<int>(parent_.size()));
            for (std::size_t i = 0; i < frames[frame].points.size(); ++i) {
                parent_.push_back(static_cast<int>(parent_.size()));
                frames_.push_back({frame});
            }
        }
    }

    int root(int frame, int feature) { return root(begin_[frame] + feature); }

    void join(int frame_a, int a, int frame_b, int b)
    {
        int large = root(frame_a, a), small = root(frame_b, b);
        if (frames_[large].size() < frames_[small].size())
            std::swap(large, small);
        if (large == small || share_a_frame(frames_[large], frames_[small]))
            return;
        std::vector<int> both;
        std::merge(frames_[large].begin(), frames_[large].end(), frames_[small].begin(), frames_[small].end(),
                   std::back_inserter(both));
        frames_[large] = std::move(both);
        frames_[small].clear();
        parent_[small] = large;
    }

    std::size_t size_of(int root) const { return frames_[root].size(); }
    std::size_t feature_count() const { return parent_.size(); }

private:
    int root(int node)
    {
        while (parent_[node] != node)
            node = parent_[node] = parent_[parent_[node]];
        return node;
    }

    static bool share_a_frame(const std::vector<int>& large, const std::vector<int>& small)
    {
        return std::any_of(small.begin(), small.end(),
                           [&](int frame) { return std::binary_search(large.begin(), large.end(), frame); });
    }

    std::vector<int> begin_, parent_;
    std::vector<std::vector<int>> frames_;  // of roots, ascending
};

}  // namespace

std::vector<Track> join_matches(std::span<const FrameFeatures> frames, const std::vector<FramePair>& pairs)
{
    std::vector<const FramePair*> closest_first;
    for (const FramePair& pair : pairs)
        closest_first.push_back(&pair);
    std::stable_sort(closest_first.begin(), closest_first.end(), [](const FramePair* a, const FramePair* b) {
        return a->second - a->first < b->second - b->first;
    });
    Sets sets(frames);
    for (const FramePair* pair : closest_first)
        for (const Match& match : pair->matches)
            sets.join(pair->first, match.first, pair->second, match.second);

    std::vector<Track> tracks;
    std::vector<int> track_of_root(sets.feature_count(), -1);
    for (int frame = 0; frame < static_cast<int>(frames.size()); ++frame)
        for (int i = 0; i < static_cast<int>(frames[frame].points.size()); ++i) {
            const int root = sets.root(frame, i);
            if (sets.size_of(root) < 2)
                continue;
            if (track_of_root[root] < 0) {
                track_of_root[root] = static_cast<int>(tracks.size());
                tracks.emplace_back();
            }
            tracks[track_of_root[root]].push_back({frame, frames[frame].points[i]});
        }
    return tracks;
}

}  // namespace platefall::cleanplate
